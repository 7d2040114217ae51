"""Columns of an Arrow table as arrays, without a copy where possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.machine.buffers import read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray


def in_one_piece(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array; Arrow alone would copy even a column of one chunk."""
    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    found = column.combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


def text_column(table: pa.Table, name: str) -> pa.DictionaryArray:
    """A column of texts as one dictionary with indices of 32 bits."""
    found = table[name]
    if not pa.types.is_dictionary(found.type):
        found = found.dictionary_encode()
    elif found.type.index_type != pa.int32() or pa.types.is_large_string(found.type.value_type):
        found = found.cast(pa.dictionary(pa.int32(), pa.string()))
    return in_one_piece(found)


class NumberColumn(NamedTuple):
    """A column of decimals or whole numbers.

    ``words`` holds ``width`` words for each number, the low one first; ``scale`` is the number of decimals.
    ``validity`` has a bit for each number, and is empty if none is missing.
    """

    words: NDArray[np.int64]
    width: int
    scale: int
    validity: NDArray[np.uint8]


def number_column(table: pa.Table, name: str) -> NumberColumn:
    """The words and the bits of validity of a column."""
    found = in_one_piece(table[name])
    scale = 0
    if pa.types.is_integer(found.type):
        # A number beyond the signed range turns negative, and the kernel leaves a negative number to the scalar path.
        found = found.cast(pa.int64(), safe=False)
    elif pa.types.is_decimal32(found.type):
        scale = found.type.scale
        found = found.cast(pa.decimal64(18, scale))
    else:
        scale = found.type.scale
    width = 2 if pa.types.is_decimal128(found.type) else 1
    validity, data = found.buffers()
    words = np.frombuffer(data, np.int64)[width * found.offset : width * (found.offset + len(found))]
    if validity is None or not found.null_count:
        return NumberColumn(read_only(words), width, scale, read_only(np.zeros(0, np.uint8)))
    bits = np.frombuffer(validity, np.uint8)
    if found.offset:
        bits = np.packbits(np.unpackbits(bits, bitorder="little")[found.offset :], bitorder="little")
    return NumberColumn(read_only(words), width, scale, read_only(bits))
