"""Files of lines that are small on the disk and large in memory are refused from their footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet import lines as module
from ewtp.gateways.parquet.lines import LinesFile, LinesTooLargeError, open_lines
from tests.gateways.parquet.test_lines import lines, opened

if TYPE_CHECKING:
    from pathlib import Path


def written(path: Path, extra: pa.Array, rows: int = 1, **options: object) -> Path:
    parquet.write_table(lines(rows).append_column("extra", extra), path, compression="zstd", **options)
    return path


def refused(path: Path) -> bool:
    found = open_lines(path)
    if isinstance(found, LinesFile):
        found.close()
        return False
    assert isinstance(found, Refusal)
    assert found.code == "file_unsafe"
    return True


def test_a_list_that_repeats_one_value_in_a_row(tmp_path: Path):
    bomb = written(tmp_path / "bomb", pa.array([[7] * 3_000_000], pa.list_(pa.int64())))
    assert bomb.stat().st_size < 10_000
    assert refused(bomb)
    assert not refused(written(tmp_path / "good", pa.array([[7] * 1_000], pa.list_(pa.int64()))))


def test_pages_that_unpack_to_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_FREE_BYTES", 1_000_000)
    bomb = written(tmp_path / "bomb", pa.array(["a" * 20_000_000]), use_dictionary=False)
    assert bomb.stat().st_size < 10_000
    assert refused(bomb)
    assert not refused(written(tmp_path / "good", pa.array(["a" * 500_000]), use_dictionary=False))


def test_a_long_text_that_many_rows_repeat(tmp_path: Path):
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000, pa.int32()), pa.array(["a" * 100_000]))
    table = lines(5_000).append_column("extra", long)
    parquet.write_table(table, tmp_path / "bomb", compression="zstd", store_schema=False)
    assert (tmp_path / "bomb").stat().st_size < 100_000
    file = opened(tmp_path / "bomb")
    before = pa.total_allocated_bytes()
    with pytest.raises(LinesTooLargeError):
        next(file.pieces(0, 5_000))
    assert pa.total_allocated_bytes() - before < 10_000_000
    # A few rows of it fit.
    (piece,) = file.pieces(4_990, 100)
    assert piece["extra"].to_pylist() == ["a" * 100_000] * 10
    assert piece["extra"].type == pa.string()
    file.close()


@pytest.mark.parametrize(("most", "is_refused"), [(8, False), (7, True)])
def test_more_columns_than_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, is_refused: bool):  # noqa: FBT001 - a case of a test
    monkeypatch.setattr(module, "_MOST_COLUMNS", most)
    assert refused(written(tmp_path / "wide", pa.array(["x"]))) is is_refused
