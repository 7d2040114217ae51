"""Measures with a season are in force on the same days in the compiled book, changed or not, as in the scalar path."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.compile.rule_days import find_days
from ewtp.core.compiled.machine.epoch_days import day_number
from ewtp.core.compiled.patch.patch import find_changed_measures, patch_book
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.measure import Condition, Kind, Measure
from ewtp.core.rulebook.rule import Rule
from ewtp.core.values.period import Period
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.assessment.small_book import RATES, VOCABULARY, Texts, rule
from tests.core.compiled.changing_law import SUBHEADINGS, law
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.compiled.test_compiled_answers import answered
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.kernel
ONE_DAY = timedelta(days=1)
SEASONS = (
    "01 OCT - 31 DEC",
    "01 NOV - 29 FEB",
    "29 FEB - 29 FEB",
    "01 MAY - 17 JUN, 01 AUG - 14 NOV",
    "01 JAN - 31 DEC",
)
EDGES = [
    date(year, month, day)
    for year in (2026, 2027, 2028)
    for month, day in ((1, 1), (2, 28), (3, 1), (4, 30), (5, 1), (6, 17), (6, 18), (7, 31), (8, 1), (10, 1), (12, 31))
] + [date(2028, 2, 29), date(2100, 2, 28), date(2100, 3, 1), date(2100, 12, 31)]


def season(text: str) -> tuple[Condition, ...]:
    return (Condition("season", text),)


def lines_of(rows: Iterable[dict[str, Any]]) -> pa.Table:
    line: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    return pa.Table.from_pylist([line | row for row in rows], schema=SCHEMA)


def of_quotas(codes: dict[str, tuple[str, str]], days: Iterable[date], to: str, currency: str) -> pa.Table:
    """By order number, a line of the quota's goods and origin on each of the days, with its claim and without."""
    return lines_of(
        {"from": origin, "to": to, "date": day, "hs": code, "value": Decimal(1000), "currency": currency}
        | {"claims": claims, "quantity_kg": Decimal(100)}
        for day in days
        for order, (code, origin) in codes.items()
        for claims in (f"quota:{order}", None)
    )


@pytest.mark.parametrize("text", SEASONS)
@pytest.mark.parametrize(
    "validity", [Period(date(2026, 1, 1)), Period(date(2027, 2, 28), date(2028, 11, 3)), Period(date(2101, 1, 1))]
)
def test_the_turns_of_a_rule_are_the_days_on_which_it_holds(text: str, validity: Period):
    found = Rule(rule(Kind.DUTY, "0101", "5%", validity=validity, conditions=season(text)))
    days = find_days(found)
    for start, many in ((date(2025, 12, 25), 366 * 4), (date(2099, 12, 25), 380)):
        for offset in range(many):
            day = min(start + timedelta(days=offset), date(2100, 12, 31))
            assert days.covers(day_number(day)) == found.holds_on(day), day
    assert sorted(set(days.turns)) == list(days.turns)
    assert len(days.turns) % 2 == 0


def made_up() -> list[Measure]:
    quotas = [
        rule(
            Kind.QUOTA,
            "0101",
            f"{number}%",
            include=("BB",),
            id=text,
            order_number=f"09{number}",
            conditions=season(text),
        )
        for number, text in enumerate(SEASONS)
    ]
    winter = season("15 NOV - 15 MAR")
    return [
        rule(Kind.DUTY, "0101", "10%"),
        rule(Kind.PREFERENCE, "01", "6%", include=("AA-BB",), conditions=season(SEASONS[1])),
        rule(Kind.ADDITIONAL_DUTY, "0101", "3%", id="winter", programme="p", conditions=winter),
        rule(Kind.REQUIREMENT, "0101", "", id="paper", agency="Vets", document="Permit", conditions=winter),
        *quotas,
    ]


def test_both_paths_agree_on_every_edge_of_a_season_also_where_it_changes():
    before = law(tuple(made_up()))
    moved = [
        replace(each, conditions=season("02 OCT - 30 NOV")) if each.kind is Kind.QUOTA else each for each in made_up()
    ]
    after = law((*moved[:-1], rule(Kind.DUTY, "0201", "1%", conditions=season("01 JUN - 31 AUG"))), "v2")
    codes = {f"09{number}": ("01012100", "BB") for number in range(len(SEASONS))}
    codes["GSP"] = ("02011000", "FF")
    near = sorted({day + offset * ONE_DAY for day in EDGES[:-1] for offset in (-1, 0, 1)} - {date(2025, 12, 31)})
    lines = of_quotas(codes, [*near, EDGES[-1]], "AA", "USD")
    compiled = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
    patched = patch_book(compiled, after, find_changed_measures(before, after, {*before.rules, *after.rules}))
    whole = compile_book(after, VOCABULARY.economies, SUBHEADINGS)
    assert patched is not None
    for book, found in ((before, compiled), (after, patched), (after, whole)):
        scalar = Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)
        given = answered(found, scalar, lines)
        assert differences(given, expected(lines, scalar)) == []
        refused = set(filter(None, given["refusal"].to_pylist()))
        assert {"claim_closed"} <= refused
        # What is refused is worded by the scalar path; everything else is computed by the kernel.
        assert not any(row["scalar"] for row in given.to_pylist() if row["refusal"] is None)


@pytest.mark.seed
def test_quotas_of_the_seed_are_open_in_their_periods_alone():
    scalar = Scalar(WholeBook(whole_book()), seed_rate_table(), hs_texts, vocabulary())
    codes = {"051173": ("0701909010", "LB"), "051118": ("08101000", "MA"), "050204": ("0806101090", "TR")}
    lines = of_quotas(codes, [date(2026, month, 14) for month in range(1, 13)], "GB", "GBP")
    answers = answered(compiled_seed(), scalar, lines)
    assert differences(answers, expected(lines, scalar)) == []
    rows = [row | line for row, line in zip(answers.to_pylist(), lines.to_pylist(), strict=True)]
    claimed = [row for row in rows if row["claims"]]
    opened = {
        order: [row["date"].month for row in claimed if row["claims"] == f"quota:{order}" and row["refusal"] is None]
        for order in codes
    }
    assert opened == {"051173": [10, 11, 12], "051118": [4], "050204": [5, 6, 8, 9, 10, 11]}
    assert {row["duty"] for row in claimed if row["refusal"] is None} == {Decimal(0)}
    assert {row["refusal"] for row in claimed} == {None, "claim_closed"}
    assert all(row["duty"] > 0 for row in rows if not row["claims"])
    assert not any(row["scalar"] for row in rows if row["refusal"] is None)
