"""A table in CSV with an exact header and a tariff code at the beginning of each row, as several importers read it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import (
    note_assumed_start,
    open_text,
    read_csv_header,
    shorten_text,
)
from ewtp.gateways.official_files.sentences import (
    CODE_REPEATED,
    NOT_TARIFF_TABLE,
    TABLE_RATE_UNREADABLE,
    TABLE_ROW_MISSHAPEN,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

# Of the columns of a long header, a refusal names this many.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file: its number, from 1, its code, and its cells by column."""

    number: int
    code: str
    cells: dict[str, str]

    def refuse_rate(self, column: str) -> RowRefused:
        """That the rate in a column cannot be read."""
        params = {"column": column, "code": self.code}
        return RowRefused(TABLE_RATE_UNREADABLE, params, row=self.number, text=shorten_text(self.cells[column]))


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The form of a table: its ``columns``, the ``digits`` of its codes, and the day of the ``edition`` that has it.

    The table itself states no date.
    """

    columns: tuple[str, ...]
    digits: int
    edition: date

    def find_refusal(self, path: Path) -> Refusal | None:
        """Why a file is not such a table: ``file_not_tariff_table``, or as ``read_csv_header`` refuses."""
        header = read_csv_header(path)
        if isinstance(header, Refusal):
            return header
        if tuple(header) != self.columns:
            return Refusal(NOT_TARIFF_TABLE, {"file": path.name, "columns": list(self.columns[:_NAMED])})
        return None

    def notes(self, effective: date | None) -> tuple[str, ...]:
        """The note that the day of the edition is assumed, where no other day is ``effective``."""
        return (
            () if effective else (note_assumed_start(self.edition, f"the month of the edition of {self.edition.year}"),)
        )

    def read_rows(self, path: Path) -> Iterator[TableRow | RowRefused]:
        """The rows; ``row_misshapen`` for one of another length, or without a code."""
        with open_text(path) as stream:
            rows = csv.reader(stream, strict=True)
            next(rows)
            for number, row in enumerate(rows, 2):
                if len(row) == len(self.columns) and self._is_code(row[0]):
                    yield TableRow(number, row[0], dict(zip(self.columns, row, strict=True)))
                else:
                    shape = {"digits": self.digits, "cells": len(self.columns)}
                    yield RowRefused(TABLE_ROW_MISSHAPEN, shape, row=number, text=shorten_text(row))

    def read_codes(self, path: Path) -> Iterator[TableRow | RowRefused]:
        """The rows, of a code the first alone; ``code_repeated`` for every later one."""
        seen: set[str] = set()
        for row in self.read_rows(path):
            if isinstance(row, TableRow) and row.code in seen:
                yield RowRefused(CODE_REPEATED, {"code": row.code}, row=row.number)
                continue
            if isinstance(row, TableRow):
                seen.add(row.code)
            yield row

    def _is_code(self, text: str) -> bool:
        return len(text) == self.digits and text.isascii() and text.isdigit()
