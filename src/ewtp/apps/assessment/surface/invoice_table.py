"""The lines of an invoice as a table: pasted from a spreadsheet, or as a file of separated values.

The first row names the columns: as in a file of lines (docs/ask/batch.md), or by the usual headings of an invoice.
Cells are left as they were typed; the form reads their meaning.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from ewtp.apps.assessment.surface.line_numbers import lines_text
from ewtp.apps.http.surface.form import clean_text
from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A longer text is not an invoice of a thousand lines, and would only be sent back.
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
# Names of units that, as a whole heading, mean nothing else on an invoice; "no", "item" or "line" would be a number.
_UNIT_HEADINGS = frozenset(
    {"kg", "kilogram", "kilograms", "litre", "litres", "liter", "liters", "hl", "m2", "m3", "pairs", "pieces", "pcs"}
)
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

    ``extra`` are the numbers of the lines (from 1) that have more cells than there are columns. ``rows`` are all rows
    as they were typed, that of the headings first.
    """

    columns: tuple[InvoiceColumn, ...]
    lines: tuple[dict[str, str], ...]
    extra: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str

    def heading(self, key: str) -> str:
        """The heading of a column as it was typed; its key where the table has no such column."""
        return next((column.heading for column in self.columns if column.key == key), key)

    def correct_cells(self, cells: Mapping[tuple[int, str], str]) -> str:
        """The table as a text with other cells, by number of the line (from 0) and key of the column.

        A column that is not there is added. Everything else is as it was typed, but for rows without any content.
        """
        keys = [column.key for column in self.columns]
        added = [key for key in dict.fromkeys(key for _, key in cells) if key not in keys]
        rows = [[*self.rows[0], *added], *(self._pad_row(row, len(added)) for row in self.rows[1:])]
        for (number, key), text in cells.items():
            rows[number + 1][[*keys, *added].index(key)] = text
        sheet = io.StringIO()
        csv.writer(sheet, delimiter=self.delimiter, lineterminator="\n").writerows(rows)
        return sheet.getvalue()

    def _pad_row(self, row: tuple[str, ...], added: int) -> list[str]:
        width = len(self.columns)
        return [*row[:width], *[""] * (width - len(row)), *[""] * added, *row[width:]]


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
    first = next((line for line in plain.split("\n") if line.strip()), "")
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    rows: list[tuple[str, ...]] = []
    try:
        for row in csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True):
            if any(map(clean_text, row)):
                if any("\n" in cell and delimiter in cell for cell in row):
                    return _word_swallowed(len(rows))
                rows.append(tuple(row))
            if len(rows) > most_lines + 1:
                break
    except csv.Error:
        return gettext("A quotation mark opens a cell and is never closed. Remove it, or close it.")
    return _table(rows, delimiter)


def _word_swallowed(row: int) -> str:
    """The sentence for a cell that has swallowed lines: a quotation mark opens it, and one further down closes it."""
    sentence = gettext(
        "A quotation mark opens a cell here that runs on over the next lines. Remove the mark, or write the cell on "
        "one line."
    )
    return f"{lines_text([row])}: {sentence}" if row else sentence


def _table(rows: list[tuple[str, ...]], delimiter: str) -> InvoiceTable | str:
    if not rows:
        return gettext("Paste the lines of the invoice, or choose a file.")
    columns = tuple(InvoiceColumn(_key(name), name) for name in map(clean_text, rows[0]))
    if len(columns) > MOST_COLUMNS:
        return gettext("The table has too many columns. Leave out those that are not needed.")
    wrong = _wrong_columns(columns)
    if wrong:
        return wrong
    if len(rows) == 1:
        return gettext("The table has headings and no lines below them.")
    lines = [[clean_text(cell) for cell in row] for row in rows[1:]]
    return InvoiceTable(
        columns,
        tuple({c.key: cell for c, cell in zip(columns, cells, strict=False) if c.key and cell} for cells in lines),
        tuple(number for number, cells in enumerate(lines, start=1) if any(cells[len(columns) :])),
        tuple(rows),
        delimiter,
    )


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
    named = found[1] if found else words if words in _UNIT_HEADINGS else ""
    unit = resolve_unit(named) if named else None
    return f"{QUANTITY}{unit.key}" if isinstance(unit, Unit) else ""


def is_column(key: str) -> bool:
    """Whether a table may have a column of this key, which is then its heading as well."""
    named = key.startswith((QUANTITY, PART)) and key not in (QUANTITY, PART)
    return key in _HEADINGS or (named and _key(key) == key)


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
    unnamed = [key for key in (QUANTITY, PART) if key in keys]
    if unnamed:
        sentence = gettext("These columns lack a name at the end, such as that of a unit or a part: %s.")
        found.append(sentence % _headings(columns, unnamed))
    # Two parts that differ in nothing but capitals are one to a reader, and one of them would meet no rule.
    alike = [key.casefold() if key.startswith(PART) else key for key in keys]
    twice = {key for key, plain in zip(keys, alike, strict=True) if key and alike.count(plain) > 1}
    if twice:
        found.append(gettext("These columns are given twice: %s. Leave one of each.") % _headings(columns, twice))
    consignment = [column.key for column in columns if column.key in OF_CONSIGNMENT]
    if consignment:
        sentence = gettext(
            "These are of the whole consignment: %s. Use the fields of the form and leave the columns out."
        )
        found.append(sentence % _headings(columns, consignment))
    # A quantity without a unit is asked about line by line, beside everything else that is wrong.
    if SUPPLEMENTARY_UNIT in keys and SUPPLEMENTARY_QUANTITY not in keys:
        found.append(gettext("A unit needs its quantity: add a column quantity, or leave the column out."))
    return " ".join(found)


def _headings(columns: Iterable[InvoiceColumn], keys: Iterable[str]) -> str:
    wanted = set(keys)
    return ", ".join(column.heading for column in columns if column.key in wanted)


def unreadable_file() -> str:
    """The sentence for a file that is not a text."""
    return gettext(
        "This is not a text in UTF-8. In a spreadsheet, save the sheet as CSV (UTF-8), or copy its cells here."
    )
