"""Columns of numbers as whole figures: amounts in minor units, quantities in ten-thousandths.

A number that does not fit marks its line for the scalar path, which reports what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format.kernel_arrays import NOT_GIVEN, ODD_QUANTITY, QUANTITY_DECIMALS
from ewtp.core.compiled.machine.fixed_point import LARGEST, POWERS
from ewtp.core.compiled.machine.jit import jit, jit_inline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.machine.arrow_columns import NumberColumn

# A larger amount is not a consignment, and would overflow the sums.
LARGEST_NUMBER = 10**15


class SupplementaryUnits(NamedTuple):
    """The units of supplementary quantities.

    ``of_line[line]`` is the unit of a line, -1 for none. ``bounds[unit, 2]`` are the least and the greatest
    quantity in ten-thousandths of the unit. ``row[unit]`` is the row of ``measured[row, line]``, which marks
    the lines that a column measures in the same dimension.
    """

    of_line: NDArray[np.int64]
    bounds: NDArray[np.int64]
    row: NDArray[np.int64]
    measured: NDArray[np.bool_]


@jit_inline()
def _is_given(column: NumberColumn, line: int) -> bool:
    """Whether a number is present."""
    return column.validity.shape[0] == 0 or (column.validity[line >> 3] >> (line & 7)) & 1 != 0


@jit_inline()
def _is_wide(column: NumberColumn, line: int) -> bool:
    """Whether a number takes more than 64 bits; a negative one is recognised by its low word."""
    return column.width == 2 and column.words[2 * line + 1] != 0


@jit_inline()
def _factors(scale: int) -> tuple[int, int]:
    """The factor and the divisor that turn a number with this many decimals into ten-thousandths; one of them is 1."""
    # No number that can be read is divisible by a larger power of ten.
    last = len(POWERS) - 1
    return POWERS[max(QUANTITY_DECIMALS - scale, 0)], POWERS[min(max(scale - QUANTITY_DECIMALS, 0), last)]


@jit_inline()
def _ten_thousandths(number: int, multiple: int, divisor: int) -> int | np.int64:
    """A number as a quantity in ten-thousandths; ODD_QUANTITY where it is not whole or too large."""
    if number < 0 or number > LARGEST_NUMBER:
        return ODD_QUANTITY
    # Doubles represent both numbers exactly, and so their quotient where it is whole.
    whole = np.int64(np.float64(number) / np.float64(divisor))
    if whole * divisor != number or np.float64(number) * np.float64(multiple) > LARGEST:
        return ODD_QUANTITY
    return whole * multiple


@jit()
def read_amount_column(
    column: NumberColumn,
    factors: NDArray[np.int64],
    currency: NDArray[np.int32],
    needed: bool,
    found: NDArray[np.int64],
    scalar: NDArray[np.bool_],
) -> None:
    """Write amounts in minor units to ``found[line]``, -1 where none is given, which ``needed`` forbids.

    A number is multiplied by the first of its currency's ``factors[currency, 2]`` and divided by the second.
    """
    for line in range(found.shape[0]):
        if not _is_given(column, line):
            found[line] = -1
            if needed:
                scalar[line] = True
            continue
        number = column.words[column.width * line]
        if number < 0 or number > LARGEST_NUMBER or _is_wide(column, line):
            scalar[line] = True
            found[line] = 0
            continue
        named = np.uint64(currency[line])
        multiple, divisor = factors[named, 0], factors[named, 1]
        # Doubles represent both numbers exactly, and so their quotient where it is whole.
        whole = np.int64(np.float64(number) / np.float64(divisor))
        if whole * divisor != number or np.float64(number) * np.float64(multiple) > LARGEST_NUMBER:
            scalar[line] = True
        found[line] = whole * multiple


@jit()
def read_quantity_column(
    column: NumberColumn,
    least: int,
    most: int,
    measured: NDArray[np.bool_],
    found: NDArray[np.int64],
    scalar: NDArray[np.bool_],
) -> None:
    """Write quantities to ``found[line]``, and mark in ``measured[line]`` the lines that have one.

    ``least`` and ``most`` are in units of the column's last decimal.
    """
    multiple, divisor = _factors(column.scale)
    for line in range(found.shape[0]):
        if not _is_given(column, line):
            found[line] = NOT_GIVEN
            continue
        number = column.words[column.width * line]
        if measured[line] or number < least or number > most or _is_wide(column, line):
            scalar[line] = True
        measured[line] = True
        found[line] = _ten_thousandths(number, multiple, divisor)


@jit()
def read_supplementary_column(
    column: NumberColumn, units: SupplementaryUnits, found: NDArray[np.int64], scalar: NDArray[np.bool_]
) -> None:
    """Write supplementary quantities to ``found[line]``.

    A line is marked for the scalar path if it has a unit without a quantity or a quantity without a unit, an unknown
    unit, a quantity that is too large or too small, or one that a column measures as well.
    """
    multiple, divisor = _factors(column.scale)
    for line in range(found.shape[0]):
        unit = units.of_line[line]
        if not _is_given(column, line):
            found[line] = NOT_GIVEN
            if unit >= 0:
                scalar[line] = True
            continue
        given = _ten_thousandths(column.words[column.width * line], multiple, divisor)
        found[line] = given
        if _is_wide(column, line):
            scalar[line] = True
        bounds = units.bounds
        if unit < 0 or given < bounds[unit, 0] or given > bounds[unit, 1] or units.measured[units.row[unit], line]:
            scalar[line] = True
