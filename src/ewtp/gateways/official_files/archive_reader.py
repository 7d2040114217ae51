"""Packed files: opened so that a small one cannot unpack to more than any official file does."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.sentences import FILE_HAS_ENTITIES, FILE_UNPACKS_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

# Official files unpack to 64 times their size at most where they are small, and to 31 times from 100 kB on.
_FREE_BYTES, _MOST_TIMES = 1 << 25, 30
_MOST_PARTS = 2_000
# A document type comes before everything else in an XML file; openpyxl's own parts have none.
_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20
# A reader of XML needs some thirty times the size of what it holds at once: a row of a sheet, the texts, another part.
_SHEETS, _TEXTS = "xl/worksheets/", "xl/sharedStrings.xml"
_MOST_TEXT_BYTES, _MOST_PART_BYTES = 1 << 26, 1 << 23
_GZIP_MAGIC, _ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
# The last row that a spreadsheet has.
LAST_ROW = 1_048_576
# How a packed file can be broken; its importer reports that.
_BROKEN = (OSError, EOFError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error)


class UnpacksTooLargeError(ValueError):
    """Raised where a packed file has unpacked to more than is read."""


class BoundedReader(io.RawIOBase):
    """What a stream has, up to ``most`` bytes; more raise ``UnpacksTooLargeError``."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream, self._most, self._left = stream, most, most

    def readable(self) -> bool:
        """It can only be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read again from the start, as a reader does that looks at the first character."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, which counts as having read what is before it."""
        place = self._stream.seek(offset, whence)
        self._left = self._most - place
        return place

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer from the stream; the number of bytes, zero at its end."""
        view = memoryview(buffer).cast("B")
        content = self._stream.read(len(view))
        self._left -= len(content)
        if self._left < 0:
            msg = "the file unpacks to far more than its size explains"
            raise UnpacksTooLargeError(msg)
        view[: len(content)] = content
        return len(content)


def most_unpacked(path: Path) -> int:
    """How many bytes a packed file may unpack to."""
    return _FREE_BYTES + _MOST_TIMES * path.stat().st_size


@contextmanager
def open_unpacked(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed if it is gzipped; ``UnpacksTooLargeError`` after the most that is read."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            bounded = BoundedReader(cast("BinaryIO", unpacked), most_unpacked(path))
            yield cast("BinaryIO", io.BufferedReader(bounded, _CHUNK_BYTES))


@contextmanager
def open_archive(path: Path) -> Iterator[Iterator[tuple[str, BinaryIO]]]:
    """The names and the contents of a tar archive's files, gzipped or not; each is read before the next."""
    with open_unpacked(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        yield _members(archive, most_unpacked(path))


def _members(archive: tarfile.TarFile, most: int) -> Iterator[tuple[str, BinaryIO]]:
    for member in archive:
        # A sparse file takes no place in the archive.
        if member.size > most:
            msg = f"{member.name[:60]} unpacks to far more than the archive's size explains"
            raise UnpacksTooLargeError(msg)
        content = archive.extractfile(member) if member.isfile() else None
        if content is not None:
            yield member.name, cast("BinaryIO", content)


def open_workbook(path: Path, *, data_only: bool = False) -> Any:
    """A workbook to be read row by row, the values of its formulas with ``data_only``.

    ValueError where it is one that ``refuse_unpacking`` refuses.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - takes long to load, and most formats are text

    refusal = refuse_unpacking(path)
    if refusal is not None:
        raise ValueError(refusal.message)
    return load_workbook(path, read_only=True, data_only=data_only)


def refuse_unpacking(path: Path) -> Refusal | None:
    """``file_unsafe`` where a file unpacks to too much, or brings entities of its own; None also for a broken file."""
    try:
        with path.open("rb") as raw:
            magic = raw.read(4)
        if magic == _ZIP_MAGIC:
            return _zip_refusal(path)
        if magic[:2] == _GZIP_MAGIC:
            with open_unpacked(path) as stream:
                while stream.read(_CHUNK_BYTES):
                    pass
    except UnpacksTooLargeError:
        return _too_large(path)
    except _BROKEN:
        return None
    return None


def _zip_refusal(path: Path) -> Refusal | None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        # A part is never read beyond the size that the archive gives for it.
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked(path):
            return _too_large(path)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                if not part.filename.startswith(_SHEETS):
                    most = _MOST_TEXT_BYTES if part.filename == _TEXTS else _MOST_PART_BYTES
                    if part.file_size > most:
                        return _too_large(path)
                with archive.open(part) as content:
                    head = content.read(_HEAD_BYTES).replace(b"\0", b"")
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        return Refusal(FILE_HAS_ENTITIES, {"file": path.name, "part": part.filename[:60]})
                    if part.filename.startswith(_SHEETS) and _has_endless_row(content):
                        return _too_large(path)
    return None


def _has_endless_row(content: IO[bytes]) -> bool:
    """Whether a sheet has a megabyte without the end of a row; the longest of an official file has 7 kB."""
    while chunk := content.read(_CHUNK_BYTES):
        if len(chunk) == _CHUNK_BYTES and b"row" not in chunk:
            return True
    return False


def _too_large(path: Path) -> Refusal:
    return Refusal(FILE_UNPACKS_TOO_LARGE, {"file": path.name, "most": most_unpacked(path)})
