"""The rows of the Harmonized Tariff Schedule of the United States as the USITC exports it, JSON or CSV.

Rows are read one at a time, so memory does not grow with the file.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, read_json_rows
from ewtp.gateways.official_files.sentences import (
    EXPORT_GARBLED,
    HTS_CODE_UNREADABLE,
    INDENT_UNREADABLE,
    NOT_HTS_EXPORT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEGAL_DIGITS = 8
STATISTICAL_DIGITS = 10
_CSV_COLUMNS = {
    "hts number": "htsno",
    "indent": "indent",
    "description": "description",
    "unit of quantity": "units",
    "general rate of duty": "general",
    "special rate of duty": "special",
    "column 2 rate of duty": "other",
}
_JSON_KEYS = frozenset({"htsno", "indent", "description", "units", "general", "special", "other"})
_CODE = re.compile(r"\d{4}(?:\.?\d{2}){0,3}\Z")
_CHAPTER_99 = re.compile(r"\b99\d{2}\.\d{2}(?:\.\d{2})?\b")
_TAGS = re.compile(r"</?[A-Za-z][^<>]*>")
# Units as the schedule writes them; a word before or after "kg" names the content that is weighed.
_UNITS = {
    "kg": "KGM",
    "no.": "C62",
    "no": "C62",
    "pcs": "C62",
    "doz.": "DZN",
    "dz pcs": "DZN",
    "m2": "MTK",
    "m²": "MTK",
    "prs.": "NPR",
    "m3": "MTQ",
    "m³": "MTQ",
    "t": "TNE",
    "liters": "LTR",
    "doz. prs.": "DPR",
    "g": "GRM",
    "gross": "GRO",
    "bbl": "BLL",
    "m": "MTR",
    "lin. m": "MTR",
    "pf.liters": "PFL",
    "thousands": "MIL",
    "carat": "CTM",
    "cm2": "CMK",
    "hundreds": "CEN",
    "jwls.": "jewel",
    "gbq": "GBQ",
    "mwh": "MWH",
    "pack": "PK",
    "thousand m3": "TMS",
    "thousand m": "KNM",
    "no. and kg": "C62 KGM",
    "w": "watt",
    "doses": "dose",
    "square": "square",
    "gr.lines": "gross_line",
    "fiber m": "fibre_metre",
}
_CONTENT_UNITS = {"kg": "KGM", "g": "GRM", "t": "TNE"}


@dataclass(frozen=True, slots=True)
class HtsRow:
    """One row of an export: ``code`` is digits only, empty on a row of text.

    ``links`` are the headings of chapter 99 that its footnotes name, ``column_2_links`` those on column 2 alone.
    """

    number: int
    code: str
    indent: int
    description: str
    units: tuple[str, ...]
    general: str
    special: str
    other: str
    links: tuple[str, ...] = ()
    column_2_links: tuple[str, ...] = ()


def open_rows(path: Path) -> Iterator[HtsRow | RowRefused] | Refusal:
    """The rows of a JSON or CSV export, ``.gz`` or plain; a broken file ends with a RowRefused ``file_broken``."""
    try:
        with open_text(path) as stream:
            first = next(_objects(stream), None)
    except BROKEN:
        first = None
    if first is None or not first.keys() >= _JSON_KEYS:
        return Refusal(NOT_HTS_EXPORT, {"file": path.name})
    return _check_rows(path)


def has_footnotes(path: Path) -> bool:
    """Whether the export, which ``open_rows`` accepts, gives its footnotes: the CSV leaves them out."""
    with open_text(path) as stream:
        return "footnotes" in next(_objects(stream), {})


def _check_rows(path: Path) -> Iterator[HtsRow | RowRefused]:
    number = 0
    try:
        with open_text(path) as stream:
            for number, row in enumerate(_objects(stream), start=1):
                yield _row(number, row)
    except BROKEN as error:
        yield RowRefused(EXPORT_GARBLED, {"row": number}, row=number + 1, text=str(error)[:80])


def _objects(stream: TextIO) -> Iterator[dict[str, Any]]:
    start = stream.read(1)
    stream.seek(0)
    return read_json_rows(stream) if start == "[" else _csv_objects(stream)


def _csv_objects(stream: TextIO) -> Iterator[dict[str, Any]]:
    """The rows of the CSV export under the names of the JSON one."""
    rows = csv.reader(stream, strict=True)
    names = [_CSV_COLUMNS.get(column.strip().lower(), column) for column in next(rows, [])]
    for row in rows:
        if row:
            yield dict(zip(names, row, strict=True))


def _row(number: int, row: dict[str, Any]) -> HtsRow | RowRefused:
    written = _text(row.get("htsno"))
    indent = _text(row.get("indent"))
    if written and not _CODE.match(written):
        return RowRefused(HTS_CODE_UNREADABLE, row=number, text=written[:80])
    if not indent.isdigit():
        return RowRefused(INDENT_UNREADABLE, row=number, text=indent[:80])
    return HtsRow(
        number,
        written.replace(".", ""),
        int(indent),
        _text(_TAGS.sub("", _text(row.get("description")))),
        _units(row.get("units")),
        _text(row.get("general")),
        _text(row.get("special")),
        _text(row.get("other")),
        _links(row, ""),
        _links(row, "other"),
    )


def _text(value: object) -> str:
    return " ".join(str(value or "").split())


def _links(row: dict[str, Any], column: str) -> tuple[str, ...]:
    """Headings of chapter 99 in the footnotes of a column, or of any column where none is named."""
    notes = row.get("footnotes")
    if not isinstance(notes, list):
        return ()
    values = [
        str(note.get("value", ""))
        for note in notes
        if isinstance(note, dict) and (not column or note.get("columns") == [column])
    ]
    return tuple(dict.fromkeys(code for value in values for code in _CHAPTER_99.findall(value)))


def _units(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip().startswith("[") else value.split(";")
        except json.JSONDecodeError:
            value = [value]
    words = [_text(word).lower() for word in value] if isinstance(value, list) else []
    return tuple(dict.fromkeys(key for word in words if word for key in _unit(word).split()))


def _unit(word: str) -> str:
    known = _UNITS.get(word)
    if known is not None:
        return known
    parts = word.split()
    for part in parts:
        if part in _CONTENT_UNITS and len(parts) > 1:
            return _CONTENT_UNITS[part] + "." + "_".join(p for p in parts if p != part)
    return "_".join(parts)


def is_product(code: str) -> bool:
    """Whether a code belongs to the chapters of ordinary products."""
    return code[:2] < "98"
