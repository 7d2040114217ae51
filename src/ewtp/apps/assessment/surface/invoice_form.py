"""An invoice as a person gives it, one consignment with many lines, and as the contract's request.

Every problem is found at once and shown by line and column: cells that cannot be read, what core refuses of the
question, and what the rulebook asks of the lines that can be read, such as a quantity.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.assessment.surface.forms import read_typed_code
from ewtp.apps.assessment.surface.invoice_table import (
    PART,
    QUANTITY,
    SUPPLEMENTARY_QUANTITY,
    SUPPLEMENTARY_UNIT,
    WORDS,
    InvoiceTable,
    decode_table,
    is_column,
    read_table,
    unreadable_file,
)
from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.apps.http.surface.form import Form, Problem, clean_text, field_of, form_texts, unclear_amount
from ewtp.core.assessment.question import MOST_LINES
from ewtp.core.classification.search import Match, search
from ewtp.core.values.quantity import LONGEST_UNIT_NAME
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import resolve_unit
from ewtp.gateways.reference.hs_index import load_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

_NAMES = ("from", "to", "date", "known_at", "currency", "buyer", "transport", "freight", "freight_currency",
          "insurance", "insurance_currency")  # fmt: skip
_FIELDS = {name: name for name in ("from", "to", "date", "buyer", "transport", "freight", "insurance")} | {
    "lines": "table"
}
_LINE = re.compile(r"lines\[(\d+)\](?:\.(.*))?\Z", re.DOTALL)
# Words that one page asks about, for each a search and two fields of a form; the rest come once these are chosen.
_MOST_ASKED, _CANDIDATES = 40, 6
# A valid code in place of one that is not chosen yet, to check the other fields of a line.
_ANY_CODE = "010121"
# Refusals that are about a unit: the heading of a column of quantities, or the cell beside one.
_OF_COLUMN = frozenset({"unit_unknown", "quantity_twice"})
# Of the number of a line.
_DIGITS = 4
# The largest file that is read; a text of the longest table in UTF-16 is smaller.
_MOST_BYTES = 1_500_000


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell: the number of its line (from 1), its column, what was typed, and the problem.

    ``key`` is that of the column, empty where no cell can be corrected; ``column`` is its heading.
    """

    line: int
    key: str
    column: str
    typed: str
    problem: Problem


@dataclass(slots=True)
class WordsAsked:
    """Goods in words, the lines that have them, and the codes that they may fall under."""

    words: str
    lines: list[int]
    candidates: tuple[Match, ...] = ()


@dataclass(slots=True)
class InvoiceForm(Form):
    """The fields of the consignment and the table as it was typed."""

    table: str = ""
    cells: list[CellProblem] = field(default_factory=list)
    asked: list[WordsAsked] = field(default_factory=list)
    # Headings of columns that are not read.
    ignored: tuple[str, ...] = ()
    read: InvoiceTable | None = None
    _noted: set[tuple[int, str]] = field(default_factory=set)

    @property
    def is_clean(self) -> bool:
        """Whether no problem is known and no code has to be chosen."""
        return not (self.problems or self.cells or self.asked)

    @property
    def asked_now(self) -> list[WordsAsked]:
        """The words that this page asks about."""
        return self.asked[:_MOST_ASKED]

    @property
    def asked_later(self) -> int:
        """How many words are asked about once these have their codes."""
        return len(self.asked[_MOST_ASKED:])

    def note_cell(self, line: int, key: str, problem: Problem) -> None:
        """Add a problem to a cell (``line`` counts from 0), once; a cell that has one already keeps the first."""
        if (line + 1, key) in self._noted or self.read is None:
            return
        self._noted.add((line + 1, key))
        typed = self.read.lines[line].get(key, "")
        # No other cell mends a column of an unknown unit, or a second column of the same.
        of_column = isinstance(problem, Refusal) and problem.code in _OF_COLUMN and key.startswith(QUANTITY)
        corrected = key if is_column(key) and not of_column else ""
        self.cells.append(CellProblem(line + 1, corrected, self.read.heading(key), typed, problem))

    def in_order(self) -> list[CellProblem]:
        """The problems of cells, line by line and in the order of the columns."""
        order = {column.heading: place for place, column in enumerate(self.read.columns)} if self.read else {}
        return sorted(self.cells, key=lambda each: (each.line, order.get(each.column, len(order))))

    def faulty_lines(self) -> frozenset[int]:
        """The lines (from 0) that cannot be answered as they are."""
        asked = {line for each in self.asked for line in each.lines}
        return frozenset({each.line - 1 for each in self.cells} | {line - 1 for line in asked})


