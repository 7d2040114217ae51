"""The question as a person types it on the page, and as the contract's request; one way and back without losing a key.

Amounts may be typed as the reader's country writes them. Where a separator could mean two things (``1,250``)
nothing is guessed: the field asks for it to be written without doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.apps.http.surface.form import Form, clean_text, form_texts, unclear_amount
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

_MOST_ROWS = 12
_ROWS_OFFERED = 2
_MOST_CODES = 12
_SUBHEADING_DIGITS = 6
_CODE = re.compile(r"[0-9][0-9.\s]*\Z")
# ``hs`` is a code that was chosen just now; ``code`` is one that was chosen before, for the words ``code_for``.
_NAMES = ("product", "hs", "code", "code_for", "from", "to", "value", "currency", "freight", "freight_currency",
          "insurance", "insurance_currency", "origin", "buyer", "transport", "date", "known_at")  # fmt: skip
# The form's field for each field of the request.
_FIELDS = {
    **{name: name for name in ("from", "to", "date", "buyer", "transport", "freight", "insurance")},
    **{f"lines[0].{name}": name for name in ("value", "origin", "quantities", "parts")},
    "lines[0].hs": "product",
}
# Fields of the part of the form that is closed until it is needed.
_FOLDED = frozenset({"freight", "insurance", "origin", "buyer", "transport", "date", "known_at", "quantities"})


@dataclass(slots=True)
class AmountRow:
    """A quantity in a unit, or the value of a named part; ``problem`` is the sentence to show at it."""

    name: str = ""
    amount: str = ""
    problem: str = ""


@dataclass(slots=True)
class AskForm(Form):
    """The question about one kind of goods, with rows for quantities and for the values of named parts."""

    quantities: list[AmountRow] = field(default_factory=list)
    parts: list[AmountRow] = field(default_factory=list)
    # Codes that may be meant instead of one that is not in the tariff.
    other_codes: list[str] = field(default_factory=list)
    # The six digits whose national lines these are, to be asked about all together.
    subheading: str = ""

    @property
    def opened(self) -> bool:
        """Whether the folded part of the form holds something, and so is shown open."""
        filled = any(self.texts.get(name) for name in _FOLDED)
        return bool(filled or _FOLDED & self.problems.keys() or any(row.amount for row in self.offered_rows))

    @property
    def asked_rows(self) -> list[AmountRow]:
        """The quantities that the tariff asks for, shown before everything else."""
        return [row for row in self.quantities if row.problem]

    @property
    def offered_rows(self) -> list[AmountRow]:
        """The other quantities, and empty rows to fill in."""
        given = [row for row in self.quantities if not row.problem]
        return given + [AmountRow() for _ in range(max(1, _ROWS_OFFERED - len(given)))]

    @property
    def is_clean(self) -> bool:
        """Whether no problem is known."""
        return not (self.problems or any(row.problem for row in (*self.quantities, *self.parts)))

    @property
    def code(self) -> str:
        """The tariff code that was chosen for the product, or else typed; empty where the product is in words."""
        chosen = self.texts.get("hs") or self.texts.get("code", "")
        if chosen and (self.texts.get("hs") or self.texts.get("code_for") == self.texts.get("product")):
            return chosen
        return read_typed_code(self.texts.get("product", ""))

    @property
    def words(self) -> str:
        """The product in the asker's words; empty if only a code was given."""
        typed = self.texts.get("product", "")
        return "" if read_typed_code(typed) else typed

    def query(self) -> str:
        """The form as the query of an address that fills it in again."""
        texts = {name: self.texts.get(name, "") for name in _NAMES if name not in ("hs", "code", "code_for")}
        rows = [
            (f"{kind}_{part}", text)
            for kind, given, first in (("quantity", self.quantities, "unit"), ("part", self.parts, "name"))
            for row in given
            for part, text in ((first, row.name), ("amount", row.amount))
        ]
        return urlencode([(name, text) for name, text in texts.items() if text] + rows)


def read_typed_code(text: str) -> str:
    """The digits of a tariff code of at least six digits; empty for any other text."""
    digits = re.sub(r"[.\s]", "", text)
    return digits if _CODE.match(text) and len(digits) >= _SUBHEADING_DIGITS else ""


def form_from_query(query: QueryDict) -> AskForm:
    """The form as it was sent, or as a link prefills it."""
    return AskForm(
        form_texts(query, _NAMES),
        quantities=_rows(query.getlist("quantity_unit"), query.getlist("quantity_amount")),
        parts=_rows(query.getlist("part_name"), query.getlist("part_amount")),
    )


