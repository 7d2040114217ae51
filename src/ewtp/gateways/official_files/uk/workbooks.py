"""The United Kingdom's workbooks of preferences, staging and tariff quotas; their headers distinguish them."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.gateways.official_files.archive_reader import LAST_ROW, open_workbook
from ewtp.gateways.official_files.file_readers import BROKEN
from ewtp.gateways.official_files.uk.cells import tidy_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The nomenclature of 2022, in which the notification was made.
NOMENCLATURE = "CN2022"
PREFERENCES = ("fta country", "Commodity code", "Preferential duty rate 2022", "Validity", "Staging", "Notes")
STAGING = ("Country", "Commodity code", "Commodity code (long form)")
QUOTAS = ("FTA country", "Quota number", "Origin Quota", "Commodity code", "Quota duty rate", "Validity of duty rate")
QUOTA_STAGING = ("FTA country", "Quota number", "Commodity code", "Preferential in-quota applied duty rate 2022")
YEAR = 2022
EFFECTIVE = date(YEAR, 1, 1)
SheetRow = tuple[Any, ...]
_NOTES_ROWS = 200


def make_workbook_source(source_id: str, title: str, published: date | None, retrieved: date) -> Source:
    """A workbook as a source."""
    return Source(
        id=source_id,
        title=title,
        publisher="UK Department for International Trade",
        published=published,
        retrieved=retrieved,
        licence="OGL-3.0",
        carrier="trade-tariff open data for the WTO notification",
    )


def find_sheet(path: Path, columns: tuple[str, ...]) -> str | None:
    """The name of the sheet that starts with these columns; None where none does or the file is broken."""
    try:
        with closing(open_workbook(path)) as book:
            for sheet in book.worksheets:
                header = next(sheet.iter_rows(max_row=1, values_only=True), ())
                if tuple(tidy_text(cell) for cell in header[: len(columns)]) == columns:
                    return str(sheet.title)
    except (*BROKEN, KeyError):
        return None
    return None


def read_sheet(path: Path, sheet: str) -> Iterator[tuple[int, SheetRow]]:
    """The rows below the header, numbered as the spreadsheet numbers them; rows without a first cell are left out."""
    with closing(open_workbook(path)) as book:
        # A row with a higher number would have the reader make up all the rows before it.
        rows = book[sheet].iter_rows(min_row=2, max_row=LAST_ROW, values_only=True)
        for number, row in enumerate(rows, start=2):
            if row and row[0] is not None:
                yield number, row


def find_last_change(path: Path) -> date | None:
    """The day of the last change that the workbook's sheet of notes records; None where it has no such sheet.

    A sheet of notes gives a number, a day and a sentence in each row.
    """
    days: list[date] = []
    try:
        with closing(open_workbook(path)) as book:
            for sheet in book.worksheets:
                for row in sheet.iter_rows(max_row=_NOTES_ROWS, max_col=3, values_only=True):
                    day = row[1] if len(row) > 1 else None
                    if isinstance(day, datetime):
                        days.append(day.date())
    except (*BROKEN, KeyError):
        return None
    return max(days, default=None)


def find_workbook_beside(path: Path, columns: tuple[str, ...]) -> Path | None:
    """The workbook in the same folder that has these columns."""
    for other in sorted(path.parent.glob("*.xlsx")):
        if other != path and find_sheet(other, columns) is not None:
            return other
    return None