def invoice_from_post(query: QueryDict, file: UploadedFile[Any] | None) -> InvoiceForm:
    """The form as it was sent; the text of a file takes the place of the table that was typed."""
    form = InvoiceForm(form_texts(query, _NAMES), table=query.get("table", ""))
    if file:
        content = file.read(_MOST_BYTES + 1)
        text = decode_table(content) if len(content) <= _MOST_BYTES else None
        if text is None:
            form.note("file", unreadable_file() if len(content) <= _MOST_BYTES else _too_long())
        else:
            form.table = text
    else:
        _correct_cells(form, query)
    return form


def _correct_cells(form: InvoiceForm, query: QueryDict) -> None:
    """Write into the table what was given beside its problems, where the table still holds what they were about.

    A ``choice`` is a code for all lines with the same words; a ``fix`` is for one cell, whose line and column
    ``fix_place`` names.
    """
    given = [
        [clean_text(text) for text in query.getlist(name)]
        for name in ("choice_words", "choice", "fix_place", "fix_was", "fix")
    ]
    chosen = {words: code for words, code in zip(given[0], given[1], strict=False) if words and read_typed_code(code)}
    fixes = [fix for fix in zip(*given[2:], strict=False) if fix[2]]
    table = read_table(form.table, MOST_LINES) if chosen or fixes else ""
    if isinstance(table, str):
        return
    cells: dict[tuple[int, str], str] = {}
    for number, line in enumerate(table.lines):
        if "hs" not in line and line.get(WORDS, "") in chosen:
            cells[number, "hs"] = chosen[line[WORDS]]
    for place, was, text in fixes:
        number, _, key = place.partition(" ")
        found = int(number) - 1 if number.isascii() and number.isdigit() and len(number) <= _DIGITS else -1
        if 0 <= found < len(table.lines) and is_column(key) and table.lines[found].get(key, "") == was:
            cells[found, key] = text
    if cells:
        form.table = table.correct_cells(cells)


def invoice_from_query(query: QueryDict) -> InvoiceForm:
    """The form as a link prefills it, without a table."""
    return InvoiceForm(form_texts(query, _NAMES))


def _too_long() -> str:
    return gettext("The table is too long. Divide it into several invoices.")


def invoice_from_request(request: Mapping[str, Any]) -> InvoiceForm:
    """The form filled in from a stored question, with one column for everything that a line states."""
    texts = {name: request[name] or "" for name in ("from", "to", "date", "known_at", "buyer", "transport")}
    for name in ("freight", "insurance"):
        if request[name]:
            texts |= {name: request[name]["amount"], f"{name}_currency": request[name]["currency"]}
    lines = [_cells_of(line) for line in request["lines"]]
    currencies = {line["currency"] for line in lines}
    if len(currencies) == 1:
        texts["currency"] = currencies.pop()
        for line in lines:
            del line["currency"]
    columns = list(dict.fromkeys(key for line in lines for key in line))
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([line.get(key, "") for key in columns] for line in lines)
    return InvoiceForm({name: text for name, text in texts.items() if text}, table=sheet.getvalue())


