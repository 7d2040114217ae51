"""A replay says of every line what becomes of it, and its sums are those of the lines, however they are split."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewtp.core.compiled.format import rule_set
from ewtp.core.replay.affected_lines import AffectedLines
from ewtp.core.replay.aggregates import (
    COUNTED,
    OUTCOMES,
    ReplayTally,
    RunningTally,
    Sums,
    merge_tallies,
    tally_from_json,
)
from ewtp.core.replay.amount_texts import format_amount
from ewtp.core.replay.answer_join import build_joined_schema, join_answers
from ewtp.core.replay.answer_pairs import AMOUNTS
from ewtp.core.replay.comparison import compare_rows, tally_lines
from ewtp.core.replay.paper_index import PaperIndex
from ewtp.core.replay.report import BREAKDOWNS, ReplayReport
from ewtp.core.rulebook.changeset.changeset import find_added_records
from ewtp.core.rulebook.changeset.overlay import Overlay, overlaid
from ewtp.core.rulebook.charge_kinds import REVENUE_COLUMNS
from ewtp.core.values.money import minor_units
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import VOCABULARY
from tests.core.compiled.drawn_lines import SCHEMA, expected
from tests.core.replay.invented_law import (
    CERTIFICATE,
    CHANGES,
    LAW,
    after,
    answers,
    before,
    book_of,
    changed,
    draw,
    papers,
    scalar,
)
from tests.drawn_inputs import input_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ewtp.core.compiled.table.scalar_fallback import AnswerRow

pytestmark = pytest.mark.kernel

COUNT = 300
ENDS = ("at_least", "at_most")
PLACES = range(len(CHANGES))
ALL = [*LAW, *(m for change in CHANGES for m in find_added_records(change))]


def tally(lines: pa.Table, place: int) -> ReplayTally:
    return tally_lines(lines, answers(before(), lines), answers(after(place), lines), papers=papers())


def joined(one: pa.Table, two: pa.Table, rows: NDArray[np.int64]) -> pa.Table:
    return join_answers(one, two, rows, compare_rows(one, two, rows, papers()))


def asked_for(row: AnswerRow) -> set[str]:
    """The papers that a row's requirements ask for."""
    return {f"{m.agency} {m.document}" for m in ALL if m.id in row.sets[rule_set.REQUIREMENT].split()}


def is_affected(was: AnswerRow, is_now: AnswerRow) -> bool:
    """Whether a line pays, files or may sell differently, or another thing is not known of it."""
    return (
        was.amounts != is_now.amounts
        or (was.complete, was.unknowns, was.currency) != (is_now.complete, is_now.unknowns, is_now.currency)
        or asked_for(was) != asked_for(is_now)
        or bool(was.sets[rule_set.PROHIBITION]) != bool(is_now.sets[rule_set.PROHIBITION])
    )


def replay(found: ReplayTally) -> ReplayReport:
    return ReplayReport(found, "v1", {})


def exact(amount: Decimal | int, currency: str) -> Decimal:
    """An amount as tables give it: a decimal, or an integer in minor units."""
    return amount if isinstance(amount, Decimal) else Decimal(amount).scaleb(-minor_units(currency))


@pytest.mark.parametrize("place", PLACES)
def test_before_and_after_are_what_the_scalar_path_says(place: int, seeded: random.Random):
    lines = draw(seeded, COUNT)
    changeset = CHANGES[place]
    law = book_of(LAW)
    one, two = scalar(law), scalar(overlaid(law, changeset))
    asked = lines.select(SCHEMA.names)
    sides = expected(asked, one), expected(asked, two)
    assert sides[1] == expected(asked, scalar(changed(changeset)))
    found = answers(before(), lines), answers(after(place), lines)
    joint = joined(*found, np.arange(COUNT)).to_pylist()
    wanted = dict.fromkeys(("gained", "lost", "newly_refused", "affected", "cited_differently"), 0)
    for row, was, is_now in zip(joint, *sides, strict=True):
        if isinstance(was, Refusal) or isinstance(is_now, Refusal):
            assert row["change"] is None or isinstance(was, Refusal) == isinstance(is_now, Refusal)
            wanted["newly_refused"] += isinstance(is_now, Refusal) and not isinstance(was, Refusal)
            wanted["affected"] += row["changed"]
            continue
        assert row["changed"] == (was != is_now)
        affected = is_affected(was, is_now)
        wanted["affected"] += affected
        wanted["cited_differently"] += row["changed"] and not affected
        assert (row["outcome"] == "cited_differently") == (row["changed"] and not affected)
        alike = (was.complete and is_now.complete) or (
            was.complete == is_now.complete and was.unknowns == is_now.unknowns
        )
        rise = is_now.amounts[-1] - was.amounts[-1]
        if alike:
            later = row["total_after"] if row["changed"] else row["total"]
            assert row["change"] == exact(later, was.currency) - exact(row["total"], was.currency)
            assert (row["change"] > 0, row["change"] < 0) == (rise > 0, rise < 0)
            wanted["gained"] += rise < 0
            wanted["lost"] += rise > 0
        else:
            assert row["change"] is None
    counts = replay(tally(lines, place)).counts
    assert {name: counts[name] for name in wanted} == wanted


