"""The United Kingdom's workbooks of preferences, staging and tariff quotas, opened and told apart by their headers."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from ewtp.core.rulebook.citation import Source
from ewtp.gateways.official_files.uk.cells import BROKEN, RETRIEVED, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The nomenclature of 2022, on which the notification was made.
NOMENCLATURE = "CN2022"
PREFERENCES = ("fta country", "Commodity code", "Preferential duty rate 2022", "Validity", "Staging", "Notes")
STAGING = ("Country", "Commodity code", "Commodity code (long form)")
QUOTAS = ("FTA country", "Quota number", "Origin Quota", "Commodity code", "Quota duty rate", "Validity of duty rate")
QUOTA_STAGING = ("FTA country", "Quota number", "Commodity code", "Preferential in-quota applied duty rate 2022")
# The last change that the workbooks' own notes record.
PUBLISHED = date(2022, 4, 13)
YEAR = 2022
EFFECTIVE = date(YEAR, 1, 1)
Row = tuple[Any, ...]


def source(source_id: str, title: str) -> Source:
    """A workbook as a source."""
    return Source(
        id=source_id,
        title=title,
        publisher="UK Department for International Trade",
        published=PUBLISHED,
        retrieved=RETRIEVED,
        licence="OGL-3.0",
        carrier="trade-tariff open data for the WTO notification",
    )


def sheet_with(path: Path, columns: tuple[str, ...]) -> str | None:
    """The name of the sheet that starts with these columns; None where none does or the file is broken."""
    try:
        with closing(load_workbook(path, read_only=True)) as book:
            for sheet in book.worksheets:
                header = next(sheet.iter_rows(max_row=1, values_only=True), ())
                if tuple(tidy(cell) for cell in header[: len(columns)]) == columns:
                    return str(sheet.title)
    except (*BROKEN, KeyError):
        return None
    return None


def rows(path: Path, sheet: str) -> Iterator[tuple[int, Row]]:
    """The rows below the header, numbered as the spreadsheet numbers them; rows without a first cell are left out."""
    with closing(load_workbook(path, read_only=True)) as book:
        for number, row in enumerate(book[sheet].iter_rows(min_row=2, values_only=True), start=2):
            if row and row[0] is not None:
                yield number, row


def beside(path: Path, columns: tuple[str, ...]) -> Path | None:
    """The workbook in the same folder that has these columns."""
    for other in sorted(path.parent.glob("*.xlsx")):
        if other != path and sheet_with(other, columns) is not None:
            return other
    return None
