"""Sentences of the program as data: one English template a code and form, and the parameters that fill it.

English is written here. Other languages are translations of the template, filled with the same parameters as readers
of the language write figures, dates and names (``gateways.reference.sentence_texts``).
"""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import PurePath
from string import Formatter
from typing import TYPE_CHECKING, Any

from ewtp.core.values.digits import amount_digits, count_digits
from ewtp.core.values.immutable import immutable
from ewtp.core.values.terms import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

_CODE = re.compile(r"[a-z][a-z0-9_]*\Z")
# How the members of a list are joined: by commas, with the last one after "and" or "or", by plus signs or semicolons.
JOINS = ("list", "and", "or", "plus", "clauses")
# Signs between members that have no word before the last one.
_SIGNS = {"plus": " + ", "clauses": "; "}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@immutable
class Parameter:
    """A parameter of a template: ``{day:date}``, or with a join ``{codes:list code}``.

    ``kind`` says what the value is, and so how each language writes it. The kinds, with the value in JSON:

    - ``"text"``: what somebody typed, a path, a name of the interface; a string
    - ``"field"``: a field of a question; its name, as programs have it
    - ``"quoted"``: the same between quotation marks, with control characters made visible
    - ``"english"``: a quotation of English, such as the title of a measure or another program's message; a string
    - ``"expression"``: a rate or a duty as schedules write it; a string
    - ``"term"``: a word of ``TERMS``; its key there
    - ``"code"``: a tariff code; a string of digits
    - ``"number"``: a count, a quantity or a rate; an integer or a decimal string
    - ``"percent"``: a rate in per cent; a decimal string
    - ``"amount"``: a sum without its currency; a decimal string
    - ``"money"``: ``{"amount", "currency"}``
    - ``"date"``: ISO 8601
    - ``"season"``: days of the year, ``{"from", "to"}``, each as month and day (``05-14``)
    - ``"economy"``: a code of ISO 3166-1, or EU
    - ``"territory"``, ``"unit"``: ``{"code", "name"}``
    - ``"sentence"``: a sentence inside this one, in the form of ``Statement.as_json``
    """

    name: str
    kind: str = "text"
    join: str = ""


TextPiece = tuple[str, Parameter | None]


@lru_cache(maxsize=4096)
def pieces(template: str) -> tuple[TextPiece, ...]:
    """The template as literal texts, each with the parameter after it; ValueError where it cannot be read."""
    return tuple(
        (literal, None if name is None else _parameter(name, spec or "", conversion))
        for literal, name, spec, conversion in Formatter().parse(template)
    )


def _parameter(name: str, spec: str, conversion: str | None) -> Parameter:
    join, space, kind = spec.partition(" ")
    if not space:
        join, kind = "", spec or "text"
    if conversion or not name.isidentifier() or kind not in _ENGLISH or join not in ("", *JOINS):
        msg = f"{{{name}:{spec}}} is not a parameter of a sentence"
        raise ValueError(msg)
    return Parameter(name, kind, join)


def parameters(template: str) -> tuple[Parameter, ...]:
    """The parameters of a template, in order; one that stands twice is listed twice."""
    return tuple(parameter for _, parameter in pieces(template) if parameter is not None)


@immutable
class Sentence:
    """One thing that the program can say.

    ``code`` is stable and machine readable (snake case). ``template`` is the English wording, with parameters as
    ``Parameter`` describes them. ``form`` distinguishes the wordings of one code, and the pair is never renamed. A
    sentence without a code takes that of the sentence inside it (``about``).
    """

    code: str
    template: str
    form: str = ""
    names: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _CODE.match(self.code or "no_code") or not _CODE.match(self.form or "no_form"):
            msg = f"a code is snake case, not {self.code!r} {self.form!r}"
            raise ValueError(msg)
        if not self.template:
            msg = f"the sentence {self.code} says nothing"
            raise ValueError(msg)
        object.__setattr__(self, "names", frozenset(parameter.name for parameter in parameters(self.template)))

    def about(self, statement: Statement) -> Sentence:
        """The sentence under the code of a statement inside it."""
        return Sentence(statement.code, self.template, self.form)


@immutable
class Statement:
    """A sentence with its parameters; ``message`` is the whole in English.

    ``params`` has a value for every parameter of the template: one of JSON, or a date, a decimal, or a value that has
    ``as_json``. ValueError where a parameter is missing or has no place in the template.
    """

    sentence: Sentence
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.params.keys() != self.sentence.names:
            msg = f"{self.sentence.code} takes {sorted(self.sentence.names)}, not {sorted(self.params)}"
            raise ValueError(msg)

    @property
    def code(self) -> str:
        """The stable code."""
        return self.sentence.code

    @property
    def form(self) -> str:
        """Which wording of the code; empty where it has one."""
        return self.sentence.form

    @property
    def message(self) -> str:
        """The sentence in English."""
        return english(self.sentence.template, self.plain_params())

    def plain_params(self) -> dict[str, Any]:
        """The parameters as values of JSON."""
        return {name: plain(value) for name, value in self.params.items()}

    def reference(self) -> dict[str, Any]:
        """``{"code", "form", "params"}``: what the message can be written from in any language."""
        body: dict[str, Any] = {"code": self.code}
        if self.form:
            body["form"] = self.form
        body["params"] = self.plain_params()
        return body

    def as_json(self) -> dict[str, Any]:
        """``{"code", "message", "form", "params"}``, without ``form`` where the code has one wording."""
        params = self.plain_params()
        body: dict[str, Any] = {"code": self.code, "message": english(self.sentence.template, params)}
        if self.form:
            body["form"] = self.form
        body["params"] = params
        return body