def form_from_request(request: Mapping[str, Any], words: str = "") -> AskForm:
    """The form filled in from a stored question of one line; ``words`` is the product in the asker's words."""
    line = request["lines"][0]
    texts = {
        **{name: request[name] or "" for name in ("from", "to", "date", "known_at", "buyer", "transport")},
        "product": words or line["hs"],
        "value": line["value"]["amount"],
        "currency": line["value"]["currency"],
        "origin": "" if line["origin"] == request["from"] else line["origin"],
    }
    if words:
        texts |= {"code": line["hs"], "code_for": words}
    for name in ("freight", "insurance"):
        if request[name]:
            texts |= {name: request[name]["amount"], f"{name}_currency": request[name]["currency"]}
    return AskForm(
        {name: text for name, text in texts.items() if text},
        quantities=[AmountRow(unit, amount) for unit, amount in line["quantities"].items()],
        parts=[AmountRow(name, value["amount"]) for name, value in line["parts"].items()],
    )


def _rows(names: Sequence[str], amounts: Sequence[str]) -> list[AmountRow]:
    pairs = [(clean_text(name), clean_text(amount)) for name, amount in zip(names, amounts, strict=False)]
    return [AmountRow(name, amount) for name, amount in pairs[:_MOST_ROWS] if amount]


def form_body(form: AskForm, code: str) -> dict[str, Any]:
    """The contract's request for the form; fields that cannot be read are noted in the form's problems."""
    texts = form.texts
    currency = texts.get("currency", "")
    line: dict[str, Any] = {"hs": code, "value": {"amount": form.amount("value"), "currency": currency}}
    if texts.get("origin"):
        line["origin"] = texts["origin"]
    if form.quantities:
        line["quantities"] = _quantities(form)
    if form.parts:
        amounts = {row.name: _row_amount(row) for row in form.parts}
        line["parts"] = {name: {"amount": amount, "currency": currency} for name, amount in amounts.items() if amount}
    body: dict[str, Any] = {"from": texts.get("from", ""), "to": texts.get("to", ""), "lines": [line]}
    for name in ("date", "known_at", "buyer", "transport"):
        if texts.get(name):
            body[name] = texts[name]
    for name in ("freight", "insurance"):
        if texts.get(name):
            body[name] = {"amount": form.amount(name), "currency": texts.get(f"{name}_currency") or currency}
    return body


def note_missing(form: AskForm) -> None:
    """Add a problem to each required field that is empty."""
    form.note_missing(
        {
            "product": gettext("Say what the product is, in words or as a tariff code."),
            "from": gettext("Choose where the goods are sent from."),
            "to": gettext("Choose where the goods are going."),
            "value": gettext("Give the price of the goods."),
            "currency": gettext("Choose the currency of the price."),
        }
    )


def note_refusal(form: AskForm, refusal: Refusal) -> None:
    """Add every refusal to its field; a missing quantity becomes a field to fill in."""
    left = [each for each in refusal.every if not _asks_for_fact(form, each)]
    for each in left:
        details = dict(each.details)
        if details.get("lines"):
            form.subheading = str(each.params.get("subheading", ""))
        form.other_codes += list(details.get("replaced_by") or details.get("lines") or ())[:_MOST_CODES]
    # Core refuses a missing currency at the amount, and the form has asked for it at its own field.
    if "currency" in form.problems:
        left = [each for each in left if each.code != "currency_unknown"]
    if left:
        form.note_refusal(Refusal.join(left), _FIELDS)


def _asks_for_fact(form: AskForm, refusal: Refusal) -> bool:
    """Whether the refusal asks for a missing fact; the form then gets a field for it."""
    details = dict(refusal.details)
    if refusal.code == "quantity_missing" and "unit" in details:
        sentence = gettext("The duty on these goods is counted in this unit: say how much there is.")
        form.quantities.insert(0, AmountRow(details["unit"], "", sentence))
        return True
    if refusal.code == "part_value_missing" and "part" in details:
        sentence = gettext("The duty on these goods is charged on this part of them: give its value.")
        form.parts.insert(0, AmountRow(details["part"], "", sentence))
        return True
    return False


def _quantities(form: AskForm) -> dict[str, str]:
    read: dict[str, str] = {}
    for row in form.quantities:
        unit = resolve_unit(row.name)
        key = unit.key if isinstance(unit, Unit) else row.name
        if key in read:
            form.note("quantities", gettext("Give each unit once."))
        if amount := _row_amount(row):
            read[key] = amount
    return read


def _row_amount(row: AmountRow) -> str:
    plain = plain_amount(row.amount)
    if plain is None:
        row.problem = unclear_amount()
    return plain or ""
