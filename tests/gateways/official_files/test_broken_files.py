"""No file, however broken, may end an importer with anything but a refusal."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest

from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN
from ewtp.gateways.official_files.formats import FORMATS
from tests.reference_data import RETRIEVED


def workbook(content: bytes) -> bytes:
    """A zip file with the parts of a workbook, the first of them broken."""
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        b'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml'
        b'.sheet.main+xml"/></Types>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("xl/workbook.xml", content)
    return packed.getvalue()


def tar_with_a_link() -> bytes:
    """An archive that points out of itself."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        link = tarfile.TarInfo("../../rules.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    return packed.getvalue()


FILES = {
    "empty": b"",
    "nul": b"\0" * 100,
    "gzip-cut": gzip.compress(b'[{"a": 1}]' * 1000)[:-20],
    "gzip-garbled": b"\x1f\x8b" + bytes(range(200)),
    "field-without-end": gzip.compress(b"a" * 200_000),
    "nested-list": b"[" * 50_000,
    "nested-object": b'[{"a":' * 50_000,
    "integer-without-end": b'{"data": ' + b"9" * 200_000 + b"}",
    "not-objects": b"[null, 1]",
    "empty-object": b"{}",
    "wrong-encoding": "a,b\n".encode("utf-16"),
    "workbook-garbled": workbook(b"<workbook><"),
    "workbook-empty": workbook(b""),
    "archive-with-a-link": tar_with_a_link(),
    "rates-without-earlier": b'{"GB": {"rate": 0.2, "before": {"2011-01-04T00:00:00.000Z": {}}}}',
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("file", FILES)
def test_a_broken_file_is_refused(tmp_path, name, file):
    path = tmp_path / file
    path.write_bytes(FILES[file])
    made = FORMATS[name].read(path, retrieved=RETRIEVED)
    if isinstance(made, Refusal):
        return
    try:
        records = list(made.records)
    except BROKEN:
        # The import reports the file as broken, and stores nothing.
        return
    assert all(isinstance(record, RowRefused) for record in records), records[:3]


@pytest.mark.parametrize("name", FORMATS)
def test_a_directory_is_not_an_official_file(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    made = FORMATS[name].read(tmp_path / "link", retrieved=RETRIEVED)
    assert isinstance(made, Refusal) or list(made.records) is not None
