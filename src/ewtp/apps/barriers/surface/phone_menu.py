"""A barrier from a phone: one text message, or a menu of USSD that asks for language, economy, product and words."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from ewtp.core.barriers.phone_sentences import (
    PHONE_ECONOMY,
    PHONE_PRODUCT,
    PHONE_RECEIPT,
    PHONE_REFUSED,
    PHONE_WORDS,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement
from ewtp.gateways.reference.language_names import own_name
from ewtp.gateways.reference.sentence_texts import sentence_text

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal
    from ewtp.core.values.sentence import Sentence

# An economy counts only with a code beside it: a sentence in capitals may begin with IT, and Italy is not meant.
_PLACED = re.compile(
    r"\s*(?:(?P<economy>[A-Za-z]{2})[\s,:]+(?P<product>\d{4}[\s.]?\d{2}[\d.]*)|(?P<code>\d{4}\.?\d{2}[\d.]*)[\s,:]+(?P<place>[A-Z]{2}))"
    r"[\s,:]+(?P<words>\S.*)",
    re.DOTALL,
)
_NOT_SAID = "0"
CONTINUE, END = "CON", "END"


@immutable
class PhoneReport:
    """What somebody reports by phone; ``economy`` and ``product`` are empty where they were not said."""

    text: str
    economy: str = ""
    product: str = ""


def read_message(text: str) -> PhoneReport:
    """The report in a text message: a sentence alone, or one after an economy and a tariff code, ``GH 610910 …``."""
    found = _PLACED.match(text)
    if found is None:
        return PhoneReport(text)
    economy, product = found["economy"] or found["place"], found["product"] or found["code"]
    return PhoneReport(found["words"], economy.upper(), _plain_digits(product))


def _plain_digits(text: str) -> str:
    """Digits of any script, such as those of Arabic keyboards, as those of a tariff code."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def menu_languages() -> tuple[str, ...]:
    """The languages in the order in which the menu numbers them, from 1."""
    return tuple(code for code, _ in settings.LANGUAGES)


def menu_step(typed: str) -> tuple[str, str] | tuple[str, PhoneReport]:
    """What a menu does with all that was typed so far, joined by stars as Africa's Talking sends it.

    A language with the next screen's text, or a language with the report. Anything but the number of a language starts
    over.
    """
    parts = typed.split("*", 3) if typed else []
    languages = menu_languages()
    chosen = parts[0] if parts else ""
    number = unicodedata.decimal(chosen, 0) if len(chosen) == 1 else 0
    if not 1 <= number <= len(languages):
        names = "\n".join(f"{place} {own_name(code)}" for place, code in enumerate(languages, start=1))
        return "", f"eWTP\n{names}"
    language, said = languages[number - 1], [part.strip() for part in parts[1:]]
    screens = (PHONE_ECONOMY, PHONE_PRODUCT, PHONE_WORDS)
    if len(said) < len(screens):
        return language, phone_text(Statement(screens[len(said)]), language)
    economy, product = ("" if each == _NOT_SAID else each for each in said[:2])
    return language, PhoneReport(said[2], economy.upper(), _plain_digits(product))


def receipt_text(number: int, address: str, language: str) -> str:
    """What whoever reported by phone gets back."""
    return phone_text(Statement(PHONE_RECEIPT, {"number": str(number), "address": address}), language)


def refusal_text(refusal: Refusal, language: str) -> str:
    """Why nothing was kept."""
    return phone_text(Statement(PHONE_REFUSED, {"why": refusal}), language)


def phone_text(statement: Statement, language: str) -> str:
    """A sentence in a language, with the plain characters that a message has for typographic ones."""
    with override(language or "en"):
        written = sentence_text(statement)
    return written.translate(_PLAIN)


# Quotation marks, spaces that do not break, and the ellipsis.
_PLAIN = str.maketrans(
    {
        "\u2019": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u201c": '"',
        "\u201d": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2026": "...",
    }
)


def menu_sentences() -> tuple[Sentence, ...]:
    """The sentences of screens, whose lengths the tests measure."""
    return (PHONE_ECONOMY, PHONE_PRODUCT, PHONE_WORDS)
