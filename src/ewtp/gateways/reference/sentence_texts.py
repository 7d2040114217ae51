"""Sentences of the program in the language that is active, with figures, dates and names as its readers write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from django.conf import settings
from django.utils.translation import get_language, gettext, gettext_noop

from ewtp.core.rulebook.phrases.phrase_reader import find_phrase
from ewtp.core.values.digits import GOES_ON, amount_digits, count_digits
from ewtp.core.values.sentence import Parameter, pieces, plain
from ewtp.core.values.terms import TERMS
from ewtp.gateways.reference.locale_formats import (
    date_text,
    day_of_year_text,
    economy_name,
    locale_of,
    money_text,
    number_text,
    percent_text,
)
from ewtp.gateways.reference.unit_names import unit_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ewtp.core.values.sentence import Statement

# Kinds of fragment: words of the language, words of English (a quotation, or a sentence without a translation), and a
# figure or name that is kept in one piece in either direction.
WORDS, ENGLISH, FIGURE = "words", "english", "figure"
_FIELDS = {
    "value": gettext_noop("the price of the goods"),
    "freight": gettext_noop("freight"),
    "insurance": gettext_noop("insurance"),
}
# Customs unions that Unicode's data has no name for, as the rulebook calls them.
_UNIONS = {
    "CEMAC": gettext_noop("Economic and Monetary Community of Central Africa"),
    "ECOWAS": gettext_noop("ECOWAS common external tariff"),
    "EAEU": gettext_noop("Eurasian Economic Union"),
    "SACU": gettext_noop("Southern African Customs Union"),
    # Inside the customs territory of an economy, without a code of ISO 3166-1.
    "Northern-Ireland": gettext_noop("Northern Ireland"),
}
_COMMAS = {"ar": "، ", "zh-hans": "、"}
_SEMICOLONS = {"ar": "؛ ", "fr": "\N{NO-BREAK SPACE}; ", "zh-hans": "\N{FULLWIDTH SEMICOLON}"}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a sentence: its text and whether that is words, English or a figure."""

    text: str
    kind: str


def economy_or_union_name(code: str, language: str) -> str:
    """The name of an economy, or of a customs union or a part of an economy in the rulebook; its code without one.

    The names of the last two are in the language that is active.
    """
    return gettext(_UNIONS[code]) if code in _UNIONS else economy_name(code, language)


def sentence_text(statement: Statement) -> str:
    """The sentence as one text."""
    return "".join(fragment.text for fragment in sentence_fragments(statement))


def sentence_fragments(statement: Statement) -> tuple[Fragment, ...]:
    """The sentence in parts, for a page that marks up its quotations and figures."""
    return tuple(_fill_template(statement, get_language() or settings.LANGUAGE_CODE))


def _fill_template(statement: Statement, language: str) -> Iterator[Fragment]:
    template = statement.sentence.template
    translated = gettext(template)
    words = WORDS if translated != template or language == "en" or not _has_words(template) else ENGLISH
    for literal, parameter in pieces(translated):
        if literal:
            yield Fragment(literal, words)
        if parameter is not None:
            yield from _write_parameter(parameter, statement.params[parameter.name], language)


def _has_words(template: str) -> bool:
    """Whether there is anything to translate; arithmetic may be all signs."""
    return any(character.isalpha() for literal, _ in pieces(template) for character in literal)


def _write_parameter(parameter: Parameter, value: Any, language: str) -> Iterator[Fragment]:
    if parameter.kind != "sentence":
        value = plain(value)
    write = _WRITERS[parameter.kind]
    if not parameter.join:
        yield from write(value, language)
        return
    for separator, each in zip(_separators(parameter.join, len(value), language), value, strict=True):
        if separator:
            yield Fragment(separator, WORDS)
        yield from write(each, language)


