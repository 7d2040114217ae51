"""Made-up law that changes, lines that meet it, and whether two compiled books answer them alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Product, Status
from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, rule, territory
from tests.core.compiled.drawn_lines import SCHEMA

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.compiled.table.scalar_fallback import Scalar

LINES = ("01012100", "0102", "02011000", "02012000", "02012090", "03011100")
OTHER_LINES = (*LINES, "0201300010")
PREFIXES = ("", "01", "0101", "010121", "01012100", "02", "0201", "020120", "0201200010", "02013", "020130", "0301")
OUT = ((), ("0101",), ("01012100",), ("020120", "0301"), ("0201200010",))
ASKED = (*OTHER_LINES, "020110", "020120", "020130", "0201200010", "0201200099", "0201209010", "010290", "0302")
NAMED = (("*",), ("BB",), ("AA-BB",), ("GSP",), ("AA-BB", "GSP"), ("DD", "EE"), ("BB", "CC", "DD", "EE"))
CLAIMED = (("AA-BB",), ("AA-BB",), ("GSP",), ("AA-BB", "GSP"))
CONDITIONS = (
    (),
    (),
    (),
    (Condition("claim", "special"),),
    (Condition("below_value", "150.00 EUR"),),
    (Condition("minimum_value", "500 USD"), Condition("buyer", "consumer")),
    (Condition("above_value", "500 USD"), Condition("remark", "", "told beside the charge")),
    (Condition("transport", "sea"),),
)
PAPER_CONDITIONS = (
    *CONDITIONS,
    (Condition("unless_claim", "special"),),
    (Condition("unless_claim", "GSP"), Condition("maximum_value", "200 USD")),
    (Condition("unless_claim", "waiver"), Condition("buyer", "business")),
    (Condition("moon", "full"),),
    (Condition("note", "nothing to be met"),),
)
RELIEVED = (
    "relief:duty",
    "relief:excise",
    "relief:fee",
    "relief:tax",
    "relief:requirement",
    "relief:requirement",
    "recognition",
)
# Codes that have alike rules, each its own.
MANY = tuple(f"020130{n:02}" for n in range(1, 21))
MANY_OUT = ((),) * 9 + (("02013004",), ("02013007", "02013009"))
SUBHEADINGS = ("010121", "010290", "020110", "020120", "020130", "030111", "030200")


def law(measures: tuple[Measure, ...], version: str = "v1", groups: Sequence[Group] | None = None) -> Book:
    """Made-up law of a union of AA and CC with one schedule, of CC apart, and of DD, whose tariff is not known."""
    union = replace(territory(tax_base="customs_value + duty + additional_duty"), members=("AA", "CC"))
    second = replace(territory(), code="CC", name="Cland", members=("CC",), nomenclature="", practices=())
    third = replace(territory(currency="JPY"), code="DD", name="Dland", members=("DD",), nomenclature="", practices=())
    fourth = replace(territory(valuation="CIF", currency="JPY"), code="EE", name="Eland", members=("EE",))
    later, sooner = Period(date(2026, 6, 1)), Period(date(2026, 1, 1), date(2026, 5, 31))
    usual = (
        Group("AA-BB", "Agreement", (Membership("BB", SINCE), Membership("FF", later)), SOURCE),
        # One member goes over from the scheme to the agreement on the day on which the other one joins the scheme.
        Group("GSP", "Scheme", (Membership("BB", later), Membership("FF", sooner)), SOURCE),
    )
    lines = [TariffLine("AA", code, SINCE) for code in LINES if code != "02012090"]
    lines.append(TariffLine("AA", "02012090", later))
    lines += [TariffLine("EE", code, SINCE) for code in OTHER_LINES]
    lines += [TariffLine(tariff, code, SINCE) for tariff in ("AA", "EE") for code in MANY]
    return build_book(
        version,
        territories=[union, second, third, fourth],
        groups=usual if groups is None else groups,
        measures=measures,
        lines=lines,
    )


def drawn_measure(chance: random.Random, number: int) -> Measure:
    """A measure of any kind."""
    kind = chance.choice(tuple(Kind))
    papers = kind in (Kind.REQUIREMENT, Kind.PROHIBITION)
    lower = kind in (Kind.PREFERENCE, Kind.QUOTA)
    additional = kind is Kind.ADDITIONAL_DUTY
    relief = kind is Kind.RELIEF
    made = rule(
        kind,
        chance.choice(PREFIXES),
        "" if papers or relief else chance.choice(("5%", "2% + 3 USD/kg", "free", "7 EUR/pair")),
        include=chance.choice(CLAIMED if lower else NAMED),
        exclude=chance.choice(((), ("DD",))),
        exclusions=chance.choice(OUT),
        # A few measures share their id.
        id=f"m{number}" if chance.random() < 0.9 else f"m{number % 3}",
        validity=chance.choice((SINCE, Period(date(2026, 3, 1), date(2026, 7, 31)))),
        agency=chance.choice(("Port", "Vets", "") if relief else ("Port", "Vets")) if papers or relief else "",
        document=chance.choice(("", "", "Permit")) if papers or relief else "",
        direction=Direction.EXPORT if chance.random() < 0.02 else Direction.IMPORT,
    )
    programme = _drawn_programme(chance, kind)
    flat = "3.00 EUR" if programme == "relief:duty" and chance.random() < 0.3 else ""
    return replace(
        made,
        territory=chance.choice(("AA", "AA", "CC", "DD", "EE")),
        minimum=flat,
        maximum=flat,
        conditions=chance.choice(PAPER_CONDITIONS if papers or relief else CONDITIONS),
        order_number=f"09{number}" if kind is Kind.QUOTA else "",
        programme=programme,
        yields_to=chance.choice(((), (), ("p",), ("q", "r"))) if additional else (),
    )


def _drawn_programme(chance: random.Random, kind: Kind) -> str:
    if kind is Kind.RELIEF:
        return chance.choice(RELIEVED)
    return chance.choice(("", "p", "p", "q")) if kind is Kind.ADDITIONAL_DUTY else ""


def drawn_like(chance: random.Random, number: int, examples: Sequence[Measure]) -> Measure:
    """A measure like one of the examples, of another code or another territory."""
    example = chance.choice(examples)
    return replace(
        example,
        id=f"m{number}" if chance.random() < 0.9 else f"m{number % 3}",
        territory=chance.choice((example.territory, example.territory, "CC")),
        product=Product("TEST", chance.choice(("", "", "0201", *MANY)), chance.choice((*OUT, *MANY_OUT))),
    )


def adopted(chance: random.Random, law: Measure) -> Measure:
    """A rule that amends a measure of the law for all its days, or for some; now and then it is only proposed."""
    return replace(
        law,
        id=f"{law.id}-adopted",
        status=chance.choice((Status.ADOPTED, Status.ADOPTED, Status.PROPOSED)),
        expression="1%" if law.expression else "",
        validity=chance.choice((law.validity, Period(date(2026, 4, 1), date(2026, 6, 15)))),
    )


def drawn_chain(chance: random.Random, most: int, kinds: int) -> list[tuple[Measure, ...]]:
    """Law of at most this many measures that changes three times: measures go, are amended and come.

    Most measures are like ``kinds`` of them; where that is 0, they have little in common.
    """
    examples = [drawn_measure(chance, number) for number in range(kinds)]

    def drawn(number: int) -> Measure:
        if examples and chance.random() < 0.9:
            return drawn_like(chance, number, examples)
        return drawn_measure(chance, number)

    now = {number: drawn(number) for number in range(chance.randrange(most))}
    chain = [_law_of(now)]
    for turn in range(3):
        for number in chance.sample(sorted(now), min(len(now), chance.randrange(3 if not kinds else 6))):
            if chance.random() < 0.5:
                del now[number]
                continue
            before = now[number]
            if chance.random() < 0.3:
                # The law stays, and holds on the days that the rule leaves to it.
                now[1000 + number] = adopted(chance, before)
                continue
            exclusions = before.product.exclusions if chance.random() < 0.5 else chance.choice(OUT)
            now[number] = replace(
                before,
                expression=chance.choice(("11%", "free")) if before.expression else "",
                title="amended",
                product=Product("TEST", before.product.prefix, exclusions),
            )
        for number in range(100 * turn + 100, 100 * turn + 100 + chance.randrange(3)):
            now[number] = drawn(number)
        chain.append(_law_of(now))
    return chain


def _law_of(measures: dict[int, Measure]) -> tuple[Measure, ...]:
    """The measures, none of them twice: no store of law holds one measure two times for the same days."""
    return tuple(dict.fromkeys(measures.values()))


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
                "hs": chance.choice(ASKED if chance.random() < 0.5 else MANY),
                "value": Decimal(chance.randrange(1, 10**5)).scaleb(0 if currency == "JPY" else -2),
                "currency": currency,
                "buyer": chance.choice((None, "consumer", "business")),
                "transport": chance.choice((None, "sea", "air")),
                "claims": chance.choice((None, None, "special", "AA-BB", "GSP", "waiver", "quota:093")),
                "quantity_kg": chance.choice((None, Decimal(7))),
                "quantity_pair": chance.choice((None, Decimal(2))),
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def answers(book: CompiledBook, scalar: Scalar, lines: pa.Table) -> list[dict[str, Any]]:
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
