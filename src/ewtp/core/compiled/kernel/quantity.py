"""The quantities of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.kernel_arrays import CANDIDATES, NOT_GIVEN, ODD_QUANTITY, SOURCE_WIDTH
from ewtp.core.compiled.machine.fixed_point import LARGEST
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from ewtp.core.compiled.format.kernel_arrays import Quantities


@jit_inline()
def find_quantity(quantities: Quantities, line: int, key: int) -> int:
    """A quantity of a line in ten-thousandths; NOT_GIVEN, or ODD_QUANTITY for the scalar path."""
    rows, sources, keys, count = quantities.rows, quantities.sources, quantities.keys, quantities.line_count
    unit, supplementary = rows[line], rows[count + line]
    place = keys * SOURCE_WIDTH + 2 * (max(unit, 0) * keys + key)
    if unit >= 0 and sources[place + 1] < 0:
        return scale_quantity(supplementary, sources[place], -sources[place + 1])
    for candidate in range(CANDIDATES):
        column = key * SOURCE_WIDTH + 3 * candidate
        if sources[column] < 0:
            break
        amount = rows[sources[column] * count + line]
        if amount != NOT_GIVEN:
            return scale_quantity(amount, sources[column + 1], sources[column + 2])
    if unit < 0 or supplementary == NOT_GIVEN or sources[place + 1] == 0:
        return NOT_GIVEN
    return scale_quantity(supplementary, sources[place], sources[place + 1])


@jit_inline()
def scale_quantity(amount: int, numerator: int, denominator: int) -> int:
    """A quantity in another unit; ODD_QUANTITY where that is not exact."""
    if numerator == 1 and denominator == 1:
        return amount
    if amount < 0 or numerator == 0 or np.float64(amount) * np.float64(numerator) > LARGEST:
        return ODD_QUANTITY
    whole = amount * numerator // denominator
    return whole if whole * denominator == amount * numerator else ODD_QUANTITY