def literal_sentence(code: str, message: str) -> Sentence:
    """A sentence that says exactly this, for a message whose template is not known."""
    return Sentence(code, message.replace("{", "{{").replace("}", "}}"))


def read_statement(body: Mapping[str, Any], table: Mapping[tuple[str, str], Sentence]) -> Statement:
    """The statement that ``as_json`` wrote; its English message alone where the table has no such sentence today."""
    code, form = str(body["code"]), str(body.get("form", ""))
    sentence = table.get((code, form)) or table.get(("", form))
    params = body.get("params")
    if sentence is None or params is None or params.keys() != sentence.names:
        return Statement(literal_sentence(code, str(body["message"])))
    inside = {
        parameter.name: _read_inside(params[parameter.name], table)
        for parameter in parameters(sentence.template)
        if parameter.kind == "sentence"
    }
    return Statement(Sentence(code, sentence.template, form), {**params, **inside})


def _read_inside(value: Any, table: Mapping[tuple[str, str], Sentence]) -> Any:
    if isinstance(value, list):
        return [_read_inside(each, table) for each in value]
    if isinstance(value, str):
        # An older edition of answers held this as a quotation.
        return Statement(literal_sentence("quotation", value))
    return read_statement(value, table)


def sentence_table(sentences: Iterable[Sentence]) -> dict[tuple[str, str], Sentence]:
    """Sentences by code and form; ValueError where two share both."""
    table: dict[tuple[str, str], Sentence] = {}
    for sentence in sentences:
        key = (sentence.code, sentence.form)
        if table.setdefault(key, sentence) != sentence:
            msg = f"two sentences share the code and form {key}"
            raise ValueError(msg)
    return table


def sentences_in(module: ModuleType) -> tuple[Sentence, ...]:
    """The sentences that a module defines."""
    return tuple(value for value in vars(module).values() if isinstance(value, Sentence))


def plain(value: Any) -> Any:
    """The value as JSON has it: dates in ISO 8601, decimals as strings."""
    # Most are of exactly these types; an answer has dozens.
    kind = type(value)
    if kind is str or kind is dict or kind is int:
        return value
    if value is None or isinstance(value, str | int | bool):
        # A subclass, such as a member of an enumeration, is written as what it is.
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return value
    return value.as_json()


def english(template: str, params: Mapping[str, Any]) -> str:
    """The template filled in English; ``params`` are values of JSON."""
    text = ""
    for literal, name, write in _english_pieces(template):
        text += literal
        if write is not None:
            text += write(params[name])
    return text


@lru_cache(maxsize=4096)
def _english_pieces(template: str) -> tuple[tuple[str, str, Callable[[Any], str] | None], ...]:
    """Each literal text of a template, with the name of the parameter after it and what writes its value."""
    return tuple(
        (literal, "", None) if parameter is None else (literal, parameter.name, _writer(parameter))
        for literal, parameter in pieces(template)
    )


def _writer(parameter: Parameter) -> Callable[[Any], str]:
    write = _ENGLISH[parameter.kind]
    return partial(_join_texts, parameter.join, write) if parameter.join else write


def _join_texts(join: str, write: Callable[[Any], str], values: Iterable[Any]) -> str:
    texts = [write(each) for each in values]
    if join in _SIGNS:
        return _SIGNS[join].join(texts)
    if join == "list" or len(texts) < 2:  # noqa: PLR2004 - it takes two to be joined
        return ", ".join(texts)
    return f"{', '.join(texts[:-1])} {join} {texts[-1]}"


def _money(value: Mapping[str, str]) -> str:
    return f"{amount_digits(value['amount'])} {value['currency']}"


def _season(value: Mapping[str, str]) -> str:
    days = (value[end].split("-") for end in ("from", "to"))
    return " - ".join(f"{day} {_MONTHS[int(month) - 1]}" for month, day in days)


def _term(value: str) -> str:
    return TERMS.get(value, value)


def _name(value: Mapping[str, str]) -> str:
    return value["name"]


def _message(value: Mapping[str, Any]) -> str:
    return str(value["message"])


_ENGLISH: dict[str, Callable[[Any], str]] = {
    "text": str,
    "field": str,
    "quoted": repr,
    "english": str,
    "expression": str,
    "term": _term,
    "code": str,
    "number": lambda value: count_digits(str(value)),
    "percent": lambda value: f"{count_digits(str(value))}%",
    "amount": amount_digits,
    "money": _money,
    "date": str,
    "season": _season,
    "economy": str,
    "territory": _name,
    "unit": _name,
    "sentence": _message,
}