@pytest.mark.parametrize("place", PLACES)
def test_bounds_are_those_of_the_lines(place: int, seeded: random.Random):
    lines = draw(seeded, COUNT)
    sides = answers(before(), lines), answers(after(place), lines)
    wanted: dict[str, list[dict[str, Any]]] = {}
    for was, is_now in zip(*(side.drop_columns(["scalar"]).to_pylist() for side in sides), strict=True):
        if was["refusal"] is None and is_now["refusal"] is None and was["currency"] == is_now["currency"]:
            wanted.setdefault(was["currency"], []).append(line_bounds(was, is_now))
    found = {row["currency"]: row for row in replay(tally(lines, place)).as_json()["bounds"]}
    assert found.keys() == wanted.keys()
    for currency, rows in wanted.items():
        own = found[currency]
        assert (own["lines"], own["exact"]) == (len(rows), sum("exact" in row for row in rows))
        told = {f"{side}_{end}": own[side][end] for side in ("before", "after", "change") for end in own[side]}
        for name, bound in told.items():
            each = [row[name] for row in rows]
            assert bound == (None if None in each else said(sum(each), currency)), (currency, name)
        assert own["exact_change"] == said(sum(row.get("exact", Decimal(0)) for row in rows), currency)


def line_bounds(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> dict[str, Any]:
    """What a line costs at least and at most before and after, and by how much that changes; None: no bound."""
    bounds = {
        f"{side}_{end}": row[f"total_{end}"] for side, row in (("before", was), ("after", is_now)) for end in ENDS
    }
    if was == is_now or (was["complete"] and is_now["complete"]):
        moved = is_now["total"] - was["total"]
        return bounds | {"exact": moved, "change_at_least": moved, "change_at_most": moved}
    least, most = was["total_at_most"], is_now["total_at_most"]
    bounds["change_at_least"] = None if least is None else is_now["total_at_least"] - least
    return bounds | {"change_at_most": None if most is None else most - was["total_at_least"]}


def said(amount: Decimal | None, currency: str) -> str | None:
    """An amount as a report says it."""
    return None if amount is None else format_amount(int(amount.scaleb(4)), currency)


def test_a_change_of_nothing_changes_nothing(seeded: random.Random):
    lines = draw(seeded, COUNT)
    found = replay(tally(lines, 0))
    assert found.counts["affected"] == 0
    assert found.counts["lines"] == COUNT == found.counts["answered"] + found.counts["refused"]
    assert all(one["cost"]["change"].strip("0.") == "" for one in found.totals())
    assert all(not found.rows(name) for name in BREAKDOWNS)
    assert all(one["filings"]["change"] == 0 for one in found.agencies())
    assert found.as_json()["firms"] == dict.fromkeys(
        ("pay_more", "pay_less", "pay_more_and_less", "more_papers", "fewer_papers"), 0
    )


@pytest.mark.parametrize("place", PLACES[1:])
def test_a_change_and_its_inverse_cancel_out(place: int, seeded: random.Random):
    lines = draw(seeded, COUNT)
    sides = answers(before(), lines), answers(after(place), lines)
    there = tally_lines(lines, *sides, papers=papers())
    back = tally_lines(lines, *sides[::-1], papers=papers())
    one, other = replay(there).counts, replay(back).counts
    assert one["affected"] == other["affected"] > 0
    for name, opposite in (("gained", "lost"), ("became_complete", "became_incomplete"), ("same_cost", "same_cost")):
        assert one[name] == other[opposite]
    both = replay(merge_tallies([there, back]))
    assert all(Decimal(total["cost"]["change"]) == 0 for total in both.totals())
    assert all(row.figures["gain"] == row.figures["loss"] for name in BREAKDOWNS for row in both.rows(name))
    assert both.tally.firms is not None
    assert set(both.tally.firms.counts().values()) == {0}


@pytest.mark.parametrize("place", PLACES)
def test_every_breakdown_adds_up_to_the_headline(place: int, seeded: random.Random):
    found = replay(tally(draw(seeded, COUNT), place))
    counts, totals = found.counts, {one["currency"]: one for one in found.totals()}
    assert sum(counts[name] for name in OUTCOMES) == counts["affected"]
    assert counts["answered"] + counts["refused"] + counts["newly_refused"] + counts["no_longer_refused"] == COUNT
    for name in BREAKDOWNS:
        rows = found.rows(name)
        for figure in ("affected", *OUTCOMES, "newly_prohibited", "no_longer_prohibited"):
            assert sum(row.figures[figure] for row in rows) == counts[figure], (name, figure)
        for currency, total in totals.items():
            own = [row.figures for row in rows if row.currency == currency]
            for sums in ("revenue", "cost"):
                change = sum(row[f"{sums}_after"] - row[f"{sums}_before"] for row in own)
                assert Decimal(change).scaleb(-4) == Decimal(total[sums]["change"]), (name, currency, sums)
            assert sum(row["loss"] - row["gain"] for row in own) == sum(
                row["cost_after"] - row["cost_before"] for row in own
            )
    for name in COUNTED:
        assert sum(values[0] for values in found.tally.tables[f"lines_{name}"].values()) == COUNT
    for total in totals.values():
        parts = sum(Decimal(total["amounts"][name]["change"]) for name in REVENUE_COLUMNS)
        assert parts == Decimal(total["revenue"]["change"]) == Decimal(total["cost"]["change"])


@given(st.lists(st.integers(0, 60), max_size=5), st.sampled_from(PLACES), st.randoms(use_true_random=False))
@settings(max_examples=input_count(25), deadline=None)
def test_parts_add_up_to_the_whole_in_any_order(cuts: list[int], place: int, chance: random.Random):
    lines = draw(random.Random(7), 60)
    ends = [0, *sorted(cuts), 60]
    parts = [tally(lines.slice(a, b - a), place) for a, b in pairwise(ends)]
    chance.shuffle(parts)
    kept = [tally_from_json(orjson.loads(orjson.dumps(part.as_json()))) for part in parts]
    assert kept == parts
    whole = tally(lines, place)
    running = RunningTally()
    for part in parts:
        running.add(part)
    split = len(parts) // 2
    assert content(merge_tallies(parts)) == content(whole)
    assert content(running.result()) == content(whole)
    assert content(merge_tallies([merge_tallies(parts[:split]), merge_tallies(parts[split:])])) == content(whole)


def content(found: ReplayTally) -> Mapping[str, Any]:
    """All that a tally says; an empty row is left out."""
    return {
        "firms": found.as_json()["firms"],
        "report": replay(found).as_json(),
        **{name: {key: row for key, row in rows.items() if any(row)} for name, rows in found.tables.items()},
    }


@pytest.mark.parametrize("place", PLACES)
def test_lines_that_are_left_out_would_have_been_answered_as_before(place: int, seeded: random.Random):
    lines = draw(seeded, COUNT)
    overlay, law = Overlay(CHANGES[place]), book_of(LAW)
    rows = AffectedLines(law, overlay.over(law), overlay.parts, VOCABULARY.economies).find_rows(lines)
    one, two = answers(before(), lines), answers(after(place), lines)
    some = answers(after(place), lines.take(pa.array(rows)))
    assert content(tally_lines(lines, one, some, papers=papers(), rows=rows)) == content(tally(lines, place))
    whole = joined(one, two, np.arange(COUNT)).to_pylist()
    assert joined(one, some, rows).to_pylist() == whole
    assert (len(rows) == 0) == (place == 0)


@pytest.mark.parametrize("place", PLACES)
def test_a_joined_table_says_after_what_changed_and_nothing_twice(place: int, seeded: random.Random):
    lines = draw(seeded, COUNT)
    one, two = answers(before(), lines), answers(after(place), lines)
    table = joined(one, two, np.arange(COUNT))
    assert table.schema == build_joined_schema(one.schema)
    for row, was, is_now in zip(table.to_pylist(), one.to_pylist(), two.to_pylist(), strict=True):
        assert (row["refusal"] is None) == (was["refusal"] is None or is_now["refusal"] is None)
        for name in AMOUNTS:
            assert row[name] == was[name]
            assert row[f"{name}_after"] == (is_now[name] if row["changed"] else None)


def test_losers_are_ranked_like_gainers(seeded: random.Random):
    body = replay(tally(draw(seeded, COUNT), 3)).as_json()
    found = [one for one in body["rankings"] if one["by"] == "dispatch" and one["currency"] == "USD"]
    assert len(found) == 1
    for side, what in (("gains", "gain"), ("losses", "loss")):
        amounts = [Decimal(row[what]) for row in found[0][side]]
        assert amounts
        assert amounts == sorted(amounts, reverse=True)


def test_papers_saved_are_counted_by_agency(seeded: random.Random):
    lines = draw(seeded, COUNT)
    found = replay(tally(lines, 1)).agencies()
    (vets,) = found
    answered = answers(before(), lines)
    needed = sum(1 for row in answered.to_pylist() if row["requirements"])
    assert vets["filings"] == {"before": needed, "after": 0, "change": -needed}
    two = replay(tally(lines, 2)).agencies()[0]
    # The added permit is another paper for the agency that a line files with already.
    assert two["filings"]["change"] == 0
    assert two["papers"]["change"] == needed > 0
    assert {paper["document"] for paper in two["documents"]} == {"Certificate", "Permit"}


def test_a_rule_with_another_id_affects_nobody(seeded: random.Random):
    lines = draw(seeded, COUNT)
    found = replay(tally(lines, 4))
    horses = [row for row in answers(before(), lines).to_pylist() if CERTIFICATE.id in (row["requirements"] or "")]
    assert found.counts["affected"] > 0
    assert found.counts["cited_differently"] > 0
    assert found.counts["affected"] + found.counts["cited_differently"] == len(horses)
    assert found.counts["same_cost"] == found.counts["affected"]
    # The breakdowns are of affected lines alone.
    assert {row.value for row in found.rows("origin")} == {"EE"}


def test_firms_relieved_of_papers_are_counted_though_they_pay_the_same(seeded: random.Random):
    lines = draw(seeded, COUNT)
    one, two = answers(before(), lines), answers(after(1), lines)
    relieved = {
        line["firm"]
        for line, was, is_now in zip(lines.to_pylist(), one.to_pylist(), two.to_pylist(), strict=True)
        if was["requirements"] and is_now["refusal"] is None and not is_now["requirements"]
    }
    counts = replay(tally(lines, 1)).as_json()["firms"]
    assert counts["fewer_papers"] == len(relieved - {None}) > 0
    assert counts["more_papers"] == 0
    assert replay(tally(lines, 2)).as_json()["firms"]["more_papers"] > 0


def test_a_requirement_that_nobody_describes_is_counted_under_its_id(seeded: random.Random):
    lines = draw(seeded, COUNT)
    sides = answers(before(), lines), answers(after(1), lines)
    known, strange = (
        replay(tally_lines(lines, *sides, papers=found)).agencies() for found in (papers(), PaperIndex({}))
    )
    assert [one["filings"] for one in strange] == [one["filings"] for one in known]
    assert [(one["territory"], one["agency"]) for one in strange] == [("", "")]
    assert [paper["document"] for paper in strange[0]["documents"]] == [CERTIFICATE.id]


def test_lines_without_firms_say_so(seeded: random.Random):
    body = replay(tally(draw(seeded, 20).drop_columns(["firm", "firm_size"]), 1)).as_json()
    assert body["firms"] is None
    assert body["by"]["firm_size"] is None


def test_no_lines_at_all():
    body = replay(tally(draw(random.Random(1), 0), 1)).as_json()
    assert body["lines"]["lines"] == 0
    assert body["totals"] == []


def test_sums_of_any_length_come_back_from_json():
    for most in (2**63 - 1, 2**63, -(2**90)):
        tables: dict[str, Sums] = {
            "headline": {(): (most, 0)},
            "totals": {("AA", "USD"): (1, -2), ("", "EUR"): (most, 3)},
            "papers": {},
        }
        found = tally_from_json(orjson.loads(orjson.dumps(ReplayTally(tables).as_json())))
        assert found.tables == tables
        kinds = {type(value) for sums in found.tables.values() for row in sums.values() for value in row}
        assert kinds == {int}
