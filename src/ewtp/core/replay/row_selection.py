"""Rows of columns taken out and spread; decimals as the integers that they are stored as.

Arrow takes rows of decimals many times slower than those of integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.compiled.machine.arrow_columns import in_one_piece

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rows_taken(table: pa.Table, places: NDArray[np.int64]) -> pa.Table:
    """The rows of a table at places, in that order."""
    rows = pa.array(places)
    columns = []
    for column in table.columns:
        whole = in_one_piece(column)
        plain = _as_integers(whole)
        columns.append(_as(plain.take(rows), whole.type) if plain is not whole else whole.take(rows))
    return pa.table(columns, schema=table.schema)


class Spreading:
    """Columns of few rows spread over many lines, null elsewhere."""

    def __init__(self, count: int, places: NDArray[np.int64]) -> None:
        self._count = count
        self._places = places
        self._given = np.zeros(count, np.bool_)
        self._given[places] = True
        self._bits = _bits(self._given)

    def spread(self, column: pa.ChunkedArray) -> pa.Array:
        """The rows of a column at their places; a column of decimals, dictionaries or booleans."""
        whole = in_one_piece(column)
        validity, nulls = self._bits, self._count - len(self._places)
        if whole.null_count:
            given = self._given.copy()
            given[self._places] = np.asarray(whole.is_valid())
            validity, nulls = _bits(given), nulls + whole.null_count
        if pa.types.is_dictionary(whole.type):
            indices = self._array(pa.int32(), self._filled(pc.fill_null(whole.indices, 0), np.int32), validity, nulls)
            return pa.DictionaryArray.from_arrays(indices, whole.dictionary)
        if pa.types.is_boolean(whole.type):
            held = self._filled(pc.fill_null(whole, fill_value=False), np.bool_)
            return self._array(whole.type, np.packbits(held, bitorder="little"), validity, nulls)
        return self._array(whole.type, self._filled(pc.fill_null(_as_integers(whole), 0), np.int64), validity, nulls)

    def _filled(self, rows: pa.Array, kind: type[Any]) -> NDArray[Any]:
        found = np.zeros(self._count, kind)
        found[self._places] = np.asarray(rows)
        return found

    def _array(self, kind: pa.DataType, held: NDArray[Any], validity: pa.Buffer, nulls: int) -> pa.Array:
        return pa.Array.from_buffers(kind, self._count, [validity, pa.py_buffer(held)], nulls)


def _bits(given: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(given, bitorder="little"))


def _as_integers(array: pa.Array) -> pa.Array:
    """Decimals of 64 bits as integers; anything else as it is."""
    return _as(array, pa.int64()) if pa.types.is_decimal64(array.type) else array


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """The same bytes as another type."""
    return pa.Array.from_buffers(kind, len(array), array.buffers(), array.null_count, array.offset)
