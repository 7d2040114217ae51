"""The question as a person types it on the page, and as the contract's request; one way and back without losing a key.

Amounts may be typed as the reader's country writes them. Where a separator could mean two things (``1,250``)
nothing is guessed: the field asks for it to be written without doubt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from ewtp.core.values.refusal import Refusal

# A field longer than this is nonsense that would only be sent back.
_LONGEST_TEXT = 300
_MOST_ROWS = 12
_ROWS_OFFERED = 2
_MOST_CODES = 12
_SUBHEADING_DIGITS = 6
_GROUP_DIGITS = 3
_ARABIC_DECIMAL_SEPARATOR = "\u066b"
_CODE = re.compile(r"[0-9][0-9.\s]*\Z")
_TEXTS = (
    "product",
    "hs",
    "from",
    "to",
    "value",
    "currency",
    "freight",
    "freight_currency",
    "insurance",
    "insurance_currency",
    "origin",
    "buyer",
    "transport",
    "date",
    "known_at",
)
# Fields that stand in the part of the form which is closed until it is needed.
_FOLDED = frozenset({"freight", "insurance", "origin", "buyer", "transport", "date", "known_at", "quantities"})


@dataclass(slots=True)
class Row:
    """A quantity in a unit, or the value of a named part; ``problem`` is what is wrong with it or still missing."""

    name: str = ""
    amount: str = ""
    problem: str = ""


@dataclass(slots=True)
class AskForm:
    """What was typed, field by field, and the sentence to show at each field that has to be changed.

    ``problems`` are texts in the reader's language; ``core_problems`` are refusals, to be written in it.
    """

    texts: dict[str, str]
    quantities: list[Row] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    core_problems: dict[str, Refusal] = field(default_factory=dict)
    # Codes that may be meant instead of one that is not in the tariff.
    other_codes: list[str] = field(default_factory=list)
    # How many lines of a consignment the form cannot hold; a page asks about one kind of goods.
    lines_left_out: int = 0

    @property
    def opened(self) -> bool:
        """Whether the folded part of the form holds something, and so is shown open."""
        filled = any(self.texts.get(name) for name in _FOLDED)
        wrong = _FOLDED.intersection(self.problems) or _FOLDED.intersection(self.core_problems)
        return bool(filled or wrong or any(row.amount and not row.problem for row in self.quantities))

    @property
    def asked_rows(self) -> list[Row]:
        """The quantities that the tariff asks for, shown before everything else."""
        return [row for row in self.quantities if row.problem]

    @property
    def free_rows(self) -> list[Row]:
        """The other quantities, and empty rows to fill in."""
        given = [row for row in self.quantities if not row.problem]
        return given + [Row() for _ in range(max(1, _ROWS_OFFERED - len(given)))]

    @property
    def is_clean(self) -> bool:
        """Whether nothing has to be changed as far as is known."""
        return not (self.problems or self.core_problems or self.asked_rows or any(row.problem for row in self.parts))

    def code(self) -> str | None:
        """The tariff code that was chosen, or else typed; None where the product is given in words."""
        chosen = self.texts.get("hs")
        if chosen:
            return chosen
        typed = self.texts.get("product", "")
        digits = re.sub(r"[.\s]", "", typed)
        return digits if _CODE.match(typed) and len(digits) >= _SUBHEADING_DIGITS else None


def empty_form() -> AskForm:
    """The form before anything was typed."""
    return AskForm({})


def form_from_query(query: QueryDict) -> AskForm:
    """The form as it was sent, or as a link prefills it."""
    texts = {name: _clean(query.get(name, "")) for name in _TEXTS}
    return AskForm(
        {name: text for name, text in texts.items() if text},
        _rows(query.getlist("quantity_unit"), query.getlist("quantity_amount")),
        _rows(query.getlist("part_name"), query.getlist("part_amount")),
    )


def form_from_request(request: Mapping[str, Any]) -> AskForm:
    """The form that asks a stored answer's question (its first line) again."""
    line = request["lines"][0]
    texts = {
        "product": line["hs"],
        "from": request["from"],
        "to": request["to"],
        "value": line["value"]["amount"],
        "currency": line["value"]["currency"],
        "origin": "" if line["origin"] == request["from"] else line["origin"],
        "buyer": request["buyer"] or "",
        "transport": request["transport"] or "",
        "date": request["date"],
        "known_at": request["known_at"] or "",
    }
    for name in ("freight", "insurance"):
        if request[name]:
            texts[name] = request[name]["amount"]
            texts[f"{name}_currency"] = request[name]["currency"]
    return AskForm(
        {name: text for name, text in texts.items() if text},
        [Row(unit, amount) for unit, amount in line["quantities"].items()],
        [Row(name, value["amount"]) for name, value in line["parts"].items()],
        lines_left_out=len(request["lines"]) - 1,
    )


