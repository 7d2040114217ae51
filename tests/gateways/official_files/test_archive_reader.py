"""Files that are small on the disk and large in memory are refused before they are unpacked."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import (
    LAST_ROW,
    UnpacksTooLargeError,
    most_unpacked,
    open_archive,
    open_unpacked,
    open_workbook,
    refuse_unpacking,
)
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, read_json_rows
from ewtp.gateways.official_files.formats import FORMATS
from ewtp.gateways.official_files.uk.workbooks import read_sheet
from tests.reference_data import RETRIEVED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Files of a hundred megabytes are packed once, for one worker.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packed files")]
MUCH = 100_000_000
MOST_MEMORY = 60_000_000


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def gzipped(size: int) -> bytes:
    """A gzip file of zeros, made without holding them."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(size // 1_000_000):
            file.write(bytes(1_000_000))
    return packed.getvalue()


def archive_of_a_large_file() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("rules.json")
        member.size = MUCH
        archive.addfile(member, io.BytesIO(bytes(MUCH)))
    return packed.getvalue()


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    return {
        "gzip": gzipped(MUCH),
        "workbook": zipped({"xl/sharedStrings.xml": bytes(MUCH)}),
        "a row without an end": zipped({"xl/worksheets/sheet1.xml": b"<row>" + b"<c/>" * 2_000_000}),
        "a part of many elements": zipped({"xl/styles.xml": b"<a/>" * 3_000_000}),
        "many parts": zipped({f"xl/{number}.xml": b"" for number in range(3_000)}),
        "entities": zipped({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'}),
        "entities in UTF-16": zipped({"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'.encode("utf-16")}),
        "archive": archive_of_a_large_file(),
    }


BOMBS = (
    "gzip",
    "workbook",
    "a row without an end",
    "a part of many elements",
    "many parts",
    "entities",
    "entities in UTF-16",
    "archive",
)


@contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("name", ["uk-preferences", "usitc-hts", "ewtp-jsonl"])
def test_a_bomb_is_refused_by_a_code_and_fills_no_memory(bombs: dict[str, bytes], bomb: str, name: str, tmp_path: Path):
    path = tmp_path / "bomb"
    path.write_bytes(bombs[bomb])
    assert len(bombs[bomb]) < 1_000_000
    with little_memory():
        refusal = FORMATS[name].read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_unsafe"


def test_a_file_beside_the_one_that_is_imported_is_bounded_as_well(bombs: dict[str, bytes], tmp_path: Path):
    path = tmp_path / "beside"
    path.write_bytes(bombs["gzip"])
    with little_memory(), pytest.raises(UnpacksTooLargeError), open_unpacked(path) as stream:
        stream.read()
    with pytest.raises(BROKEN), open_text(path) as text:
        text.read()
    path.write_bytes(bombs["workbook"])
    with little_memory(), pytest.raises(ValueError, match="unpacks to more than"):
        open_workbook(path)


def test_a_member_of_an_archive_is_bounded_by_the_size_of_the_archive(tmp_path: Path):
    path = tmp_path / "archive"
    member = tarfile.TarInfo("rules.json")
    member.size = MUCH
    path.write_bytes(member.tobuf() + bytes(1_024))
    with pytest.raises(UnpacksTooLargeError), open_archive(path) as members:
        next(members)


@pytest.mark.parametrize("times", [1, 30])
def test_what_is_packed_as_official_files_are_is_read(times: int, tmp_path: Path):
    path = tmp_path / "good.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 10_000 * times))
    assert refuse_unpacking(path) is None
    with open_text(path) as text:
        assert len(text.read()) == 40_000 * times
    assert most_unpacked(path) > 40_000 * times


def test_a_number_of_a_row_that_no_spreadsheet_has_makes_up_no_rows(tmp_path: Path):
    path = tmp_path / "rows.xlsx"
    book = openpyxl.Workbook()
    for text in ("head", "first", "second"):
        book.worksheets[0].append([text])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet].replace(b'<row r="3"', b'<row r="999999999999"').replace(b'r="A3"', b'r="A999999999999"')
    )
    path.write_bytes(zipped(parts))
    try:
        rows = list(read_sheet(path, "Sheet"))
    except BROKEN:
        return
    assert [row for _, row in rows] == [("first",)]
    assert LAST_ROW == 1_048_576


@pytest.mark.parametrize("name", ["uk-origin-rules", "uk-commodity", "vat-rates"])
def test_a_document_that_is_read_whole_is_bounded(name: str, tmp_path: Path):
    path = tmp_path / "document.json"
    path.write_bytes(b"[" + b"[]," * 6_000_000 + b"[]]")
    with little_memory():
        assert isinstance(FORMATS[name].read(path, retrieved=RETRIEVED), Refusal)


def test_a_row_without_an_end_is_given_up():
    with pytest.raises(ValueError, match="a row has more than"):
        list(read_json_rows(io.StringIO('[{"a": "' + "x" * 40_000_000)))