def _separators(join: str, length: int, language: str) -> list[str]:
    """What stands before each member of a list."""
    if join == "plus":
        return [""] * min(length, 1) + [" + "] * (length - 1)
    if join == "clauses":
        return [""] * min(length, 1) + [_SEMICOLONS.get(language, "; ")] * (length - 1)
    if join == "list" or length < 2:  # noqa: PLR2004 - it takes two to be joined
        return [""] * min(length, 1) + [_COMMAS.get(language, ", ")] * (length - 1)
    joined = format_list(["\0"] * length, style="standard" if join == "and" else "or", locale=locale_of(language))
    return joined.split("\0")[:-1]


def _text(value: Any, _language: str) -> Iterator[Fragment]:
    yield Fragment(str(value), FIGURE)


def _field(value: str, _language: str) -> Iterator[Fragment]:
    yield Fragment(gettext(_FIELDS[value]), WORDS) if value in _FIELDS else Fragment(value, FIGURE)


def _quote_value(value: str, _language: str) -> Iterator[Fragment]:
    yield Fragment(repr(value), FIGURE)


def _english(value: str, language: str) -> Iterator[Fragment]:
    phrase = find_phrase(value)
    if phrase is None:
        yield Fragment(value, _language_of(value))
    else:
        yield from _fill_template(phrase, language)


def _language_of(text: str) -> str:
    """A quotation of English, or a figure where nothing in it is a word."""
    return ENGLISH if any(character.isalpha() for character in text) else FIGURE


def _term(value: str, _language: str) -> Iterator[Fragment]:
    yield Fragment(gettext(TERMS[value]), WORDS) if value in TERMS else Fragment(value, FIGURE)


def _season(value: Mapping[str, str], language: str) -> Iterator[Fragment]:
    # A leap year has every day of a season.
    days = (date.fromisoformat(f"2000-{value[end]}") for end in ("from", "to"))
    yield Fragment(" \N{EN DASH} ".join(day_of_year_text(day, language) for day in days), FIGURE)


def _number(value: str | int, language: str) -> Iterator[Fragment]:
    yield Fragment(number_text(Decimal(count_digits(str(value))), language), FIGURE)


def _percent(value: str, language: str) -> Iterator[Fragment]:
    yield Fragment(percent_text(Decimal(count_digits(value)), language), FIGURE)


def _amount(value: str, language: str) -> Iterator[Fragment]:
    yield Fragment(_show_amount(value, lambda amount: number_text(amount, language)), FIGURE)


def _money(value: Mapping[str, str], language: str) -> Iterator[Fragment]:
    currency = value["currency"]
    yield Fragment(_show_amount(value["amount"], lambda amount: money_text(amount, currency, language)), FIGURE)


def _show_amount(digits: str, write: Callable[[Decimal], str]) -> str:
    """An amount with the decimals that people are shown, and the mark where there are more."""
    shown = amount_digits(digits)
    cut = shown.removesuffix(GOES_ON)
    return write(Decimal(cut)) + (GOES_ON if cut != shown else "")


def _date(value: str, language: str) -> Iterator[Fragment]:
    yield Fragment(date_text(date.fromisoformat(value), language), FIGURE)


def _economy(value: str, language: str) -> Iterator[Fragment]:
    yield Fragment(economy_name(value, language), FIGURE)


def _territory(value: Mapping[str, str], language: str) -> Iterator[Fragment]:
    code = value["code"]
    name = economy_or_union_name(code, language)
    yield Fragment(name, FIGURE) if name != code else Fragment(value["name"], ENGLISH)


def _unit(value: Mapping[str, str], _language: str) -> Iterator[Fragment]:
    yield Fragment(unit_name(value["code"], value["name"]), FIGURE)


_WRITERS: dict[str, Callable[[Any, str], Iterator[Fragment]]] = {
    "text": _text,
    "field": _field,
    "quoted": _quote_value,
    "english": _english,
    "expression": _english,
    "term": _term,
    "code": _text,
    "number": _number,
    "percent": _percent,
    "amount": _amount,
    "money": _money,
    "date": _date,
    "season": _season,
    "economy": _economy,
    "territory": _territory,
    "unit": _unit,
    "sentence": _fill_template,
}
