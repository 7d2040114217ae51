"""Schedule 1 Part 1 of the Southern African Customs Union, as a table extracted from the pages of the tariff book.

The table has one row a tariff line: code, check digit, description, unit and six rates (general, EU and
UK, EFTA, SADC, MERCOSUR, AfCFTA). The check digit is not part of the code. Lines that could not be extracted are
listed in ``unparsed_lines.csv`` beside the table: they are refused by name, and a rule that says where to look
keeps their duty from being answered as nothing. The table states no date.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from typing import TYPE_CHECKING

import pycountry

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.expressions.typography import normalise
from ewtp.core.rulebook.measure import Origins
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import Unit, resolve_unit
from ewtp.gateways.official_files.file_readers import (
    note_assumed_start,
    open_text,
    read_csv_header,
    refuse_at_break,
    shorten_text,
)
from ewtp.gateways.official_files.sentences import (
    NOT_SACU_SCHEDULE,
    ROW_NOT_IN_TABLE,
    ROW_WITHOUT_LINE,
    SACU_RATE_UNREADABLE,
    SACU_ROW_MISSHAPEN,
)
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERRITORY = "SACU"
NOMENCLATURE = "SACU2025"
CURRENCY = "ZAR"
# The day of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2025, 5, 9)
_HEADER = ["code", "check_digit", "description", "unit", "general", "eu_uk", "efta", "sadc", "mercosur", "afcfta"]
_PARTNERS = _HEADER[5:]
_CODE = re.compile(r"\d{4}\.\d{2}(?:\.\d{2})?\Z")
# The heading of the next subchapter is the only text known to run into a cell.
_NEXT_HEADING = re.compile(r"\s+SUBCHAPTER [IVXLC]+\s.*", re.DOTALL)
_NAMED = re.compile(r"(?P<rate>.*?)\s+to\s*(?P<names>[A-Z][A-Za-z, ]+)\Z")
_SIMPLE = r"(?:free|\d+(?:,\d+)?%|\d+(?:,\d+)?c/(?:kg|li|u|2u)(?:net|aa)?)"
_RATE = re.compile(rf"{_SIMPLE}(?:or{_SIMPLE})?(?:less\d+(?:,\d+)?%)?(?:withamaximumof\d+(?:,\d+)?%)?\Z")
# A line swallowed by the row before it shows as its code, check digit and first word.
_SWALLOWED = re.compile(r"(\d{4}\.\d{2})\s+\d\s+[A-Z]")
# The states that the schedule's own MERCOSUR column names.
_MERCOSUR_STATES = ("AR", "BR", "PY", "UY")


def _table(published: date | None, retrieved: date, validity: Period) -> TariffTable:
    source = Source(
        "sacu-schedule-1-1",
        "Schedule No. 1 Part 1 to the Customs and Excise Act, 1964: ordinary customs duty",
        "South African Revenue Service",
        published,
        retrieved,
        licence="official document",
        url="https://www.sars.gov.za/legal-counsel/primary-legislation/schedules-to-the-customs-and-excise-act-1964/",
    )
    return TariffTable(source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "Schedule 1 Part 1", "General duty")


def read(
    path: Path,
    *,
    retrieved: date,
    published: date | None = None,
    effective: date | None = None,
    unparsed: Path | None = None,
) -> Importing | Refusal:
    """Duties, preferences and lines of the schedule, from ``effective`` or 2025-05-09 on.

    ``unparsed`` lists the lines missing from the table; ``unparsed_lines.csv`` beside it by default.
    """
    header = read_csv_header(path)
    if isinstance(header, Refusal):
        return header
    if header != _HEADER:
        return Refusal(NOT_SACU_SCHEDULE, {"file": path.name, "header": list(_HEADER)})
    beside = unparsed or path.with_name("unparsed_lines.csv")
    table = _table(published, retrieved, Period(effective or EDITION))
    notes = () if effective else (note_assumed_start(EDITION, "the day of the edition of May 2025"),)
    return Importing(table.source, refuse_at_break(_records(path, beside, table)), notes)


def _records(path: Path, beside: Path, table: TariffTable) -> Iterator[Record | RowRefused]:
    with open_text(path) as stream:
        rows = csv.reader(stream, strict=True)
        next(rows)
        for number, row in enumerate(rows, 2):
            yield from _line(number, row, table)
    if beside.exists():
        with open_text(beside) as stream:
            for number, left in enumerate(csv.DictReader(stream), 2):
                yield from _name_omissions(number, left.get("code") or "", left.get("raw") or "", table)


def _line(number: int, row: list[str], table: TariffTable) -> Iterator[Record | RowRefused]:
    if len(row) != len(_HEADER) or not _CODE.match(row[0]):
        yield RowRefused(SACU_ROW_MISSHAPEN, row=number, text=shorten_text(row))
        return
    cells = dict(zip(_HEADER, row, strict=True))
    rates: dict[str, tuple[str, Origins]] = {}
    for column in _HEADER[4:]:
        rate = _rate(cells[column], column)
        if rate is None:
            yield RowRefused(SACU_RATE_UNREADABLE, {"column": column}, row=number, text=shorten_text(cells[column]))
            yield from _unknown(cells["code"], table)
            return
        rates[column] = rate
    code = cells["code"].replace(".", "")
    general = rates["general"][0]
    yield table.duty(code, general)
    for column in _PARTNERS:
        expression, origins = rates[column]
        # A preference equal to the general rate saves nothing and is not a rule of its own.
        if expression != general:
            yield table.preference(code, expression, origins)
    unit = resolve_unit("C62" if cells["unit"] in ("u", "2u") else cells["unit"])
    yield table.line(code, (unit.key,) if isinstance(unit, Unit) else (), cells["description"])


def _rate(cell: str, column: str) -> tuple[str, Origins] | None:
    text = _NEXT_HEADING.sub("", cell).strip()
    origins = Origins((f"{TERRITORY}-{column.upper()}",)) if column in _PARTNERS else Origins()
    named = _NAMED.match(text)
    if named:
        states = [_state(name) for name in named["names"].split(",")]
        if column != "mercosur" or not all(state in _MERCOSUR_STATES for state in states):
            return None
        text = named["rate"]
        origins = Origins(origins.include, tuple(s for s in _MERCOSUR_STATES if s not in states))
    if not _RATE.match(re.sub(r"\s", "", text).lower()):
        return None
    return normalise(text), origins


def _state(name: str) -> str:
    try:
        return str(pycountry.countries.lookup(name.strip()).alpha_2)
    except LookupError:
        return ""


def _name_omissions(number: int, code: str, raw: str, table: TariffTable) -> Iterator[Record | RowRefused]:
    if not _CODE.match(code):
        yield RowRefused(ROW_WITHOUT_LINE, row=number, text=shorten_text(code))
        return
    yield RowRefused(ROW_NOT_IN_TABLE, {"code": code}, row=number, text=shorten_text(raw))
    yield from _unknown(code, table)
    for other in _SWALLOWED.findall(raw):
        if other != code:
            yield RowRefused(ROW_NOT_IN_TABLE, {"code": other}, row=number, text=shorten_text(raw))
            yield from _unknown(other, table)


def _unknown(code: str, table: TariffTable) -> Iterator[Record]:
    """A duty that states where to find its rate, so that it is answered as unknown and not as zero."""
    digits = code.replace(".", "")
    yield table.duty(digits, f"see Schedule 1 Part 1, {code}")
    yield table.line(digits)
