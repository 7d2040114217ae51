"""Figures, dates and names as each language writes them, from Unicode's CLDR; for people only, never for programs."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from ewtp.gateways.reference.iso_codes import economy_names, vocabulary

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

# Currencies that CLDR names but nobody prices goods in: metals, test codes, funds and units of account.
_NOT_FOR_PRICES = frozenset(
    {
        "BOV",
        "CHE",
        "CHW",
        "CLF",
        "COU",
        "MXV",
        "USN",
        "UYI",
        "UYW",
        "XAG",
        "XAU",
        "XBA",
        "XBB",
        "XBC",
        "XBD",
        "XDR",
        "XPD",
        "XPT",
        "XSU",
        "XTS",
        "XUA",
        "XXX",
    },
)
_WORLD_ENGLISH = "en-001"


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale for a language tag such as ``zh-hans``; English is the world's, not one country's."""
    return Locale.parse(_WORLD_ENGLISH if language == "en" else language, sep="-")


def is_right_to_left(language: str) -> bool:
    """Whether the language is written from right to left."""
    return bool(locale_of(language).text_direction == "rtl")


def number_text(number: Decimal, language: str) -> str:
    """The number with the decimals it has, grouped as the language groups."""
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    if number.is_finite() and not number.is_signed():
        # A page of markets has a hundred amounts, for which Babel takes ten times as long.
        return f"{number:,.{places}f}".translate(_separators(language))
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return str(format_decimal(number, format=pattern, locale=locale_of(language), decimal_quantization=False))


def percent_text(number: Decimal, language: str) -> str:
    """A rate in per cent with the sign as the language sets it."""
    return f"{number_text(number, language)}{locale_of(language).percent_formats[None].suffix[0]}"


@cache
def _separators(language: str) -> dict[int, str]:
    """The separators of the language for those of Python."""
    locale = locale_of(language)
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)})


def money_text(amount: Decimal, currency: str, language: str) -> str:
    """The amount and the currency's code, which unlike its sign is the same currency everywhere."""
    return f"{number_text(amount, language)}\u00a0{currency}"


def date_text(day: date, language: str) -> str:
    """The day in words of the language."""
    return str(format_date(day, format="long", locale=locale_of(language)))


def day_of_year_text(day: date, language: str) -> str:
    """The day and month in words of the language, without a year."""
    return str(format_skeleton("MMMMd", day, locale=locale_of(language)))


def economy_name(code: str, language: str) -> str:
    """The economy's name; its code where it has none."""
    return economy_names(language).get(code, code)


@cache
def economies_sorted(language: str) -> tuple[tuple[str, str], ...]:
    """Pairs of code and name, in the order in which readers of the language look names up."""
    names = economy_names(language)
    return tuple(sorted(names.items(), key=lambda pair: _order(pair[1], language)))


@cache
def currencies_sorted(language: str) -> tuple[tuple[str, str], ...]:
    """Pairs of code and name of the currencies goods are priced in, by code."""
    names = locale_of(language).currencies
    english = locale_of("en").currencies
    codes = sorted(vocabulary().currencies - _NOT_FOR_PRICES)
    return tuple((code, str(names.get(code) or english.get(code) or code)) for code in codes)


def _order(name: str, language: str) -> bytes:
    """A sort key: without accents; Chinese in the order of GB 18030, which is by sound for common characters."""
    if language.startswith("zh"):
        return name.encode("gb18030")
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().encode()
