"""Iraq's customs tariff of 2026 as a workbook: code, text, mark of a prohibition, and two rates.

The first rate is the customs duty that the decision of the cabinet (957 of 2025) sets by chapter. The second is in no
table of the decision, and the workbook does not say what it is for: it is told and not charged. The decision has 5% for
some goods of chapters 84, 85 and 87, which no line names: who knows that the goods are such claims it. The nomenclature
is that of 2017. The workbook has its year in its title.
"""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import LAST_ROW, open_workbook
from ewtp.gateways.official_files.code_table import CodeTable, TableRow
from ewtp.gateways.official_files.file_readers import BROKEN, refuse_at_break, shorten_text, write_percent
from ewtp.gateways.official_files.sentences import (
    CODE_REPEATED,
    FILE_UNREADABLE,
    NOT_TARIFF_TABLE,
    TABLE_ROW_MISSHAPEN,
)
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERRITORY = "IQ"
NOMENCLATURE = "IQ2017"
CURRENCY = "IQD"
# The year in the title of the workbook; another edition is imported with the day from which it holds.
EDITION = date(2026, 1, 1)
SECOND = "second-rate"
LISTED = f"{TERRITORY}-listed-at-5"
_COLUMNS = ("HS COSE", "وصف البضاعة", "RUL_COD", "TAR_T05", "TAR_T06")
_CODE, _TEXT, _MARK, _DUTY, _OTHER = _COLUMNS
_DIGITS = 8
_FORM = CodeTable(_COLUMNS, _DIGITS, EDITION)
_PROHIBITED = "PROHIBITED_CODE"
# Codes with stars are headings above lines.
_HEADING = re.compile(r"[0-9]+\*+")
_HEADER_ROWS = 2
_NOT_HELD = "stated in a form that is not read, and not held"
_AT_5 = "5%"
# What the tables of the decision have at 5% within a chapter of another rate.
_LISTED_GOODS = {
    "84": "construction vehicles",
    "85": "solar energy equipment and panels",
    "87": "agricultural, production, construction and specialised vehicles and equipment",
}


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, second rates, prohibitions and lines, from ``effective`` or 2026-01-01 on."""
    try:
        with closing(open_workbook(path)) as book:
            rows = book.worksheets[0].iter_rows(max_row=_HEADER_ROWS, max_col=len(_COLUMNS), values_only=True)
            header = list(rows)[-1]
    except (*BROKEN, KeyError, IndexError) as error:
        return Refusal(FILE_UNREADABLE, {"file": path.name, "reason": shorten_text(f"{type(error).__name__} {error}")})
    if tuple(header) != _COLUMNS:
        return Refusal(NOT_TARIFF_TABLE, {"file": path.name, "columns": list(_COLUMNS)})
    source = Source(
        "iq-tariff",
        "Customs tariff of Iraq of 2026, under decision 957 of 2025",
        "General Authority of Customs of Iraq",
        published,
        retrieved,
    )
    table = TariffTable(
        source, Period(effective or EDITION), TERRITORY, NOMENCLATURE, CURRENCY, "Tariff", "Customs duty"
    )
    return Importing(source, refuse_at_break(_records(path, table)), _FORM.notes(effective))


def _records(path: Path, table: TariffTable) -> Iterator[Record | RowRefused]:
    lines: dict[str, TableRow] = {}
    prohibited = set()
    for row in _read_rows(path):
        if isinstance(row, RowRefused):
            yield row
            continue
        # A line that one of its rows marks is prohibited, whatever the others say.
        if row.cells[_MARK] == _PROHIBITED:
            prohibited.add(row.code)
        if row.code in lines:
            yield RowRefused(CODE_REPEATED, {"code": row.code}, row=row.number)
        else:
            lines[row.code] = row
    for row in lines.values():
        yield from _line(row, table)
    for code in sorted(prohibited):
        yield table.rule(code, Kind.PROHIBITION, title="Marked as prohibited in the tariff")


def _read_rows(path: Path) -> Iterator[TableRow | RowRefused]:
    with closing(open_workbook(path)) as book:
        rows = book.worksheets[0].iter_rows(
            min_row=_HEADER_ROWS + 1, max_row=LAST_ROW, max_col=len(_COLUMNS), values_only=True
        )
        for number, row in enumerate(rows, _HEADER_ROWS + 1):
            cells = dict(zip(_COLUMNS, ("" if cell is None else str(cell).strip() for cell in row), strict=True))
            code = cells[_CODE]
            if len(code) == _DIGITS and code.isascii() and code.isdigit():
                yield TableRow(number, code, cells)
            elif code and not _HEADING.fullmatch(code):
                shape = {"digits": _DIGITS, "cells": len(_COLUMNS)}
                yield RowRefused(TABLE_ROW_MISSHAPEN, shape, row=number, text=shorten_text(code))


def _line(row: TableRow, table: TariffTable) -> Iterator[Record | RowRefused]:
    code, chapter = row.code, row.code[:2]
    yield table.line(code, (), row.cells[_TEXT].strip(" -ـ:."))
    duty, other = write_percent(row.cells[_DUTY]), write_percent(row.cells[_OTHER])
    if duty is None:
        yield row.refuse_rate(_DUTY)
    listed = chapter in _LISTED_GOODS and duty not in (None, _AT_5)
    unlisted = (Condition("unless_claim", LISTED),) if listed else ()
    yield table.rule(code, Kind.DUTY, duty or _NOT_HELD, title=table.duty_title, conditions=unlisted)
    if listed:
        yield from _read_listed_goods(code, table)
    if other is None:
        yield row.refuse_rate(_OTHER)
        return
    yield table.rule(
        code,
        Kind.TAX,
        f"[second rate: {other} in the table, which does not say what for]",
        title="Second rate of the table",
        programme=SECOND,
    )


def _read_listed_goods(code: str, table: TariffTable) -> Iterator[Record]:
    """The rate of listed goods where it is claimed, and that it may hold where nobody says what the goods are."""
    goods = _LISTED_GOODS[code[:2]]
    yield table.rule(
        code,
        Kind.DUTY,
        _AT_5,
        title=table.duty_title,
        additional_code="5%",
        conditions=(Condition("claim", LISTED, f"goods that the decision has at 5%: {goods}"),),
    )
    yield table.rule(
        code,
        Kind.RELIEF,
        title="The rate of 5% of the decision",
        programme="relief:duty",
        conditions=(
            Condition("unless_claim", LISTED),
            Condition("listed", "", f"goods that the decision has at 5%: {goods}"),
        ),
    )
