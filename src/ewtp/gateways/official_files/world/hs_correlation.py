"""The UN Statistics Division's correlation workbooks of the Harmonized System: which code replaced which.

A workbook has a sheet of correlations with two code columns and a relationship. Only codes that changed are
kept: a code that replaced only itself says nothing. The workbook states its editions and no date.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.records import CodeReplaced, Importing, Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import LAST_ROW, open_workbook
from ewtp.gateways.official_files.file_readers import BROKEN, refuse_at_break, shorten_text
from ewtp.gateways.official_files.sentences import CORRELATION_ROW_MISSHAPEN, NOT_CORRELATION, NOT_CORRELATION_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

_EDITION = re.compile(r"HS\s*(\d{4})\Z")
_CODE = re.compile(r"\d{6}\Z")
_HEADER_ROWS = 10
# A workbook without one of its sheets is a KeyError.
_FAULTS = (*BROKEN, KeyError)


def _source(new: str, old: str, published: date | None, retrieved: date) -> Source:
    """The workbook that leads from an edition to the one before it."""
    return Source(
        f"un-{new.lower()}-{old.lower()}",
        f"Conversion and correlation tables, {new} to {old}",
        "UN Statistics Division",
        published,
        retrieved,
        url="https://unstats.un.org/unsd/classifications/Econ",
    )


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Old codes and their replacements; ``effective`` is not used, since editions are dated by their names."""
    del effective
    try:
        with _open_sheet(path) as workbook:
            names = [name for name in workbook.sheetnames if "HS" in name]
            found = next(((name, *head) for name in reversed(names) if (head := _header(workbook[name]))), None)
    except _FAULTS as error:
        return Refusal(NOT_CORRELATION, {"file": path.name, "reason": shorten_text(error)})
    if found is None:
        return Refusal(NOT_CORRELATION_SHEET, {"file": path.name})
    name, new_column, new, old_column, old = found
    records = _records(path, name, (new_column, new), (old_column, old))
    return Importing(_source(new, old, published, retrieved), refuse_at_break(records))


@contextmanager
def _open_sheet(path: Path) -> Iterator[Any]:
    workbook = open_workbook(path, data_only=True)
    try:
        yield workbook
    finally:
        workbook.close()


def _header(sheet: Any) -> tuple[int, str, int, str] | None:
    for row in sheet.iter_rows(max_row=_HEADER_ROWS, values_only=True):
        names = [
            (place, f"HS{m[1]}") for place, cell in enumerate(row) if (m := _EDITION.match(str(cell or "").strip()))
        ]
        if len(names) == 2 and any("elationship" in str(cell) for cell in row):  # noqa: PLR2004 - the two editions
            (first, new), (second, old) = names
            return first, new, second, old
    return None


def _records(path: Path, name: str, new: tuple[int, str], old: tuple[int, str]) -> Iterator[Record | RowRefused]:
    successors: dict[str, set[str]] = {}
    with _open_sheet(path) as workbook:
        for number, row in enumerate(workbook[name].iter_rows(max_row=LAST_ROW, values_only=True), 1):
            cells = [str(row[place] or "").strip() if place < len(row) else "" for place in (new[0], old[0])]
            if not any(cells) or _EDITION.match(cells[0]) or cells[0] == "Between":
                continue
            if all(_CODE.match(cell) for cell in cells):
                successors.setdefault(cells[1], set()).add(cells[0])
            else:
                yield RowRefused(CORRELATION_ROW_MISSHAPEN, row=number, text=shorten_text(row))
    for before, following in sorted(successors.items()):
        if following != {before}:
            for code in sorted(following):
                yield CodeReplaced(old[1], before, new[1], code)
