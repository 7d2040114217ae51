"""Quantities of lines: in columns by unit, or as one supplementary quantity in the unit that the line names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.kernel_arrays import CANDIDATES, NOT_GIVEN, QUANTITY_DECIMALS, SOURCE_WIDTH, Quantities
from ewtp.core.compiled.kernel.number_columns import (
    LARGEST_NUMBER,
    SupplementaryUnits,
    read_quantity_column,
    read_supplementary_column,
)
from ewtp.core.compiled.machine.arrow_columns import NumberColumn, number_column, text_column
from ewtp.core.compiled.machine.buffers import empty, full
from ewtp.core.values.money import LARGEST_AMOUNT
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import SHARES, Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

QUANTITY = "quantity_"
SUPPLEMENTARY_UNIT, SUPPLEMENTARY_QUANTITY = "supplementary_unit", "supplementary_quantity"
_NET = ".net"


def quantity_arrays(
    table: pa.Table,
    known: Sequence[str],
    scalar: NDArray[np.bool_],
) -> Quantities:
    """The quantities of a table's lines, and the places of the quantities that the book counts.

    Lines for the scalar path are marked.
    """
    columns: dict[str, tuple[Unit, NumberColumn]] = {}
    for name in table.column_names:
        unit = resolve_unit(name.removeprefix(QUANTITY)) if name.startswith(QUANTITY) else None
        if isinstance(unit, Unit) and table[name].null_count < table.num_rows:
            columns[unit.key] = (unit, number_column(table, name))
    dimensions = list(dict.fromkeys(unit.dimension for unit, _ in columns.values()))
    # By dimension, whether a line is measured in it; the last dimension stands for none.
    measured = full((len(dimensions) + 1, table.num_rows), np.bool_)
    rows = empty((2 + len(columns), table.num_rows), np.int64)
    of_column: dict[str, int] = {}
    for place, (name, (unit, column)) in enumerate(columns.items(), 2):
        # The scalar path refuses a quantity that is given twice, in two units.
        before = measured[dimensions.index(unit.dimension)]
        read_quantity_column(column, *_bounds(unit, column.scale), before, rows[place], scalar)
        of_column[name] = place
    units = _supplementary(table, dimensions, measured, rows[:2], scalar)
    keys = len(known)
    sources = np.zeros(keys * SOURCE_WIDTH + 2 * keys * max(len(units), 1), np.int64)
    for place, key in enumerate(known):
        at = place * SOURCE_WIDTH
        sources[at : at + SOURCE_WIDTH : 3] = -1
        found = _sources(key, tuple(unit for unit, _ in columns.values()))
        for source, numerator, denominator in found[:CANDIDATES]:
            sources[at : at + 3] = of_column[source], numerator, max(denominator, 1)
            at += 3
        for source, _, _ in found[CANDIDATES:]:
            # There are more columns than candidates for a quantity: these lines are left to the scalar path.
            scalar |= rows[of_column[source]] != NOT_GIVEN
        for number, given in enumerate(units):
            for _, numerator, denominator in _sources(key, (given,) if given else ()):
                at = keys * SOURCE_WIDTH + 2 * (number * keys + place)
                # A net weight takes precedence over the plain weights of columns.
                first = given is not None and given.key.endswith(_NET)
                sources[at : at + 2] = numerator, -max(denominator, 1) if first else max(denominator, 1)
    return Quantities(rows.reshape(-1), sources, keys, table.num_rows)


def _supplementary(
    table: pa.Table,
    dimensions: Sequence[str],
    measured: NDArray[np.bool_],
    rows: NDArray[np.int64],
    scalar: NDArray[np.bool_],
) -> list[Unit | None]:
    """The units of the supplementary quantities; ``rows`` get the index of each line's unit and its quantity."""
    unit_of, amount = rows
    given = [
        name in table.column_names and table[name].null_count < table.num_rows
        for name in (SUPPLEMENTARY_UNIT, SUPPLEMENTARY_QUANTITY)
    ]
    if not all(given):
        unit_of.fill(-1)
        amount.fill(NOT_GIVEN)
        if any(given):
            name = SUPPLEMENTARY_UNIT if given[0] else SUPPLEMENTARY_QUANTITY
            scalar |= ~np.asarray(table[name].is_null())
        return []
    texts = text_column(table, SUPPLEMENTARY_UNIT)
    resolved = [resolve_unit(text or "") for text in texts.dictionary.to_pylist()]
    units = [None if isinstance(unit, Refusal) else unit for unit in resolved]
    indices = texts.indices
    place = np.asarray(indices.fill_null(-1) if indices.null_count else indices)
    bounds = np.array([_bounds(unit, QUANTITY_DECIMALS) for unit in units] or [(1, 0)], np.int64)
    row_of = np.array([_row_of(unit, dimensions) for unit in units] or [0], np.int64)
    unit_of[:] = place
    column = number_column(table, SUPPLEMENTARY_QUANTITY)
    read_supplementary_column(column, SupplementaryUnits(unit_of, bounds, row_of, measured), amount, scalar)
    return units


def _row_of(unit: Unit | None, dimensions: Sequence[str]) -> int:
    """The row of quantities that columns measure in the dimension of a unit."""
    if unit is None or unit.dimension not in dimensions:
        return len(dimensions)
    return dimensions.index(unit.dimension)


def _bounds(unit: Unit | None, decimals: int) -> tuple[int, int]:
    """The least and the greatest plausible quantity; the scalar path refuses others."""
    if unit is None:
        return 1, 0
    if unit.dimension in SHARES:
        return 0, 100 * 10**decimals
    return 1, min(LARGEST_NUMBER, int(LARGEST_AMOUNT / unit.factor * 10**decimals) - 1)


@lru_cache(4096)
def _sources(key: str, units: tuple[Unit, ...]) -> list[tuple[str, int, int]]:
    """The columns that may give a quantity, in the order of the scalar path, with the factor of conversion."""
    found: list[tuple[str, int, int]] = []
    # A plain weight also counts as a net weight.
    for wanted in (key, key.partition(".")[0]) if key.endswith(_NET) else (key,):
        unit = resolve_unit(wanted)
        if any(given.key == wanted for given in units):
            found.append((wanted, 1, 1))
        if isinstance(unit, Refusal):
            continue
        for given in units:
            other = given.key
            if other != wanted and given.dimension == unit.dimension:
                numerator, denominator = (given.factor / unit.factor).as_integer_ratio()
                exact = given.factor * denominator == unit.factor * numerator
                # A factor that is not a short fraction is left to the scalar path.
                found.append((other, numerator, denominator) if exact and numerator < 10**6 else (other, 0, 0))
    return found
