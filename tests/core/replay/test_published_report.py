"""A report for everybody: figures of few firms withheld, first sentences, and a digest that others compute as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pytest

from ewtp.core.replay.aggregates import (
    BOUNDS,
    BOUNDS_BY_DAY,
    BY_DAY,
    MONTHS,
    PAID_BY_SIZE,
    ReplayTally,
    Sums,
    merge_tallies,
    tally_from_json,
)
from ewtp.core.replay.change_conversion import convert_changes
from ewtp.core.replay.comparison import compare_rows, tally_lines
from ewtp.core.replay.cost_bounds import ConvertedBounds, convert_bounds
from ewtp.core.replay.lines_root import BLOCK, lines_root
from ewtp.core.replay.published_report import publish_report
from ewtp.core.replay.recomputation import (
    Agreement,
    RepeatableReplay,
    ReplayRecipe,
    compare_records,
    digest_result,
    recipe_from_json,
)
from ewtp.core.replay.replay_words import word_replay
from ewtp.core.replay.report import BREAKDOWNS, ReplayReport
from ewtp.core.replay.size_shares import share_by_size
from tests.core.assessment.small_book import DAY, RATES
from tests.core.replay.invented_law import CHANGES, after, answers, before, draw, papers

if TYPE_CHECKING:
    import random

    from ewtp.core.replay.comparison import Comparison

pytestmark = pytest.mark.kernel

COUNT = 300
NOTHING, LESS, MORE, MIXED = range(4)
RECIPE = ReplayRecipe("ewtp 1", "1aw", "rates", "change", "data", "USD")


def many_firms(lines: pa.Table) -> pa.Table:
    """The lines, each of another firm."""
    place = lines.column_names.index("firm")
    firms = pa.array([f"synthetic-{n}" for n in range(lines.num_rows)]).dictionary_encode()
    return lines.set_column(place, lines.schema.field("firm"), firms)


def compared(lines: pa.Table, place: int) -> tuple[pa.Table, pa.Table, Comparison]:
    one, two = answers(before(), lines), answers(after(place), lines)
    return one, two, compare_rows(one, two, None, papers())


def tally(lines: pa.Table, place: int, times: int = 1) -> ReplayTally:
    """The tally; where ``times`` is not 1, that of a program that multiplies every change."""
    one, two, found = compared(lines, place)
    return tally_lines(lines, one, two, papers=papers(), found=replace(found, change=found.change * times))


def report_of(found: ReplayTally) -> ReplayReport:
    converted = convert_changes(found.tables[BY_DAY], "USD", RATES)
    sizes = share_by_size(found.tables.get(PAID_BY_SIZE, {}), "USD", RATES, DAY)
    bounds = convert_bounds(found.tables[BOUNDS_BY_DAY], "USD", RATES)
    return ReplayReport(found, "v1", {}, None, converted, None, sizes, bounds)


def record(found: ReplayTally) -> RepeatableReplay:
    return RepeatableReplay(RECIPE, digest_result(publish_report(report_of(found))))


@pytest.mark.parametrize("place", range(len(CHANGES)))
def test_parts_of_any_size_come_to_one_digest(place: int, seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    parts = [tally(lines.slice(start, 37), place) for start in range(0, COUNT, 37)]
    stored = [tally_from_json(orjson.loads(orjson.dumps(part.as_json()))) for part in reversed(parts)]
    whole = record(tally(lines, place))
    assert compare_records(whole, record(merge_tallies(stored))) == (Agreement.CONFIRMED, ())
    renamed = replace(report_of(tally(lines, place)), rulebook="another name")
    assert digest_result(publish_report(renamed)) == whole.result


@pytest.mark.parametrize("place", [LESS, MORE, MIXED])
def test_a_program_that_doubles_every_change_is_caught_by_a_recomputation(place: int, seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    wrong, right = record(tally(lines, place, times=2)), record(tally(lines, place))
    assert compare_records(wrong, right) == (Agreement.CONTRADICTED, ())
    other = replace(right, recipe=replace(RECIPE, data="others", engine="ewtp 2"))
    assert compare_records(right, other) == (Agreement.INCOMPARABLE, ("engine", "data"))
    # Another program with the same result confirms it all the more.
    another = replace(right, recipe=replace(RECIPE, engine="ewtp 2"))
    assert compare_records(right, another) == (Agreement.CONFIRMED, ("engine",))
    assert compare_records(wrong, another) == (Agreement.CONTRADICTED, ("engine",))
    assert recipe_from_json(right.as_json()["recipe"]) == RECIPE


def test_a_change_of_nothing_says_so(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    said = [one.form for one in word_replay(report_of(tally(lines, NOTHING)))]
    assert said == ["papers_stay", "firms_differ", "money_stays", "days_not_promised", "treasuries_stay", "not_known"]
    assert record(tally(lines, NOTHING, times=2)) == record(tally(lines, NOTHING))


def test_sizes_are_given_as_shares_of_what_they_pay(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    one, _, found = compared(lines, LESS)
    paid = {"micro": Decimal(0), "large": Decimal(0)}
    change = dict(paid)
    kept = found.comparable
    rows = zip(lines.to_pylist(), one.to_pylist(), kept, found.sides.before.revenue, found.change, strict=True)
    for line, answer, comparable, revenue, moved in rows:
        if line["firm_size"] is None or not comparable:
            continue
        rate = Decimal(1)
        if answer["currency"] != "USD":
            used = RATES.find(answer["currency"], "USD", DAY)
            if used is None:
                continue
            rate = used.rate
        paid[line["firm_size"]] += int(revenue) * rate / 10_000
        change[line["firm_size"]] += int(moved) * rate / 10_000
    sizes = {each.firm_size: each for each in report_of(tally(lines, LESS)).sizes}
    for size, sum_paid in paid.items():
        found_size = sizes[size]
        assert abs(found_size.paid - sum_paid) < Decimal("0.01")
        assert abs(found_size.change - change[size]) < Decimal("0.01")
        assert found_size.change <= 0 < found_size.paid
        assert found_size.percent == round(100 * found_size.change / found_size.paid, 2)


def test_months_are_those_of_the_lines(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    one, two, found = compared(lines, MIXED)
    months: dict[str, list[int]] = {}
    for line, affected in zip(lines.to_pylist(), found.affected, strict=True):
        row = months.setdefault(line["date"].isoformat()[:7], [0, 0])
        row[0] += 1
        row[1] += int(affected)
    report = report_of(tally_lines(lines, one, two, papers=papers()))
    assert {m["month"]: [m["lines"], m["affected"]] for m in report.months} == months


def summary(lines: pa.Table, place: int) -> list[str]:
    return [one.message for one in word_replay(report_of(tally(lines, place)))]


def test_half_a_year_is_named_as_such(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))

    def of_months(months: int) -> pa.Table:
        days = [date(2026, 1 + n % months, 1) for n in range(COUNT)]
        return lines.set_column(lines.column_names.index("date"), "date", pa.array(days, pa.date32()))

    year = of_months(12)
    assert "(of a year, 2026-01 to 2026-12)" in summary(year, LESS)[0]
    assert "(of the months given, 2026-01 to 2026-11)" in summary(of_months(11), LESS)[0]
    report = report_of(tally(year, LESS))
    months: Sums = {(f"2026-{n:02}",): (9, 9 if n > 6 else 0) for n in range(1, 13)}
    halved = replace(report, tally=replace(report.tally, tables={**report.tally.tables, MONTHS: months}))
    assert "(of 12 months, of which the change affects only 2026-07 to 2026-12;" in word_replay(halved)[0].message


def test_the_first_sentences(seeded: random.Random):
    relief, firms, money, bounds, days, treasuries, unknown = summary(many_firms(draw(seeded, COUNT)), LESS)
    assert "papers are dropped, all together, of Vets." in relief
    assert firms.startswith("Of the firms, ")
    assert money.startswith("Traders pay ")
    assert " less by " in money
    assert bounds.startswith("Something is open on ")
    assert "no agency promises a time" in days
    assert treasuries.startswith("Of the treasuries, that of AA receives ")
    assert unknown.startswith("Not known: ")


def test_what_is_open_is_told_with_what_it_comes_to_at_least_and_at_most(seeded: random.Random):
    report = report_of(tally(many_firms(draw(seeded, COUNT)), MIXED))
    least, most, exact = Decimal(-3), Decimal("4.5"), Decimal(-2)
    found = {
        ends: word_replay(replace(report, bounds=ConvertedBounds(9, 7, exact, *ends)))[3].message
        for ends in ((least, most), (least, None), (None, most), (None, None))
    }
    assert all("on 2 of the 9 lines that change" in said for said in found.values())
    assert "by -3.00 USD at least and 4.50 USD at most, where a fall is negative." in found[least, most]
    assert (
        "by -3.00 USD at least, where a fall is negative, and nothing bounds it above; -2.00 USD" in found[least, None]
    )
    assert "by 4.50 USD at most, where a fall is negative, and nothing bounds it below; -2.00 USD" in found[None, most]
    assert (
        "nothing bounds what traders pay with them more or less; a change by -2.00 USD is certain" in found[None, None]
    )


def test_bounds_of_few_firms_are_withheld_unless_nothing_changes(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    found = tally(lines, LESS)
    exact: Sums = {("NZD",): (3, 3, 0, 0, 0, 0, 0, 30, 30, 0, 30, 30, 0)}
    opened: Sums = {("NOK",): (3, 2, 0, -5, 5, 0, 0, 30, 30, 0, 30, 30, 0)}
    tables = {**found.tables, BOUNDS: {**found.tables[BOUNDS], **exact, **opened}}
    rows = {row["currency"]: row for row in publish_report(report_of(replace(found, tables=tables)))["bounds"]}
    assert rows["NZD"]["change"] == {"at_least": "0.00", "at_most": "0.00"}
    withheld = dict.fromkeys(("exact", "exact_change", "unbounded", "before", "after", "change"))
    assert rows["NOK"] == {"currency": "NOK", "lines": 3} | withheld
    assert rows["USD"]["change"] is not None


def test_figures_of_fewer_than_five_firms_are_withheld(seeded: random.Random):
    lines = draw(seeded, COUNT)
    # The lines have four firms.
    body = publish_report(report_of(tally(lines, LESS)))
    assert body["withheld"] == {"whole": True, "rows": None}
    assert body["totals"] is None
    assert body["summary"] is None
    assert body["lines"]["affected"] > 0
    found = publish_report(report_of(tally(many_firms(lines), LESS)))
    assert found["withheld"]["whole"] is False
    for name in BREAKDOWNS:
        for row in found["by"][name]:
            count = sum(
                1
                for each in report_of(tally(many_firms(lines), LESS)).rows(name)
                if (each.value, each.currency) == (row["value"], row["currency"])
            )
            assert count == 1
            assert row["withheld"] or row["affected"] >= 1
    assert "withheld" not in str(report_of(tally(lines, LESS)).as_json())


def test_a_row_of_few_firms_takes_another_one_with_it(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    first = lines.to_pylist()
    for number, line in enumerate(first):
        # Two firms send from one economy, and many from the others.
        if line["from"] == "BB":
            line["firm"] = f"synthetic-{number % 2}"
    few = pa.Table.from_pylist(first, schema=lines.schema)
    rows = publish_report(report_of(tally(few, LESS)))["by"]["dispatch"]
    withheld: dict[str, list[str]] = {}
    for row in rows:
        if row["withheld"]:
            withheld.setdefault(row["currency"], []).append(row["value"])
            assert row.keys() == {"value", "currency", "lines", "withheld"}
    assert any("BB" in values for values in withheld.values())
    several: dict[str, list[Any]] = {}
    for row in rows:
        several.setdefault(row["currency"], []).append(row)
    assert all(len(values) > 1 or len(several[currency]) == 1 for currency, values in withheld.items())


def few_each(seeded: random.Random) -> pa.Table:
    """Lines of firms of which some sell much and most sell one thing, from one place."""
    lines = draw(seeded, COUNT).to_pylist()
    for line in lines:
        line["firm"] = f"firm-{seeded.randint(0, 9)}-{line['hs'][:4]}-{line['to']}"
        line["firm_size"] = seeded.choice(["micro", "micro", "small", "large"])
    return pa.Table.from_pylist(lines, schema=draw(seeded, 1).schema)


@pytest.mark.parametrize("place", [LESS, MORE, MIXED])
def test_no_difference_of_published_sums_is_of_fewer_than_five_firms(place: int, seeded: random.Random):
    lines = few_each(seeded)
    one, two, found = compared(lines, place)
    whole = report_of(tally(lines, place))
    body = publish_report(whole)
    behind: dict[tuple[str, str, str], set[str]] = {}
    touched = zip(lines.to_pylist(), one.to_pylist(), two.to_pylist(), found.affected, strict=True)
    for line, was, becomes, affected in touched:
        currency = was["currency"] or becomes["currency"]
        code = line["hs"].replace(".", "").replace(" ", "")
        values = {"chapter": code[:2], "heading": code[:4], "subheading": code[:6], "destination": line["to"]}
        values |= {"dispatch": line["from"], "origin": line["origin"] or line["from"], "firm_size": line["firm_size"]}
        for name, value in values.items() if affected else ():
            behind.setdefault((name, value.strip().upper() if len(value) == 2 else value, currency), set()).add(
                line["firm"]
            )
    hidden = 0
    for name in BREAKDOWNS:
        sums: dict[tuple[str, str], set[str]] = {}
        for row in body["by"][name]:
            firms = behind[name, row["value"], row["currency"]]
            assert row["withheld"] or len(firms) >= 5
            if row["withheld"]:
                # The sum of a breakdown is known by currency, and that of headings and subheadings also by the code
                # above, where that one is told.
                sums.setdefault(("", row["currency"]), set()).update(firms)
                hidden += 1
                above = {"heading": 2, "subheading": 4}.get(name)
                coarser = {2: "chapter", 4: "heading"}.get(above or 0, "")
                told = above and next(
                    not each["withheld"]
                    for each in body["by"][coarser]
                    if (each["value"], each["currency"]) == (row["value"][:above], row["currency"])
                )
                if told:
                    sums.setdefault((row["value"][:above], row["currency"]), set()).update(firms)
        untold = {each["currency"] for each in body["totals"] if each["cost"] is None}
        assert all(len(firms) >= 5 or currency in untold for (_, currency), firms in sums.items()), (name, sums)
    assert hidden
    sizes = {each["firm_size"] for each in body["size_shares"] if each["change"] is None}
    firms = {
        firm for (name, value, _), held in behind.items() if name == "firm_size" and value in sizes for firm in held
    }
    assert not firms or len(firms) >= 5
    listed = {economy for each in body["summary"] for economy in _economies(each)}
    withheld = {(row["value"], row["currency"]) for row in body["by"]["destination"] if row["withheld"]}
    assert not listed & withheld


def _economies(said: dict[str, Any]) -> set[tuple[str, str]]:
    """The treasuries of which a sentence says what they receive, with the currency."""
    sums = said["params"].get("sums", []) if "params" in said else []
    return {(each["params"]["economy"], each["params"]["sum"]["currency"]) for each in sums}


def test_firms_without_a_name_are_not_counted(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT)).drop_columns(["firm", "firm_size"])
    body = publish_report(report_of(tally(lines, LESS)))
    assert body["withheld"] == {"whole": True, "rows": None}


def test_the_root_depends_on_the_rows_and_not_on_the_writer(seeded: random.Random):
    lines = many_firms(draw(seeded, COUNT))
    plain = lines.set_column(lines.column_names.index("firm"), "firm", lines["firm"].cast(pa.string())).select(
        lines.column_names[::-1]
    )
    assert lines_root([lines]) == lines_root([plain])
    other = lines.to_pylist()
    other[7]["value"] += 1
    assert lines_root([pa.Table.from_pylist(other, schema=lines.schema)]) != lines_root([lines])
    assert lines_root([lines.take(list(range(COUNT))[::-1])]) != lines_root([lines])
    assert lines_root([]) != lines_root([lines])
    assert COUNT < BLOCK
