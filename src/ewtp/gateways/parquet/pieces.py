"""A Parquet file that grows piece by piece: pieces are encoded separately, by any thread, and their bytes appended.

A Parquet file is its row groups followed by a footer with their offsets. A piece is encoded as a small file in memory;
its row groups are appended to the large file as they are, and its footer is kept elsewhere until the last piece is
written. Then one footer, with every offset shifted, makes the whole a Parquet file. Nothing is decoded or written
twice, and a file that was cut off is resumed from the last footer kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
from pyarrow import parquet

from ewtp.gateways.parquet.footer import I64, LIST, STRUCT, Struct, field_value, read_struct, write_struct

if TYPE_CHECKING:
    from collections.abc import Iterable

MAGIC = b"PAR1"
_TAIL = 8
_VALUES_AT_ONCE = 65_536
# Field numbers of parquet.thrift.
_ROWS, _ROW_GROUPS = 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _CHUNK_DATA, _OFFSET_INDEX, _COLUMN_INDEX = 2, 3, 4, 6
_PAGES = (9, 10, 11, 14)


class Encoded(NamedTuple):
    """A piece: ``body`` is its row groups, ``footer`` has the offsets in it, counted from ``len(MAGIC)``."""

    body: memoryview
    footer: bytes


def encode_piece(table: pa.Table, *, store_schema: bool, dictionaries: list[str], deltas: list[str]) -> Encoded:
    """The table as a piece of one row group.

    ``store_schema`` keeps Arrow's own types beside Parquet's; columns of ``dictionaries`` repeat few values, and those
    of ``deltas`` are integers that grow. Pieces of one file must be encoded in the same way.
    """
    sink = pa.BufferOutputStream()
    options: dict[str, Any] = {"column_encoding": dict.fromkeys(deltas, "DELTA_BINARY_PACKED")} if deltas else {}
    with parquet.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        use_dictionary=dictionaries,
        store_decimal_as_integer=True,
        store_schema=store_schema,
        # Statistics let a reader skip row groups, which works only for columns that grow with the rows.
        write_statistics=deltas,
        # Each batch of values has a cost of its own; the default is a thousand.
        write_batch_size=_VALUES_AT_ONCE,
        **options,
    ) as writer:
        if table.num_rows:
            writer.write_table(table, row_group_size=table.num_rows)
    data = memoryview(sink.getvalue())
    footer = int.from_bytes(data[-_TAIL : -len(MAGIC)], "little")
    end = len(data) - _TAIL - footer
    return Encoded(data[len(MAGIC) : end], bytes(data[end:-_TAIL]))


def join_footers(pieces: Iterable[tuple[int, bytes]]) -> bytes:
    """The end of a file made of pieces: its footer, the footer's length and the magic number.

    ``pieces`` gives where in the file each body begins, with the piece's footer; there must be one at least.
    """
    whole: Struct | None = None
    groups: list[Any] = []
    rows = 0
    for start, footer in pieces:
        read = read_struct(footer)
        rows += field_value(read, _ROWS)
        groups += [_move_group(group, start - len(MAGIC)) for group in field_value(read, _ROW_GROUPS)[1]]
        whole = whole or read
    if whole is None:
        msg = "a Parquet file is made of one piece at least"
        raise ValueError(msg)
    for entry in whole:
        if entry[0] == _ROWS:
            entry[1:] = [I64, rows]
        elif entry[0] == _ROW_GROUPS:
            entry[1:] = [LIST, [STRUCT, groups]]
    written = write_struct(whole)
    return written + len(written).to_bytes(4, "little") + MAGIC


def _move_group(group: Struct, by: int) -> Struct:
    """A row group with every offset shifted; its ordinal, which is optional, is left out."""
    for number, _, value in group:
        if number == _COLUMNS:
            for column in value[1]:
                _move_column(column, by)
    return [
        [number, kind, value + by if number == _GROUP_OFFSET else value]
        for number, kind, value in group
        if number != _ORDINAL
    ]


def _move_column(column: Struct, by: int) -> None:
    for entry in column:
        # Current writers give zero as the file offset, which means that there is none.
        if entry[0] in {_CHUNK_OFFSET, _OFFSET_INDEX, _COLUMN_INDEX} and entry[2]:
            entry[2] += by
        elif entry[0] == _CHUNK_DATA:
            for inner in entry[2]:
                if inner[0] in _PAGES:
                    inner[2] += by
