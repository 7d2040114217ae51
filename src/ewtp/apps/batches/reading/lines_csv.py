"""A file of lines as separated values, in the columns of a Parquet file of lines, as people make one by hand."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ewtp.apps.batches.reading.sentences import (
    CELL_OVER_LINES,
    CELLS_TOO_MANY,
    CELLS_UNREADABLE,
    LINES_NONE,
    LINES_TOO_LONG,
)
from ewtp.core.compiled.table.lines_from_arrow import check_columns
from ewtp.core.compiled.table.quantities import QUANTITY, SUPPLEMENTARY_QUANTITY
from ewtp.core.values.money import parse_decimal
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import DATE_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

_AMOUNTS = ("value", "freight", "insurance", SUPPLEMENTARY_QUANTITY)
_DELIMITERS = "\t;,"
_MOST_FAULTS = 1_000


def read_csv_lines(text: str, most: int) -> pa.Table | Refusal:
    """The lines of a text as a table, texts of all other columns included.

    The first row names the columns, which are separated by tabs, semicolons or commas; amounts are digits with a dot,
    days are in ISO 8601, and an empty cell states nothing. Refusals: ``file_unreadable``, ``lines_missing``,
    ``lines_too_many``, ``column_missing``, ``column_twice``, ``cell_over_lines``, units'; and at once every line
    with more cells than there are columns (``cells_too_many``) and every cell that cannot be read, with its place in
    ``where`` (``lines[0].value``).
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    delimiter = next((mark for mark in _DELIMITERS if mark in plain.partition("\n")[0]), ",")
    try:
        rows = [row for row in csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error:
        return Refusal(CELLS_UNREADABLE)
    if len(rows) < 2:  # noqa: PLR2004 - the names of the columns, and a line
        return Refusal(LINES_NONE)
    if len(rows) - 1 > most:
        return Refusal(LINES_TOO_LONG, {"most": most})
    swallowed = next((place for place, row in enumerate(rows) if any(holds_lines(c, delimiter) for c in row)), None)
    if swallowed is not None:
        return Refusal(CELL_OVER_LINES, where=f"lines[{swallowed - 1}]" if swallowed else None)
    names = [name.strip() for name in rows[0]]
    schema = pa.schema([pa.field(name, _kind(name)) for name in names])
    refused = check_columns(schema)
    if refused is not None:
        return refused
    return _table(names, rows[1:])


def holds_lines(cell: str, delimiter: str) -> bool:
    """Whether a cell has swallowed lines of its table: a quotation mark opens it, and one further down closes it."""
    return "\n" in cell and delimiter in cell


def _kind(name: str) -> pa.DataType:
    if name == "date":
        return pa.date32()
    return pa.decimal128(38, 9) if _is_amount(name) else pa.string()


def _is_amount(name: str) -> bool:
    return name in _AMOUNTS or name.startswith(QUANTITY)


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table | Refusal:
    refusals = [
        Refusal(CELLS_TOO_MANY, where=f"lines[{number}]")
        for number, row in enumerate(rows)
        if any(cell.strip() for cell in row[len(names) :])
    ]
    columns: list[pa.Array] = []
    for place, name in enumerate(names):
        cells = [row[place].strip() if place < len(row) else "" for row in rows]
        values: list[Any] = []
        for number, cell in enumerate(cells):
            value = _value(name, cell)
            if isinstance(value, Refusal):
                refusals.append(value.under(f"lines[{number}]"))
                value = None
            values.append(value)
        columns.append(_column(name, values))
    if refusals:
        return Refusal.join(sorted(refusals, key=_line_of)[:_MOST_FAULTS])
    return pa.table(columns, names=list(names))


def _line_of(refusal: Refusal) -> int:
    return int((refusal.where or "").partition("[")[2].partition("]")[0] or 0)


def _value(name: str, cell: str) -> str | date | Decimal | Refusal | None:
    if not cell:
        return None
    if _is_amount(name):
        amount = parse_decimal(cell, name)
        return amount.under(name) if isinstance(amount, Refusal) else amount
    if name == "date":
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return Refusal(DATE_UNREADABLE, where=name)
    return cell


def _column(name: str, values: list[Any]) -> pa.Array:
    if name == "date":
        return pa.array(values, pa.date32())
    if _is_amount(name):
        # The scale is that of the finest cell, so that no amount gets decimals that nobody wrote.
        scale = max((-value.as_tuple().exponent for value in values if value is not None), default=0)
        return pa.array(values, pa.decimal128(38, max(scale, 0)))
    return pa.array(values, pa.string())
