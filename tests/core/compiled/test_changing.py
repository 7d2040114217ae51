"""A compiled book changed by some measures answers as the changed law compiled in full does."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ewtp.core.assessment.exchange import RateTable
from ewtp.core.compiled import changing
from ewtp.core.compiled.assessing import TableAssessor
from ewtp.core.compiled.changing import changed, differing
from ewtp.core.compiled.compiling import compile_book
from ewtp.core.compiled.inserting import code_of, insert_entries, missing_codes
from ewtp.core.compiled.scalar_rows import BookScalar
from ewtp.core.compiled.schedules import entry_key
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.difference import Amended, Changeset, Ended
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Product
from ewtp.core.rulebook.overlay import Overlay
from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusals import Refusal
from ewtp.gateways import hs_texts
from ewtp.gateways.compiled_books import read_compiled, write_compiled
from ewtp.gateways.exchange_rates import load_rate_series
from ewtp.gateways.seed_files import read_packs, seed_root
from ewtp.gateways.vocabulary import vocabulary
from tests.core.assessment.small_book import RATES, SINCE, SOURCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawing import SCHEMA, Drawer, table_of

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from ewtp.core.compiled.tables import CompiledBook

LINES = ("01012100", "0102", "02011000", "02012000", "02012090", "03011100")
OTHER_LINES = (*LINES, "0201300010")
CHAINS = 25
PREFIXES = ("", "01", "0101", "010121", "01012100", "02", "0201", "020120", "0201200010", "02013", "020130", "0301")
OUT = ((), ("0101",), ("01012100",), ("020120", "0301"), ("0201200010",))
ASKED = (*OTHER_LINES, "020110", "020120", "020130", "0201200010", "0201200099", "0201209010", "010290", "0302")
CONDITIONS = (
    (),
    (),
    (),
    (Condition("claim", "special"),),
    (Condition("below_value", "150.00 EUR"),),
    (Condition("minimum_value", "500 USD"), Condition("buyer", "consumer")),
    (Condition("transport", "sea"),),
)
SUBHEADINGS = ("010121", "010290", "020110", "020120", "020130", "030111", "030200")


def law(measures: tuple[Measure, ...], version: str = "v1") -> Book:
    """Made-up law of a union of AA and CC with one schedule, of CC apart, and of DD, whose tariff is not known."""
    union = replace(territory(tax_base="customs_value + duty + additional_duty"), members=("AA", "CC"))
    second = replace(territory(), code="CC", name="Cland", members=("CC",), nomenclature="", practices=())
    third = replace(territory(currency="JPY"), code="DD", name="Dland", members=("DD",), nomenclature="", practices=())
    fourth = replace(territory(valuation="CIF", currency="JPY"), code="EE", name="Eland", members=("EE",))
    later = Period(date(2026, 6, 1))
    group = Group("AA-BB", "Agreement", (Membership("BB", SINCE), Membership("FF", later)), SOURCE)
    lines = [TariffLine("AA", code, SINCE) for code in LINES if code != "02012090"]
    lines.append(TariffLine("AA", "02012090", later))
    lines += [TariffLine("EE", code, SINCE) for code in OTHER_LINES]
    return build_book(
        version,
        territories=[union, second, third, fourth],
        groups=[group],
        measures=measures,
        lines=lines,
    )


def drawn_measure(chance: random.Random, number: int) -> Measure:
    """A measure of any kind."""
    kind = chance.choice(tuple(Kind))
    papers = kind in (Kind.REQUIREMENT, Kind.PROHIBITION)
    lower = kind in (Kind.PREFERENCE, Kind.QUOTA)
    made = rule(
        kind,
        chance.choice(PREFIXES),
        "" if papers or kind is Kind.RELIEF else chance.choice(("5%", "2% + 3 USD/kg", "free", "7 EUR/pair")),
        include=("AA-BB",) if lower else chance.choice((("*",), ("BB",), ("AA-BB",), ("DD", "EE"))),
        exclude=chance.choice(((), ("DD",))),
        exclusions=chance.choice(OUT),
        id=f"m{number}",
        validity=chance.choice((SINCE, Period(date(2026, 3, 1), date(2026, 7, 31)))),
        agency="Port" if papers else "",
        direction=Direction.EXPORT if chance.random() < 0.02 else Direction.IMPORT,
    )
    return replace(
        made,
        territory=chance.choice(("AA", "AA", "CC", "DD", "EE")),
        conditions=() if papers else chance.choice(CONDITIONS),
        order_number=f"09{number}" if kind is Kind.QUOTA else "",
        programme="p" if kind is Kind.ADDITIONAL_DUTY else "",
    )


def drawn_chain(chance: random.Random) -> list[tuple[Measure, ...]]:
    """Law that changes three times: measures go, are amended and come."""
    now = {n: drawn_measure(chance, n) for n in range(chance.randrange(16))}
    chain = [tuple(now.values())]
    for turn in range(3):
        for number in chance.sample(sorted(now), min(len(now), chance.randrange(3))):
            if chance.random() < 0.5:
                del now[number]
                continue
            product = Product("TEST", now[number].product.prefix, chance.choice(OUT))
            expression = "11%" if now[number].expression else ""
            now[number] = replace(now[number], expression=expression, title="amended", product=product)
        for number in range(100 * turn + 100, 100 * turn + 100 + chance.randrange(3)):
            now[number] = drawn_measure(chance, number)
        chain.append(tuple(now.values()))
    return chain


def small_lines(chance: random.Random, count: int) -> pa.Table:
    """Lines that meet the made-up law."""
    rows = []
    for _ in range(count):
        line: dict[str, Any] = dict.fromkeys(SCHEMA.names)
        currency = chance.choice(("USD", "USD", "JPY", "EUR"))
        rows.append(
            line
            | {
                "from": chance.choice(("BB", "DD", "EE", "FF", "AA")),
                "to": chance.choice(("AA", "CC", "DD", "EE", "FF")),
                "origin": chance.choice((None, None, "BB")),
                "date": date(2026, chance.randrange(1, 12), 1),
                "hs": chance.choice(ASKED),
                "value": Decimal(chance.randrange(1, 10**5)).scaleb(0 if currency == "JPY" else -2),
                "currency": currency,
                "buyer": chance.choice((None, "consumer")),
                "transport": chance.choice((None, "sea")),
                "claims": chance.choice((None, None, "special", "AA-BB", "quota:093")),
                "quantity_kg": chance.choice((None, Decimal(7))),
                "quantity_pair": chance.choice((None, Decimal(2))),
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def answers(book: CompiledBook, scalar: BookScalar, lines: pa.Table) -> list[dict[str, Any]]:
    """The answers; additional duties have no order among one another."""
    found = TableAssessor(book, scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    rows: list[dict[str, Any]] = found.to_pylist()
    for row in rows:
        if row["additional_measures"] is not None:
            row["additional_measures"] = sorted(row["additional_measures"].split())
    return rows


def same(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    """Whether two sets of answers agree in all but who computed them."""
    for number, (given, wanted) in enumerate(zip(one, other, strict=True)):
        assert {**given, "scalar": None} == {**wanted, "scalar": None}, number


def test_made_up_law_that_changes_again_and_again(seeded: random.Random):
    for _ in range(CHAINS):
        chain = drawn_chain(seeded)
        before = law(chain[0])
        compiled: CompiledBook | None = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
        for number, following in enumerate(chain[1:]):
            after = law(following, f"v{number + 2}")
            assert compiled is not None
            compiled = changed(compiled, after, differing(before, after, {*before.rules, *after.rules}))
            assert compiled is not None
            assert compiled.names.version == after.version
            whole = compile_book(after, VOCABULARY.economies, SUBHEADINGS)
            scalar = BookScalar(after, RATES, Texts(), VOCABULARY)
            lines = small_lines(seeded, 100)
            found, wanted = answers(compiled, scalar, lines), answers(whole, scalar, lines)
            same(found, wanted)
            # What only the claims and the exports of law that is gone explain may be left to the scalar path.
            if not any(m.direction is Direction.EXPORT for laws in chain for m in laws):
                for one, other, claim in zip(found, wanted, lines["claims"].to_pylist(), strict=True):
                    assert other["scalar"] or claim or not one["scalar"]
            before = after


def test_the_whole_seed_changed_twice(seeded: random.Random, tmp_path: Path):
    seed = read_packs(seed_root())
    assert not isinstance(seed, Refusal)
    book = build_book(
        "seed", territories=seed.territories, groups=seed.groups, measures=seed.measures, lines=seed.lines
    )
    economies, subheadings = vocabulary().economies, hs_texts.subheadings()
    compiled: CompiledBook | None = compile_book(book, economies, subheadings)
    places: set[tuple[str, str]] = set()
    for turn in range(2):
        overlay = Overlay(_drawn(book, seeded, turn))
        after = overlay.over(book)
        assert compiled is not None
        compiled = changed(compiled, after, differing(book, after, overlay.parts))
        places |= set(overlay.parts)
        book = after
    assert compiled is not None
    write_compiled(compiled, tmp_path / "book")
    compiled = read_compiled(tmp_path / "book")
    assert compiled is not None
    scalar = BookScalar(book, RateTable(load_rate_series()), hs_texts, vocabulary())
    drawer = Drawer(book, scalar, seeded)
    lines = [drawer.line() for _ in range(1_500)]
    ordered = sorted(places)
    for line in lines[::2]:
        # Half of the lines lie below a changed place.
        where, prefix = seeded.choice(ordered)
        line["to"] = seeded.choice(sorted(book.territories[where].members))
        line["hs"] = prefix if len(prefix) > 6 else (line["hs"] if not prefix else prefix.ljust(6, "0"))
    table = table_of(lines)
    wanted = answers(compile_book(book, economies, subheadings), scalar, table)
    found = answers(compiled, scalar, table)
    same(found, wanted)
    settled = [sum(not row["scalar"] for row in rows) for rows in (found, wanted)]
    assert math.isclose(*settled, rel_tol=0.01)


def _drawn(book: Book, chance: random.Random, turn: int) -> Changeset:
    """A change that ends, amends and adds measures of every kind."""
    by_kind: dict[Kind, list[Measure]] = {}
    for _, rules in sorted(book.rules.items()):
        for each in rules:
            by_kind.setdefault(each.measure.kind, []).append(each.measure)
    drawn = [m for found in by_kind.values() for m in chance.sample(found, min(6, len(found)))]
    narrow = [m for m in drawn if m.product.prefix or chance.random() < 0.1]
    ended, amended, added = narrow[::3], narrow[1::3], narrow[2::3]
    return Changeset(
        "before",
        "after",
        added=tuple(
            replace(
                m,
                id=f"{m.id}-again-{turn}",
                programme=f"again {turn}",
                product=replace(m.product, prefix=m.product.prefix + ("37" if len(m.product.prefix) > 7 else "")),
            )
            for m in added
        ),
        ended=tuple(Ended(m, None) for m in ended),
        amended=tuple(Amended(m, replace(m, expression="3.7%" if m.expression else "", title="new")) for m in amended),
    )


def test_a_change_of_too_many_measures_is_compiled_in_full(monkeypatch: Any):
    before, after = law(()), law((rule(Kind.DUTY, "01", "1%"), rule(Kind.DUTY, "02", "1%")))
    compiled = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
    both = differing(before, after, after.rules)
    monkeypatch.setattr(changing, "MOST_MEASURES", 1)
    assert changed(compiled, after, both) is None
    assert changed(compiled, after, both[:1]) is not None


def test_new_entries_are_those_of_a_schedule_made_of_all_codes(seeded: random.Random):
    for _ in range(20):
        more = sorted({"".join(seeded.choices("012", k=seeded.choice((2, 4, 5, 6, 7, 8, 10)))) for _ in range(9)})
        kept = tuple(rule(Kind.DUTY, code, "1%", id=code) for code in ("0101", "020120"))
        both = (*kept, *(rule(Kind.DUTY, code, "1%", id=code) for code in more))
        some_lines = compile_book(law(kept), VOCABULARY.economies, SUBHEADINGS)
        all_lines = compile_book(law(both), VOCABULARY.economies, SUBHEADINGS).tables
        arrays = some_lines.tables._asdict()
        schedule = some_lines.names.schedules.index("AA")
        first, last = arrays["schedule_entry"][schedule : schedule + 2]
        missing = missing_codes(arrays["entry_key"][first:last], more)
        insert_entries(arrays, schedule, missing)
        assert arrays["entry_key"].tolist() == all_lines.entry_key.tolist()
        assert arrays["entry_parent"].tolist() == all_lines.entry_parent.tolist()
        assert arrays["schedule_entry"].tolist() == all_lines.schedule_entry.tolist()
        runs = [_runs(each) for each in (arrays, all_lines._asdict())]
        assert runs[0] == runs[1]
        assert all(code_of(entry_key(code)) == code for code in more)


def _runs(arrays: dict[str, Any]) -> list[list[tuple[int, int, int]]]:
    starts = arrays["run_start"]
    return [
        [
            (int(arrays["run_day"][n]), int(arrays["run_status"][n]), int(arrays["run_value"][n]))
            for n in range(starts[run], starts[run + 1])
        ]
        for run in arrays["entry_run"]
    ]