def _clean(text: str) -> str:
    """The text without control characters, which neither the database nor a page can hold."""
    kept = "".join(c for c in text[:_LONGEST_TEXT] if unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def _rows(names: Sequence[str], amounts: Sequence[str]) -> list[Row]:
    pairs = [(_clean(name), _clean(amount)) for name, amount in zip(names, amounts, strict=False)]
    return [Row(name, amount) for name, amount in pairs[:_MOST_ROWS] if amount]


def form_body(form: AskForm, code: str) -> dict[str, Any]:
    """The contract's request for the form; fields that cannot be read are noted in the form's problems."""
    texts = form.texts
    currency = texts.get("currency", "")
    line: dict[str, Any] = {"hs": code, "value": {"amount": _amount(form, "value"), "currency": currency}}
    if texts.get("origin"):
        line["origin"] = texts["origin"]
    if form.quantities:
        line["quantities"] = _quantities(form)
    if form.parts:
        line["parts"] = {row.name: {"amount": _row_amount(row), "currency": currency} for row in form.parts}
    body: dict[str, Any] = {"from": texts.get("from", ""), "to": texts.get("to", ""), "lines": [line]}
    for name in ("date", "known_at", "buyer", "transport"):
        if texts.get(name):
            body[name] = texts[name]
    for name in ("freight", "insurance"):
        if texts.get(name):
            body[name] = {"amount": _amount(form, name), "currency": texts.get(f"{name}_currency") or currency}
    return body


def note_missing(form: AskForm) -> None:
    """Say at each field that every question needs, and that is empty, what to put there."""
    needed = {
        "product": gettext("Say what the product is, in words or as a tariff code."),
        "from": gettext("Choose where the goods are sent from."),
        "to": gettext("Choose where the goods are going."),
        "value": gettext("Give the price of the goods."),
        "currency": gettext("Choose the currency of the price."),
    }
    for name, sentence in needed.items():
        if not form.texts.get(name):
            form.problems.setdefault(name, sentence)


def note_refusal(form: AskForm, refusal: Refusal) -> None:
    """Put the engine's refusal at the field it is about; a missing quantity becomes a field to fill in."""
    details = dict(refusal.details)
    if refusal.code == "quantity_missing" and "unit" in details:
        sentence = gettext("The duty on these goods is counted in this unit: say how much there is.")
        form.quantities.insert(0, Row(details["unit"], "", sentence))
        return
    if refusal.code == "part_value_missing" and "part" in details:
        sentence = gettext("The duty on these goods is taken on this part of them: give its value.")
        form.parts.insert(0, Row(details["part"], "", sentence))
        return
    form.other_codes = list(details.get("replaced_by") or details.get("lines") or ())[:_MOST_CODES]
    form.core_problems[_field_of(refusal.where or "")] = refusal


def _field_of(where: str) -> str:
    """Which field of the form a path in the request means; the empty name is the form as a whole."""
    path = re.sub(r"\Alines\[0\]\.?", "", where)
    name = path.partition(".")[0]
    if name in ("from", "to", "freight", "insurance", "origin", "buyer", "transport", "date", "quantities", "parts"):
        return name
    return {"hs": "product", "value": "value"}.get(name, "")


def _quantities(form: AskForm) -> dict[str, str]:
    read: dict[str, str] = {}
    for row in form.quantities:
        unit = resolve_unit(row.name)
        key = unit.key if isinstance(unit, Unit) else row.name
        if key in read:
            form.problems["quantities"] = gettext("Give each unit once.")
        read[key] = _row_amount(row)
    return read


def _row_amount(row: Row) -> str:
    plain = plain_amount(row.amount)
    if plain is None:
        row.problem = _unclear()
    return plain or ""


def _amount(form: AskForm, name: str) -> str:
    typed = form.texts.get(name)
    plain = plain_amount(typed) if typed else ""
    if plain is None:
        form.problems[name] = _unclear()
    return plain or ""


def _unclear() -> str:
    return gettext("Write the number in digits without separators between thousands, such as 1250 or 1250.50.")


def plain_amount(text: str) -> str | None:
    """The amount in ASCII digits with a dot, or None where it is no number or could be read as two numbers.

    Digits of any script count, spaces and apostrophes group, and the last of two different separators is the
    decimal one. A single separator with three digits after it groups thousands in one country and marks decimals
    in the next, so it is not read, unless the figure before it is a zero.
    """
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text.strip())
    plain = re.sub(r"[\s'\u2019\u066c]", "", digits).replace(_ARABIC_DECIMAL_SEPARATOR, ".")
    if not re.fullmatch(r"[0-9]+([.,][0-9]+)*", plain):
        return None
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return plain
    whole, decimals = re.split(r"[.,]", plain)[0], re.split(r"[.,]", plain)[-1]
    if len(marks) == 1:
        if len(decimals) == _GROUP_DIGITS and whole.strip("0"):
            return None
        return plain.replace(",", ".")
    groups = re.split(r"[.,]", plain)[1:-1]
    if len(set(marks[:-1])) != 1 or any(len(group) != _GROUP_DIGITS for group in groups):
        return None
    if marks[-1] == marks[0]:
        return plain.replace(marks[0], "") if len(decimals) == _GROUP_DIGITS else None
    return plain.replace(marks[0], "").replace(",", ".")
