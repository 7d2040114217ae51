"""Parquet files that grow: pieces joined without decoding read as if they had been written at once."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from ewtp.gateways.parquet.footer import read_struct, write_struct
from ewtp.gateways.parquet.pieces import MAGIC, Encoded, encode_piece, join_footers

if TYPE_CHECKING:
    import random

SCHEMA = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        pa.field("word", pa.dictionary(pa.int32(), pa.string())),
        pa.field("amount", pa.decimal64(18, 4)),
        pa.field("true", pa.bool_()),
    ],
)
# What Parquet itself keeps of it.
READ = pa.schema(
    [SCHEMA.field("line"), ("word", pa.string()), ("amount", pa.decimal128(18, 4)), ("true", pa.bool_())],
)


def rows(first: int, count: int, seeded: random.Random) -> pa.Table:
    return pa.table(
        {
            "line": range(first, first + count),
            "word": [seeded.choice(["a", "bb", None]) for _ in range(count)],
            "amount": [Decimal(seeded.randrange(-(10**9), 10**9)) / 1000 for _ in range(count)],
            "true": [seeded.choice([True, False, None]) for _ in range(count)],
        },
        schema=READ,
    ).cast(SCHEMA)


def encoded(table: pa.Table, *, store_schema: bool = False) -> Encoded:
    return encode_piece(table, store_schema=store_schema, dictionaries=["word"], deltas=["line"])


def joined(pieces: list[Encoded]) -> bytes:
    out = io.BytesIO()
    out.write(MAGIC)
    kept = []
    for piece in pieces:
        kept.append((out.tell(), piece.footer))
        out.write(piece.body)
    out.write(join_footers(kept))
    return out.getvalue()


def test_joined_pieces_read_as_one_file(seeded: random.Random):
    tables, first = [], 0
    for count in (700, 1, 0, 5000, 40):
        tables.append(rows(first, count, seeded))
        first += count
    data = joined([encoded(table) for table in tables])
    file = parquet.ParquetFile(pa.BufferReader(data))
    assert file.metadata.num_row_groups == 4
    assert file.metadata.num_rows == first
    assert file.read().equals(pa.concat_tables([table.cast(READ) for table in tables]))
    # A reader that wants a single group, or a single column of it, finds those too.
    last = file.read_row_group(3, columns=["word"])
    assert last["word"].to_pylist() == tables[-1]["word"].to_pylist()
    ends = file.metadata.row_group(2).column(0).statistics
    assert (ends.min, ends.max) == (701, 5700)


def test_pieces_without_rows_make_a_file_without_rows(seeded: random.Random):
    data = joined([encoded(rows(0, 0, seeded))])
    assert parquet.read_table(pa.BufferReader(data)).equals(READ.empty_table())


def test_arrows_own_types_are_kept_where_that_is_asked(seeded: random.Random):
    data = joined([encoded(rows(0, 10, seeded), store_schema=True)])
    assert parquet.read_schema(pa.BufferReader(data)).equals(SCHEMA)


def test_a_footer_is_written_as_it_was_read(seeded: random.Random):
    footer = encoded(rows(0, 100, seeded), store_schema=True).footer
    assert write_struct(read_struct(footer)) == footer


def test_what_is_no_footer_is_an_error():
    with pytest.raises((ValueError, IndexError)):
        read_struct(b"\x1d\x00")
