"""The lines of an invoice as a table: pasted from a spreadsheet, or as a file of separated values.

The first row names the columns. They have the names of a file of lines (docs/batch.md), and the usual headings of an
invoice are understood as well. Cells are left as they were typed; what they mean is read by the form.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from ewtp.apps.http.surface.form import clean_text
from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Longer texts are no invoice of a thousand lines, and would only be sent back.
MOST_CHARACTERS = 500_000
MOST_COLUMNS = 60
QUANTITY, PART = "quantity_", "part_"
SUPPLEMENTARY_UNIT, SUPPLEMENTARY_QUANTITY = "supplementary_unit", "supplementary_quantity"
WORDS = "product"
# Facts of the whole consignment, which have their own fields.
OF_CONSIGNMENT = frozenset({"from", "to", "date", "buyer", "transport", "freight", "insurance", "known_at"})
# The headings of a column, in lower case with one space between words.
_HEADINGS = {
    "hs": ("hs", "hs code", "hscode", "code", "tariff code", "tariff number", "commodity code", "commodity",
           "hts", "hts code", "taric code", "cn code"),
    WORDS: ("product", "description", "description of goods", "goods", "item description", "article"),
    "value": ("value", "amount", "line value", "line total", "line amount", "total", "total value", "total price",
              "total amount"),
    "currency": ("currency", "ccy"),
    "origin": ("origin", "country of origin", "origin country", "made in", "coo"),
    "claims": ("claims", "claim"),
    SUPPLEMENTARY_UNIT: ("supplementary unit", "unit", "unit of quantity", "unit of measure", "uom"),
    SUPPLEMENTARY_QUANTITY: ("supplementary quantity", "quantity", "qty"),
}  # fmt: skip
_KEYS = {heading: key for key, headings in _HEADINGS.items() for heading in headings}
# A quantity in a unit that the heading names, such as "Net weight (kg)".
_QUANTITY_HEADING = re.compile(r"(?:quantity|qty|net weight|net mass|weight|volume)\s*[(\[]?\s*([^)\]]+?)\s*[)\]]?\Z")
_DELIMITERS = "\t;,"
# Control characters that no text of a table has: their file is an image, an archive or a workbook.
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class InvoiceColumn:
    """A column: its ``key`` (empty for one that is not read) and its heading as it was typed."""

    key: str
    heading: str


@dataclass(frozen=True, slots=True)
class InvoiceTable:
    """The columns, and for each line its cells by key of the column, without those that are empty.

    ``extra`` are the numbers of the lines (from 1) that have more cells than there are columns.
    """

    columns: tuple[InvoiceColumn, ...]
    lines: tuple[dict[str, str], ...]
    extra: tuple[int, ...]

    def heading(self, key: str) -> str:
        """The heading of a column as it was typed; its key where the table has no such column."""
        return next((column.heading for column in self.columns if column.key == key), key)


def decode_table(content: bytes) -> str | None:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark; None for anything else."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _BINARY.search(text) else text


def read_table(text: str, most_lines: int) -> InvoiceTable | str:
    """The table in a text, or a sentence that says why there is none.

    Columns are separated by tabs, semicolons or commas, whichever the first row has. Reading ends after ``most_lines``
    lines and one more, so that a caller sees that there are too many.
    """
    if len(text) > MOST_CHARACTERS:
        return gettext("The table is too long. Divide it into several invoices.")
    if _BINARY.search(text):
        return unreadable_file()
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = _rows(plain)
    try:
        heading = next(rows, None)
        if heading is None:
            return gettext("Paste the lines of the invoice, or choose a file.")
        if len(heading) > MOST_COLUMNS:
            return gettext("The table has too many columns. Leave out those that are not needed.")
        columns = tuple(InvoiceColumn(_key(name), name) for name in heading)
        wrong = _wrong_columns(columns)
        return wrong or _table(columns, rows, most_lines)
    except csv.Error:
        return gettext("A quotation mark opens a cell and is never closed. Remove it, or close it.")


def _rows(text: str) -> Iterator[list[str]]:
    """The rows with something in them, each cell cleaned."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        cells = [clean_text(cell) for cell in row]
        if any(cells):
            yield cells


def _table(columns: tuple[InvoiceColumn, ...], rows: Iterator[list[str]], most_lines: int) -> InvoiceTable | str:
    lines: list[dict[str, str]] = []
    extra: list[int] = []
    for cells in rows:
        if any(cells[len(columns) :]):
            extra.append(len(lines) + 1)
        lines.append({c.key: cell for c, cell in zip(columns, cells, strict=False) if c.key and cell})
        if len(lines) > most_lines:
            break
    if not lines:
        return gettext("The table has headings and no lines below them.")
    return InvoiceTable(columns, tuple(lines), tuple(extra))


def _key(heading: str) -> str:
    """The key of a column by its heading; empty for a column that is not read."""
    plain = heading.casefold()
    for start in (QUANTITY, PART):
        if plain.startswith(start):
            return start + heading[len(start) :].strip()
    words = " ".join(re.sub(r"[\s_./:-]+", " ", plain).split())
    if words in OF_CONSIGNMENT or words == "known at":
        return words.replace(" ", "_")
    if words in _KEYS:
        return _KEYS[words]
    for key, name in invoice_headings().items():
        if plain == name.casefold():
            return key
    found = _QUANTITY_HEADING.match(words)
    unit = resolve_unit(found[1]) if found else None
    return f"{QUANTITY}{unit.key}" if isinstance(unit, Unit) else ""


def invoice_headings() -> dict[str, str]:
    """What the page calls the columns, in the reader's language; headings may have these names too."""
    return {
        "hs": gettext("Tariff code"),
        WORDS: gettext("Product"),
        "value": gettext("Price of the goods"),
        "currency": gettext("Currency"),
        "origin": gettext("Made in"),
        "claims": gettext("Claims"),
        SUPPLEMENTARY_QUANTITY: gettext("Quantity"),
        SUPPLEMENTARY_UNIT: gettext("Unit"),
    }


def _wrong_columns(columns: tuple[InvoiceColumn, ...]) -> str:
    """What is wrong with the columns, all of it; empty where nothing is."""
    keys = [column.key for column in columns]
    missing = [name for name in ("value",) if name not in keys]
    if "hs" not in keys and WORDS not in keys:
        missing.insert(0, f"hs ({gettext('or')} {WORDS})")
    found = []
    if missing:
        found.append(gettext("The first row has to name the columns; these are missing: %s.") % ", ".join(missing))
    twice = sorted({column.key for column in columns if column.key and keys.count(column.key) > 1})
    if twice:
        found.append(gettext("These columns are given twice: %s. Leave one of each.") % _headings(columns, twice))
    consignment = [column.key for column in columns if column.key in OF_CONSIGNMENT]
    if consignment:
        sentence = gettext(
            "These are of the whole consignment: %s. Use the fields of the form and leave the columns out."
        )
        found.append(sentence % _headings(columns, consignment))
    if (SUPPLEMENTARY_QUANTITY in keys) != (SUPPLEMENTARY_UNIT in keys):
        found.append(gettext("A quantity needs its unit: add a column unit, or name the column quantity_kg."))
    return " ".join(found)


def _headings(columns: Iterable[InvoiceColumn], keys: Iterable[str]) -> str:
    wanted = set(keys)
    return ", ".join(column.heading for column in columns if column.key in wanted)


def unreadable_file() -> str:
    """The sentence for a file that is not a text."""
    return gettext(
        "This is not a text in UTF-8. In a spreadsheet, save the sheet as CSV (UTF-8), or copy its cells here."
    )
