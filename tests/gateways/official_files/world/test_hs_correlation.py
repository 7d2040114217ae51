"""Correlation workbooks: only codes that changed are kept, with every successor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from ewtp.core.rulebook.records import CodeReplaced, Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.world.hs_correlation import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path


def workbook(tmp_path: Path, rows: list[list[str | None]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "HS17-HS12"
    for row in rows:
        sheet.append(row)
    path = tmp_path / "table.xlsx"
    book.save(path)
    return path


def test_unchanged_codes_are_left_out_and_splits_keep_every_successor(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            ["Between", None, None, None],
            ["HS 2017", None, "HS 2012", "Relationship"],
            ["010121", None, "010121", "1:1"],
            ["030700", None, "030710", "1:1"],
            ["040310", None, "040300", "1:n"],
            ["040320", None, "040300", "1:n"],
        ],
    )
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    assert list(importing.records) == [
        CodeReplaced("HS2012", "030710", "HS2017", "030700"),
        CodeReplaced("HS2012", "040300", "HS2017", "040310"),
        CodeReplaced("HS2012", "040300", "HS2017", "040320"),
    ]


def test_a_misshapen_row_is_refused_and_another_workbook_too(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["HS 2017", None, "HS 2012", "Relationship"], ["0101", None, "010121", "1:1"]])
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    assert [(r.row, r.code) for r in importing.records if isinstance(r, RowRefused)] == [(2, "row_misshapen")]
    for broken in (workbook(tmp_path, [["a", "b"]]), tmp_path / "no.xlsx"):
        refusal = read(broken, retrieved=RETRIEVED)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "file_not_hs_correlation"
    nonsense = tmp_path / "nonsense.xlsx"
    nonsense.write_bytes(b"PK\x03\x04 nothing")
    assert isinstance(read(nonsense, retrieved=RETRIEVED), Refusal)


@pytest.mark.whole_file
@pytest.mark.parametrize(
    ("file", "number"),
    [
        ("HS2022toHS2017ConversionAndCorrelationTables.xlsx", 11565),
        ("HS2017toHS2012ConversionAndCorrelationTables.xlsx", 1376),
    ],
)
def test_the_whole_workbooks(file: str, number: int) -> None:
    path = reference(f"hs/{file}")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert len(found) == number
    assert all(isinstance(r, CodeReplaced) for r in found)
