"""The customs tariff of Chile as the rows of its printed tables: heading, item, text, unit, duty, statistical unit.

An item of eight digits is a line. Section 0 has treatments of importers and of uses in the place of goods, some of
them with their cells moved by a column. The tables state no date.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.absent_subheadings import keep_absent
from ewtp.gateways.official_files.code_table import CodeTable, TableRow
from ewtp.gateways.official_files.file_readers import (
    BROKEN,
    open_text,
    read_json_document,
    refuse_at_break,
    shorten_text,
    write_percent,
)
from ewtp.gateways.official_files.sentences import (
    CODE_REPEATED,
    FILE_UNREADABLE,
    NOT_TARIFF_TABLE,
    SPECIAL_TREATMENT,
    TABLE_ROW_MISSHAPEN,
)
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TERRITORY = "CL"
NOMENCLATURE = "CL2022"
CURRENCY = "CLP"
# The year of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2022, 1, 1)
_COLUMNS = ("Partida", "Código del S.A.", "Glosa", "U.A.", "Adv.", "Estad. Unidad Código")
_HEADING, _CODE, _TEXT, _, _DUTY, _UNIT = _COLUMNS
_DIGITS = 8
_FORM = CodeTable(_COLUMNS, _DIGITS, EDITION)
_ITEM = re.compile(r"[0-9]{4}\.[0-9]{4}")
_SUBHEADING = re.compile(r"[0-9]{4}\.[0-9]{2}")
_HEADING_NUMBER = re.compile(r"[0-9]{2}\.[0-9]{2}")
_SECTION_0 = "00"
_NOT_HELD = "stated in a form that is not read, and not held"
_UNITS = {
    "KN-06": "KGM",
    "U-10": "C62",
    "LT-09": "LTR",
    "MT3-16": "MTQ",
    "MT2-15": "MTK",
    "2U-17": "NPR",
    "MT-14": "MTR",
    "KLT-05": "KLT",
    "MKWH-03": "MWH",
    "MU-13": "MIL",
    "U(JGO)-12": "SET",
}


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties and lines of the tariff, from ``effective`` or 2022-01-01 on."""
    try:
        with open_text(path) as stream:
            document = read_json_document(stream)
    except BROKEN as error:
        return Refusal(FILE_UNREADABLE, {"file": path.name, "reason": shorten_text(error)})
    if not isinstance(document, dict) or tuple(document.get("headers", ())) != _COLUMNS:
        return Refusal(NOT_TARIFF_TABLE, {"file": path.name, "columns": list(_COLUMNS)})
    source = Source("cl-tariff", "Customs tariff of Chile", "Servicio Nacional de Aduanas", published, retrieved)
    validity = Period(effective or EDITION)
    table = TariffTable(source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "Arancel", "Customs duty")
    return Importing(source, refuse_at_break(_records(document.get("rows", ()), table)), _FORM.notes(effective))


def _records(rows: Sequence[Sequence[str]], table: TariffTable) -> Iterator[Record | RowRefused]:
    above: list[str] = []
    seen: set[str] = set()
    for row in _read_rows(rows):
        if isinstance(row, RowRefused):
            yield row
            continue
        text = _describe(row, above)
        if not row.code:
            continue
        if row.code.startswith(_SECTION_0):
            yield RowRefused(SPECIAL_TREATMENT, {"code": row.code}, row=row.number)
        elif row.code in seen:
            yield RowRefused(CODE_REPEATED, {"code": row.code}, row=row.number)
        else:
            seen.add(row.code)
            yield from _line(row, text, table)
    yield from keep_absent(seen, table)


def _read_rows(rows: Sequence[Sequence[str]]) -> Iterator[TableRow | RowRefused]:
    """The rows with an item, or with a text above items, which have no code; headings of the table are left out."""
    for number, row in enumerate(rows, 1):
        whole = isinstance(row, list) and len(row) == len(_COLUMNS)
        cells = dict(zip(_COLUMNS, (str(cell).strip() for cell in row), strict=True)) if whole else {}
        if not whole or (_is_rate(cells[_DUTY]) and not _ITEM.fullmatch(cells[_CODE])):
            shape = {"digits": _DIGITS, "cells": len(_COLUMNS)}
            text = shorten_text([*filter(None, cells.values())] or row)
            yield RowRefused(TABLE_ROW_MISSHAPEN, shape, row=number, text=text)
        elif _ITEM.fullmatch(cells[_CODE]):
            yield TableRow(number, cells[_CODE].replace(".", ""), cells)
        elif _is_above(cells):
            yield TableRow(number, "", cells)


def _is_rate(cell: str) -> bool:
    return cell.isdigit()


def _is_above(cells: dict[str, str]) -> bool:
    numbered = _HEADING_NUMBER.fullmatch(cells[_HEADING]) or _SUBHEADING.fullmatch(cells[_CODE])
    return bool(cells[_TEXT]) and bool(numbered or cells[_TEXT].startswith("-"))


def _describe(row: TableRow, above: list[str]) -> str:
    """The texts above the row and its own, of which ``above`` keeps those for the next: dashes count the levels."""
    text = row.cells[_TEXT]
    words = text.lstrip("- ")
    level = 0 if _HEADING_NUMBER.fullmatch(row.cells[_HEADING]) else len(text) - len(text.lstrip("-"))
    above[level:] = [words.rstrip(":.")]
    return ": ".join(above)


def _line(row: TableRow, text: str, table: TariffTable) -> Iterator[Record | RowRefused]:
    unit = _UNITS.get(row.cells[_UNIT])
    yield table.line(row.code, (unit,) if unit else (), text)
    duty = write_percent(row.cells[_DUTY])
    if duty is None:
        yield row.refuse_rate(_DUTY)
    yield table.rule(row.code, Kind.DUTY, duty or _NOT_HELD, title=table.duty_title)
