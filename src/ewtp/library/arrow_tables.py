"""An Arrow table from any object that exports one, in types that the rest of the program reads."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ewtp.core.values.refusal import Refusal
from ewtp.web.sentences import TABLE_UNREADABLE


def read_table(lines: Any) -> pa.Table | Refusal:
    """The table that an object exports through Arrow's C interface; its texts are plain strings, not views.

    Refused with ``table_unreadable`` where it exports none, or a column instead of a table.
    """
    if isinstance(lines, pa.RecordBatchReader):
        return _plain_texts(lines.read_all())
    if not hasattr(lines, "__arrow_c_stream__") and not hasattr(lines, "__arrow_c_array__"):
        return Refusal(TABLE_UNREADABLE)
    try:
        return _plain_texts(lines if isinstance(lines, pa.Table) else pa.table(lines))
    except (pa.ArrowException, TypeError, ValueError):
        return Refusal(TABLE_UNREADABLE)


def _plain_texts(table: pa.Table) -> pa.Table:
    """The table without string views, which polars exports and Arrow itself has few functions for."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string_view(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.large_string()))
        elif pa.types.is_dictionary(field.type) and pa.types.is_string_view(field.type.value_type):
            table = table.set_column(place, field.name, _plain_dictionary(table.column(place)))
    return table


def _plain_dictionary(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = pa.dictionary(column.type.index_type, pa.large_string())
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(pa.large_string()))
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, kind)