def _cells_of(line: Mapping[str, Any]) -> dict[str, str]:
    cells = {"hs": line["hs"], "value": line["value"]["amount"], "currency": line["value"]["currency"]}
    cells["origin"] = line["origin"]
    cells |= {f"{QUANTITY}{unit}": amount for unit, amount in line["quantities"].items()}
    cells |= {f"{PART}{name}": value["amount"] for name, value in line["parts"].items()}
    return cells | ({"claims": " ".join(line["claims"])} if line["claims"] else {})


def invoice_body(form: InvoiceForm) -> dict[str, Any]:
    """The contract's request; what cannot be read is noted in the form, and its ``lines`` are empty without a table."""
    texts = form.texts
    form.note_missing(
        {
            "from": gettext("Choose where the goods are sent from."),
            "to": gettext("Choose where the goods are going."),
        }
    )
    body: dict[str, Any] = {"from": texts.get("from", ""), "to": texts.get("to", ""), "lines": []}
    body |= {name: texts[name] for name in ("date", "known_at", "buyer", "transport") if texts.get(name)}
    for name in ("freight", "insurance"):
        if texts.get(name):
            currency = texts.get(f"{name}_currency") or texts.get("currency", "")
            body[name] = {"amount": form.amount(name), "currency": currency}
    if form.problems.get("file"):
        return body
    found = read_table(form.table, MOST_LINES)
    if isinstance(found, str):
        form.note("table", found)
        return body
    form.read = found
    form.ignored = tuple(column.heading for column in found.columns if not column.key and column.heading)
    if len(found.lines) > MOST_LINES:
        form.note("table", gettext("An invoice has at most %d lines here. Divide it into several.") % MOST_LINES)
        return body
    if not texts.get("currency") and any("currency" not in line for line in found.lines):
        form.note("currency", gettext("Choose the currency of the price."))
    for line in found.extra:
        form.note_cell(
            line - 1,
            "",
            gettext("This line has more cells than there are columns. Put cells with commas in quotation marks."),
        )
    body["lines"] = [_line(form, number, cells) for number, cells in enumerate(found.lines)]
    _find_candidates(form.asked_now)
    return body


def placeholder_line(form: InvoiceForm) -> dict[str, Any]:
    """A valid line in place of a table that cannot be read, to check the fields of the consignment."""
    return {"hs": _ANY_CODE, "value": {"amount": "1", "currency": form.texts.get("currency") or "USD"}}


def _line(form: InvoiceForm, number: int, cells: Mapping[str, str]) -> dict[str, Any]:
    for key, cell in cells.items():
        if cell.startswith("=") and key != WORDS:
            form.note_cell(number, key, gettext("This cell holds a formula. Paste its value."))
    currency = cells.get("currency") or form.texts.get("currency", "")
    value = _amount(form, number, cells, "value") if "value" in cells else ""
    if "value" not in cells:
        form.note_cell(number, "value", gettext("Give the price of the goods."))
    line: dict[str, Any] = {"hs": _code(form, number, cells), "value": {"amount": value, "currency": currency}}
    if cells.get("origin"):
        line["origin"] = cells["origin"]
    if cells.get("claims"):
        line["claims"] = cells["claims"].split()
    quantities = _quantities(form, number, cells)
    if quantities:
        line["quantities"] = quantities
    parts = {key.removeprefix(PART): _amount(form, number, cells, key) for key in cells if key.startswith(PART)}
    if parts:
        line["parts"] = {name: {"amount": amount, "currency": currency} for name, amount in parts.items()}
    return line


