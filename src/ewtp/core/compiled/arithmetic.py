"""Exact integer arithmetic for the kernel: programs, rounding and conversion; a failure is said, never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from ewtp.core.compiled.programs import (
    ADD,
    EQUAL,
    INHERITED,
    LARGER,
    LESS,
    NOTHING,
    PER_UNIT,
    SHARE,
    SMALLER,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HALF_UP, DOWN, HALF_EVEN, HALF_DOWN = range(4)
# Hundred-millionths of a minor unit; a sum of two amounts below the limit still fits into 64 bits.
FINE = 10**8
LARGEST = 4.0e18
FAILED = -1


def compiled(**options: Any) -> Callable[[Any], Any]:
    """Numba's decorator, which has no types of its own."""
    decorator: Callable[[Any], Any] = numba.njit(cache=True, nogil=True, **options)
    return decorator


@compiled()
def rounded(amount: int, unit: int, mode: int) -> int:
    """How many whole units an amount of zero or more is, rounded as the mode says."""
    if unit == FINE and mode == HALF_UP:
        # Nearly every charge goes this way, and a division by a constant is far quicker.
        return (amount + FINE // 2) // FINE
    whole = amount // unit
    twice = 2 * (amount - whole * unit)
    if mode == HALF_UP:
        return whole + 1 if twice >= unit else whole
    if mode == DOWN:
        return whole
    if mode == HALF_DOWN:
        return whole + 1 if twice > unit else whole
    if twice == unit:
        return whole + (whole & 1)
    return whole + 1 if twice > unit else whole


@compiled()
def converted(minor: int, mantissa: int, scale: int) -> int:
    """``minor * mantissa / scale`` rounded half up, for factors whose product is beyond 64 bits; FAILED if too large.

    ``minor`` up to 1e12, ``mantissa`` up to 1e10, ``scale`` up to 1e12.
    """
    million = 1_000_000
    high, low = minor // million, minor % million
    whole, left = (high * mantissa) // scale, (high * mantissa) % scale
    rest = left * million + low * mantissa
    if whole > 10**11:
        return FAILED
    return whole * million + rest // scale + (1 if 2 * (rest % scale) >= scale else 0)


@compiled()
def run_program(
    start: int,
    end: int,
    fields: Any,
    figures: Any,
    base: int,
    inherited: int,
    quantities: Any,
    quantity_row: Any,
    line: int,
    currency: int,
    stack: Any,
) -> int:
    """What a program comes to in hundred-millionths of a minor unit; FAILED where the scalar path has to say.

    ``base`` counts hundredths of a minor unit; ``inherited`` is FAILED where there is no duty.
    """
    depth = 0
    for place in range(start, end):
        operation = fields[place, 0]
        if operation == SHARE:
            if np.float64(base) * np.float64(figures[place]) > LARGEST:
                return FAILED
            stack[depth] = base * figures[place]
            depth += 1
        elif operation == PER_UNIT:
            if fields[place, 2] != currency:
                return FAILED
            row = quantity_row[fields[place, 1]]
            if row < 0:
                return FAILED
            quantity = quantities[row, line]
            if quantity < 0 or np.float64(quantity) * np.float64(figures[place]) > LARGEST:
                return FAILED
            stack[depth] = quantity * figures[place]
            depth += 1
        elif operation == NOTHING:
            stack[depth] = 0
            depth += 1
        elif operation == INHERITED:
            if inherited == FAILED or np.float64(inherited) * FINE > LARGEST:
                return FAILED
            stack[depth] = inherited * FINE
            depth += 1
        else:
            depth -= 1
            first, second = stack[depth - 1], stack[depth]
            if operation == ADD:
                first += second
            elif operation == LARGER:
                first = max(first, second)
            elif operation == SMALLER:
                first = min(first, second)
            elif operation == LESS:
                first = max(first - second, 0)
            elif operation == EQUAL and first != second:
                return FAILED
            if np.float64(first) > LARGEST:
                return FAILED
            stack[depth - 1] = first
    return stack[0]  # type: ignore[no-any-return] # the arrays of a kernel have no types here
