"""Files of lines: any piece of them is found, in memory that depends on the piece alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from ewtp.gateways.parquet.lines import LinesFile, lines_of, open_lines

if TYPE_CHECKING:
    import random
    from pathlib import Path

pytestmark = pytest.mark.slow


def lines(count: int) -> pa.Table:
    return pa.table(
        {
            "from": [("ZA", "CN", "KE")[number % 3] for number in range(count)],
            "to": ["GB"] * count,
            "date": pa.array([date(2026, 6, 30)] * count, pa.date32()),
            "hs": [f"{number % 999:06}" for number in range(count)],
            "value": pa.array(range(count)).cast(pa.decimal128(21, 2)),
            "currency": ["GBP"] * count,
            "note": [f"something of its own {number}" for number in range(count)],
        },
    )


def opened(path: Path) -> LinesFile:
    found = open_lines(path)
    assert isinstance(found, LinesFile), found
    return found


def test_pieces_begin_anywhere_whatever_the_row_groups(tmp_path: Path, seeded: random.Random):
    table = lines(1_000)
    for group in (1, 7, 250, 1_000, 5_000):
        path = tmp_path / f"{group}.parquet"
        parquet.write_table(table, path, row_group_size=group)
        file = opened(path)
        for _ in range(10):
            first, size = seeded.randrange(1_001), seeded.randrange(1, 600)
            pieces = list(file.pieces(first, size))
            assert all(piece.num_rows == size for piece in pieces[:-1])
            found = pa.concat_tables([piece.cast(table.schema) for piece in pieces] or [table.slice(0, 0)])
            assert found.equals(table.slice(first).combine_chunks())
        file.close()


def test_texts_come_as_dictionaries_and_other_columns_are_left_out(tmp_path: Path):
    parquet.write_table(lines(100), tmp_path / "in.parquet")
    file = opened(tmp_path / "in.parquet")
    (piece,) = file.pieces(0, 100)
    found = lines_of(piece, file.asked)
    assert found.column_names == lines(1).column_names[:-1]
    assert {pa.types.is_dictionary(found[name].type) for name in ("from", "to", "hs", "currency")} == {True}
    assert file.ignored == ["note"]
    file.close()


def most_allocated(path: Path, size: int) -> int:
    """Bytes held at most while a file is read in pieces."""
    file = opened(path)
    before, most = pa.total_allocated_bytes(), 0
    for _ in file.pieces(0, size):
        most = max(most, pa.total_allocated_bytes() - before)
    file.close()
    return most


def test_a_larger_row_group_takes_no_more_memory(tmp_path: Path):
    some, found = lines(100_000), []
    for times in (4, 16):
        path = tmp_path / f"{times}.parquet"
        parquet.write_table(pa.concat_tables([some] * times), path, row_group_size=times * some.num_rows)
        found.append(most_allocated(path, 10_000))
    assert found[1] < 1.2 * found[0]