def _quantities(form: InvoiceForm, number: int, cells: Mapping[str, str]) -> dict[str, str]:
    """Amounts by unit, from the columns that name theirs and from the one whose unit stands beside it."""
    quantities = {
        key.removeprefix(QUANTITY): _amount(form, number, cells, key) for key in cells if key.startswith(QUANTITY)
    }
    unit, amount = cells.get(SUPPLEMENTARY_UNIT), cells.get(SUPPLEMENTARY_QUANTITY)
    if amount and not unit:
        form.note_cell(
            number, SUPPLEMENTARY_UNIT, gettext("Give the unit of the quantity, or name its column quantity_kg.")
        )
    elif amount and unit in quantities:
        form.note_cell(number, SUPPLEMENTARY_UNIT, gettext("Give each unit once."))
    elif amount and unit:
        quantities[unit] = _amount(form, number, cells, SUPPLEMENTARY_QUANTITY)
    return quantities


def _amount(form: InvoiceForm, number: int, cells: Mapping[str, str], key: str) -> str:
    plain = plain_amount(cells[key])
    if plain is None:
        form.note_cell(number, key, unclear_amount())
    return plain or ""


def _code(form: InvoiceForm, number: int, cells: Mapping[str, str]) -> str:
    """The code of a line; where there is none, but words, it is asked for."""
    words = cells.get(WORDS, "")
    code = cells.get("hs") or read_typed_code(words)
    if code:
        return code
    if not words:
        form.note_cell(number, "hs", gettext("Say what the product is, in words or as a tariff code."))
        return _ANY_CODE
    asked = next((each for each in form.asked if each.words == words), None)
    if asked is None:
        form.asked.append(WordsAsked(words, [number + 1]))
    else:
        asked.lines.append(number + 1)
    return _ANY_CODE


def _find_candidates(asked: Iterable[WordsAsked]) -> None:
    for each in asked:
        found = search(load_index(), each.words, _CANDIDATES)
        each.candidates = () if isinstance(found, Refusal) else found.results


def note_invoice_refusal(form: InvoiceForm, refusal: Refusal, numbers: tuple[int, ...] | None = None) -> None:
    """Add every refusal to its cell or its field.

    ``numbers`` are the lines of the table (from 0) that the request's lines stand for; by default they are the same.
    """
    noted, table = frozenset(form.problems), form.read
    for each in refusal.every:
        found = _LINE.match(each.where or "")
        if found is None:
            name = field_of(each.where or "", _FIELDS)
            if name not in noted:
                form.note(name, each)
        elif table is not None and (each.code != "currency_unknown" or "currency" not in noted):
            number = numbers[int(found[1])] if numbers else int(found[1])
            form.note_cell(number, _key_of(each, found[2] or "", table, table.lines[number]), each)


def _key_of(refusal: Refusal, path: str, table: InvoiceTable, cells: Mapping[str, str]) -> str:
    """The column for the path of a field of a line."""
    name, _, below = path.partition(".")
    details = dict(refusal.details)
    if refusal.code == "currency_unknown" and name == "value":
        return "currency"
    if name == "quantities":
        return _quantity_key(refusal, details.get("asked_as") or below, table, cells)
    if name == "parts":
        return f"{PART}{details.get('part') or below}"
    if name == "hs" and not cells.get("hs"):
        return WORDS
    return name


def _quantity_key(refusal: Refusal, unit: str, table: InvoiceTable, cells: Mapping[str, str]) -> str:
    """The column of a quantity: that of its unit under whatever name, or the one that is to be added."""
    named = f"{QUANTITY}{unit}"
    # The path of a refusal has the beginning of a long name.
    given = next((key for key in cells if key.startswith(QUANTITY) and _as_named(key) == named), "")
    if given:
        return given
    if unit and unit == cells.get(SUPPLEMENTARY_UNIT, "")[:LONGEST_UNIT_NAME]:
        return SUPPLEMENTARY_UNIT if refusal.code in _OF_COLUMN else SUPPLEMENTARY_QUANTITY
    wanted = resolve_unit(unit)
    for column in table.columns:
        if column.key.startswith(QUANTITY) and resolve_unit(column.key.removeprefix(QUANTITY)) == wanted:
            return column.key
    return named


def _as_named(key: str) -> str:
    return key[: len(QUANTITY) + LONGEST_UNIT_NAME]
