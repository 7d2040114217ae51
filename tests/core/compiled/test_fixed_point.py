"""The kernel's integer arithmetic against exact fractions: every result is exact or marked as failed."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from math import gcd
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ewtp.core.compiled.machine import fixed_point
from ewtp.core.compiled.machine.fixed_point import (
    DOWN,
    FAILED,
    FINE,
    HALF_DOWN,
    HALF_EVEN,
    HALF_UP,
    LARGEST,
    LARGEST_CONVERTED,
    LARGEST_VALUE,
)
from ewtp.core.compiled.machine.jit import jit
from tests.drawn_inputs import input_count

pytestmark = pytest.mark.kernel

EXACT = Context(prec=60)
MODES = {HALF_UP: ROUND_HALF_UP, DOWN: ROUND_DOWN, HALF_EVEN: ROUND_HALF_EVEN, HALF_DOWN: ROUND_HALF_DOWN}
MOST_MANTISSA, MOST_SCALE = 10**10, 10**12
EXAMPLES = settings(max_examples=input_count(500), deadline=None)


# A step of a loop is called by other machine code alone.
@jit()
def converted(minor: int, mantissa: int, scale: int) -> Any:
    return fixed_point.convert_amount(minor, mantissa, scale)


@jit()
def rounded(amount: int, unit: int, mode: int) -> Any:
    return fixed_point.round_units(amount, unit, mode)


@jit()
def times_rate(amount: int, mantissa: int, scale: int) -> Any:
    return fixed_point.times_rate(amount, mantissa, scale)


def wide(most: int, least: int = 0) -> Any:
    """Integers of every order of magnitude up to ``most``; plain bounds would draw large ones nearly always."""
    bits = st.integers(0, most.bit_length())
    return bits.flatmap(lambda length: st.integers(least, max(least, min(most, 1 << length))))


@given(wide(LARGEST_VALUE), wide(MOST_MANTISSA, 1), wide(MOST_SCALE, 1))
@example(LARGEST_VALUE, MOST_MANTISSA, 1)
@example(LARGEST_VALUE, MOST_MANTISSA, 10**7)
@example(LARGEST_VALUE - 1, MOST_MANTISSA - 1, MOST_SCALE)
@example(1, 1, 2)
@EXAMPLES
def test_a_converted_value_is_rounded_half_up_or_fails(minor: int, mantissa: int, scale: int):
    wanted = (2 * minor * mantissa + scale) // (2 * scale)
    found = int(converted(minor, mantissa, scale))
    assert found == wanted or (found == FAILED and wanted > LARGEST_CONVERTED)


@given(wide(MOST_MANTISSA, 1), wide(MOST_SCALE, 2), st.integers(-3, 3), st.sampled_from((0, 1)))
@EXAMPLES
def test_a_value_that_converts_to_nearly_a_whole_or_a_half_is_rounded_exactly(
    mantissa: int, scale: int, nearby: int, half: int
):
    while (shared := gcd(mantissa, scale)) > 1:
        scale //= shared
    # The value whose product with the mantissa leaves just this remainder: the quotient of doubles may be off by one.
    minor = (nearby + half * (scale // 2)) * pow(mantissa, -1, scale) % scale
    wanted = (2 * minor * mantissa + scale) // (2 * scale)
    found = int(converted(minor, mantissa, scale))
    assert found == wanted or (found == FAILED and wanted > LARGEST_CONVERTED)


@given(wide(int(LARGEST)), wide(MOST_MANTISSA, 1), st.integers(0, 12).map(lambda places: 10**places))
@example(int(LARGEST), MOST_MANTISSA, MOST_SCALE)
@example(int(LARGEST), 1, 1)
@EXAMPLES
def test_an_amount_times_a_rate_is_rounded_down_or_fails(amount: int, mantissa: int, scale: int):
    wanted = amount * mantissa // scale
    found = int(times_rate(amount, mantissa, scale))
    # The limit is checked on both parts of the product, so a sum of up to twice the half of it may pass.
    assert found == wanted or (found == FAILED and wanted > LARGEST / 4)


@given(wide(int(LARGEST)), wide(5 * 10**12, 1), st.integers(0, 7).map(lambda places: 10**places))
@EXAMPLES
def test_an_amount_times_a_rate_by_degrees_is_rounded_down_or_fails(amount: int, mantissa: int, scale: int):
    wanted = amount * mantissa // scale
    found = int(times_rate(amount, mantissa, scale))
    assert found == wanted or (found == FAILED and wanted > LARGEST / 4)


@given(wide(int(LARGEST)), st.one_of(st.just(FINE), wide(10**12, 1)), st.sampled_from(sorted(MODES)))
@example(FINE // 2, FINE, HALF_UP)
@example(3 * FINE // 2, FINE, HALF_EVEN)
@EXAMPLES
def test_an_amount_is_rounded_to_whole_units_as_decimals_are(amount: int, unit: int, mode: int):
    # A tie or a whole number of units needs an exact quotient; otherwise 60 digits decide as all of them would.
    wanted = EXACT.divide(Decimal(amount), Decimal(unit)).to_integral_value(MODES[mode])
    assert int(rounded(amount, unit, mode)) == wanted
