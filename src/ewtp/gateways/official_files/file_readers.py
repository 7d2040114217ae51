"""RuleReading official files: plain or gzipped text, JSON arrays row by row, broken files, the figures of a rate."""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO
from xml.etree.ElementTree import ParseError

from openpyxl.utils.exceptions import InvalidFileException

from ewtp.core.rulebook.records import Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import open_unpacked
from ewtp.gateways.official_files.sentences import FILE_BREAKS_OFF, FILE_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# How reading a file can fail: truncated archive, wrong encoding, lost disk, endless nesting.
BROKEN = (
    EOFError,
    OSError,
    RecursionError,
    UnicodeDecodeError,
    ValueError,
    InvalidFileException,
    csv.Error,
    tarfile.TarError,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
)
_CHUNK_CHARACTERS = 1 << 16
# A row of a larger text is not a row of a tariff.
_LONGEST_ROW = 1 << 24
EXCERPT_CHARACTERS = 80


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """The text of ``path`` (UTF-8, with or without a byte order mark), decompressed if it is gzipped."""
    with open_unpacked(path) as stream:
        yield io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def read_csv_header(path: Path) -> list[str] | Refusal:
    """The cells of the first row, none in an empty file; ``file_unreadable`` where it cannot be read."""
    try:
        with open_text(path) as stream:
            return next(csv.reader(stream), [])
    except BROKEN as error:
        return Refusal(FILE_UNREADABLE, {"file": path.name, "reason": shorten_text(error)})


def refuse_at_break(records: Iterable[Record | RowRefused]) -> Iterator[Record | RowRefused]:
    """The records, then a refusal ``file_broken`` where the file breaks off; whoever stores them stores nothing."""
    count = 0
    try:
        for count, record in enumerate(records, start=1):  # noqa: B007 - the count is reported when the file breaks
            yield record
    except BROKEN as error:
        reason = shorten_text(f"{type(error).__name__}: {error}")
        yield RowRefused(FILE_BREAKS_OFF, {"count": count, "reason": reason}, row=count + 1)


def read_json_rows(stream: TextIO) -> Iterator[dict[str, Any]]:
    """The objects of a JSON array, one at a time; ValueError where the array is broken or ends too early."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    text = stream.read(_CHUNK_CHARACTERS)
    place = len(text) - len(text.lstrip())
    if text[place : place + 1] != "[":
        msg = "the file is not a JSON array"
        raise ValueError(msg)
    place += 1
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        if place < len(text) and text[place] == "]":
            return
        try:
            row, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError:
            held = len(text) - place
            if held > _LONGEST_ROW:
                msg = f"a row has more than {_LONGEST_ROW} characters"
                raise ValueError(msg) from None
            # As much again, so that a long row is not read again for every piece of it.
            more = stream.read(max(_CHUNK_CHARACTERS, held))
            if not more:
                raise
            text, place = text[place:] + more, 0
            continue
        if not isinstance(row, dict):
            msg = "the array holds something else than objects"
            raise ValueError(msg)  # noqa: TRY004 - every fault of a file is a ValueError
        yield row


def read_json_document(stream: TextIO | BinaryIO, **options: Any) -> Any:
    """The JSON value of a whole stream; ValueError where it is none, or longer than a document that is read whole."""
    text = stream.read(_LONGEST_ROW + 1)
    if len(text) > _LONGEST_ROW:
        msg = f"the document has more than {_LONGEST_ROW} characters"
        raise ValueError(msg)
    return json.loads(text, **options)


def write_percent(figure: object) -> str | None:
    """``4.50`` as ``4.5%``; None where the figure is not a plain number from 0 to 9999."""
    try:
        number = Decimal(str(figure).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number < 10000:  # noqa: PLR2004 - no duty is a hundred times the goods
        return None
    plain = format(number, "f")
    return f"{plain.rstrip('0').rstrip('.') if '.' in plain else plain}%"


def day_before(day: date) -> date:
    """The day before ``day``, the last of a period that the next one succeeds."""
    return day - timedelta(days=1)


def note_assumed_start(day: date, reason: str) -> str:
    """The note of an import whose file does not state from which day it holds."""
    return f"The file does not state from which day it holds: {day} is taken, {reason}. --effective gives another day."


def shorten_text(text: object) -> str:
    """The start of an offending text, short enough for a report."""
    return " ".join(str(text).split())[:EXCERPT_CHARACTERS]
