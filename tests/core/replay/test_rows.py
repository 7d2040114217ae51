"""Rows of tables taken and spread are what Python's lists say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.replay.row_selection import RowSpreader, take_rows

if TYPE_CHECKING:
    import random

SCHEMA = pa.schema(
    [
        ("text", pa.dictionary(pa.int32(), pa.string())),
        ("amount", pa.decimal64(18, 4)),
        ("wide", pa.decimal128(38, 4)),
        ("whole", pa.int64()),
        ("yes", pa.bool_()),
        ("plain", pa.string()),
    ]
)
COUNT = 200


def table(chance: random.Random, count: int, chunks: int = 1) -> pa.Table:
    def some(values: list[Any]) -> list[Any]:
        return [None if chance.random() < 0.2 else chance.choice(values) for _ in range(count)]

    words = [chance.choice("abcdefgh") * chance.randrange(1, 4) for _ in range(9)]
    amounts = [Decimal(chance.randrange(-(10**17), 10**17)).scaleb(-4) for _ in range(20)]
    found = pa.table(
        [some(words), some(amounts), some(amounts), some([-1, 0, 2**60]), some([True, False]), some(words)],
        schema=SCHEMA,
    )
    size = max(1, -(-count // chunks))
    # The rows of each part but the first are found behind an offset.
    parts = [found.slice(first, size) for first in range(0, count, size)]
    return pa.concat_tables(parts) if parts else found


def test_rows_are_taken_in_the_order_asked_for(seeded: random.Random):
    for chunks in (1, 3):
        whole = table(seeded, COUNT, chunks)
        places = [seeded.randrange(COUNT) for _ in range(50)]
        taken = take_rows(whole, np.array(places))
        rows = whole.to_pylist()
        assert taken.to_pylist() == [rows[place] for place in places]
        assert taken.schema == SCHEMA


def test_few_rows_are_spread_and_the_others_are_null(seeded: random.Random):
    names = ["text", "amount", "yes"]
    for count in (0, 1, 20):
        few = table(seeded, count).select(names)
        places = sorted(seeded.sample(range(COUNT), count))
        spreading = RowSpreader(COUNT, np.array(places, np.int64))
        for name in names:
            wanted: list[Any] = [None] * COUNT
            for place, value in zip(places, few[name].to_pylist(), strict=True):
                wanted[place] = value
            found = spreading.spread_column(few[name])
            assert found.to_pylist() == wanted
            assert found.type == SCHEMA.field(name).type
            assert found.null_count == wanted.count(None)
