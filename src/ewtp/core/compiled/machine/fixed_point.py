"""Exact integer arithmetic for the kernel: rounding and conversion; a failure is returned, never hidden."""

from __future__ import annotations

import numpy as np

from ewtp.core.compiled.machine.jit import jit_inline

HALF_UP, DOWN, HALF_EVEN, HALF_DOWN = range(4)
# Hundred-millionths of a minor unit; the sum of two amounts below the limit fits into 64 bits.
FINE = 10**8
LARGEST = 4.0e18
# The largest value in minor units of the line's currency, and after conversion to one such as the rupiah.
LARGEST_VALUE = 10**12
LARGEST_CONVERTED = 10**13
# Above this the quotient of doubles may be wrong by more than one.
_MOST_CONVERTED = 1e15
FAILED = -1
POWERS = np.array([10**n for n in range(19)], np.int64)


@jit_inline()
def round_units(amount: int, unit: int, mode: int) -> int:
    """An amount of zero or more in whole units, rounded by the mode."""
    if unit == FINE and mode == HALF_UP:
        # Nearly every charge has this unit, and division by a constant is much faster.
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


@jit_inline()
def convert_amount(minor: int, mantissa: int, scale: int) -> int | np.int64:
    """``minor * mantissa / scale`` rounded half up, for factors whose product is beyond 64 bits; FAILED if too large.

    ``minor`` up to 1e12, ``mantissa`` up to 1e10, ``scale`` up to 1e12. Doubles give the quotient to within one, and
    what is left is then so small that it comes out right although the products lose their upper bits.
    """
    guess = np.float64(minor) * np.float64(mantissa) / np.float64(scale)
    if guess > _MOST_CONVERTED:
        return FAILED
    whole = np.int64(guess)
    left = minor * mantissa - whole * scale
    if left < 0:
        whole -= 1
        left += scale
    elif left >= scale:
        whole += 1
        left -= scale
    return whole + (1 if 2 * left >= scale else 0)


@jit_inline()
def times_rate(amount: int, mantissa: int, scale: int) -> int:
    """``amount * mantissa / scale`` rounded down, for factors whose product is beyond 64 bits; FAILED if too large.

    ``amount`` up to 4e18, ``mantissa`` up to 1e10, ``scale`` up to 1e12; or ``mantissa`` up to 5e12, ``scale`` up to
    1e7.
    """
    whole, left = amount // scale, amount % scale
    if np.float64(whole) * np.float64(mantissa) > LARGEST / 2:
        return FAILED
    million = 1_000_000
    high, low = left // million, left % million
    part, rest = (high * mantissa) // scale, (high * mantissa) % scale
    if np.float64(part) * million > LARGEST / 2:
        return FAILED
    return whole * mantissa + part * million + (rest * million + low * mantissa) // scale
