"""Charges that convert to nearly half a coin: settled exactly by the kernel, or left to the scalar path."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.assessment.exchange import RateTable
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, SINCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawn_lines import differences, expected, table_of

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.kernel

CODE = "01012100"
ROUNDS, SEARCHED, KEPT = 12, 4_000, 25
# Hundred-millionths of a minor unit; the kernel leaves amounts that are nearer to a half than 4,096 of these.
FINE = Decimal("1e-8")


def quantities_near_half(chance: random.Random, each: Decimal) -> list[tuple[Decimal, Decimal]]:
    """Quantities whose charge is nearest to half a minor unit, with the distance; a unit is charged ``each``."""
    found = []
    for _ in range(SEARCHED):
        half = chance.randrange(1, 10**6) + Decimal("0.5")
        quantity = (half / each).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        if quantity > 0:
            found.append((quantity, abs(quantity * each - half)))
    found.sort(key=lambda row: row[1])
    # The nearest ones, and some a little further off.
    return found[:KEPT] + found[KEPT : 20 * KEPT : 20]


def answers_of(duty: str, rate: Decimal, quantities: list[Decimal]) -> list[bool]:
    """Compares both paths on a duty in euros charged in dollars; returns which lines the scalar path answered."""
    rates = RateTable({"ECB": {("EUR", "USD"): ((date(2026, 6, 29), DAY, rate),)}})
    book = build_book(
        "v1",
        territories=[territory(currency="USD")],
        groups=[],
        measures=[replace(rule(Kind.DUTY, CODE, duty), currency="EUR")],
        lines=[TariffLine("AA", CODE, SINCE)],
    )
    line: dict[str, Any] = {"from": "BB", "to": "AA", "date": DAY, "hs": CODE, "currency": "USD"}
    lines = table_of([line | {"value": Decimal(50), "quantity_kg": quantity} for quantity in quantities])
    scalar = Scalar(WholeBook(book), rates, Texts(), VOCABULARY)
    found = TableAssessor(compile_book(book, VOCABULARY.economies, ("010121",)), scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    by_scalar: list[bool] = found["scalar"].to_pylist()
    return by_scalar


def test_charges_near_half_a_coin_are_exact_or_left_to_the_scalar_path(seeded: random.Random):
    settled: list[Decimal] = []
    left: list[Decimal] = []
    for _ in range(ROUNDS):
        duty = Decimal(seeded.randrange(1, 10**5)).scaleb(-3)
        per = seeded.choice((1, 1, 100, 3, 7))
        rate = Decimal(seeded.randrange(10**9, 10**10)).scaleb(-9 + seeded.choice((-2, -1, 0, 1)))
        drawn = quantities_near_half(seeded, duty / per * rate * 100)
        by_scalar = answers_of(f"{duty} EUR/{per} kg", rate, [quantity for quantity, _ in drawn])
        for (_, distance), is_left in zip(drawn, by_scalar, strict=True):
            (left if is_left else settled).append(distance)
    # The nearest amounts are left, and those a hundredth of a coin away are not.
    assert min(left, default=Decimal(1)) < 4096 * FINE
    assert any(4096 * FINE < distance < Decimal("0.01") for distance in settled)


def test_two_inexact_terms_that_add_up_to_exactly_half_a_coin_are_left_to_the_scalar_path(seeded: random.Random):
    # Each third is cut off in the kernel, and the sum of the two falls short of the half that it is.
    for each, factor in (("0.5", 1), ("0.1", 5), ("0.02", 25), ("2.5", 1)):
        whole = 3 * Decimal(each)
        # One or two more than a multiple of three, so that neither term is a whole number of any decimals.
        first = Decimal(3 * seeded.randrange(1_000) + seeded.choice((1, 2))).scaleb(-5)
        second = whole - first
        quantities = [
            Decimal("0.008") * factor * (6 * seeded.randrange(10**5) + seeded.choice((1, 5))) for _ in range(KEPT)
        ]
        assert all(quantity * 125 * Decimal(each) % 1 == Decimal("0.5") for quantity in quantities)
        assert all(answers_of(f"{first} EUR/3 kg + {second} EUR/3 kg", Decimal("1.25"), quantities))
