"""Codes: tariff codes, economies and currencies, checked for shape. Whether they exist is data."""

from __future__ import annotations

import re

from ewtp.core.values.refusal import Refusal

_SEPARATORS = re.compile(r"[\s. ]+")
_CODE = re.compile(r"[0-9]{2,14}\Z")
_ECONOMY = re.compile(r"[A-Z]{2}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
SUBHEADING_DIGITS = 6
# Nothing longer is looked at; no code with its dots and spaces comes near.
_LONGEST_TEXT = 40


def parse_commodity_code(text: object) -> str | Refusal:
    """Digits of a tariff code; dots and spaces are accepted on input.

    A question is asked with at least the six digits of an HS subheading.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        return Refusal("code_unreadable", "Give the tariff code as a string of digits, such as 6109.10.")
    digits = _SEPARATORS.sub("", text)
    if not digits.isascii() or not _CODE.match(digits):
        return Refusal(
            "code_unreadable",
            "A tariff code has 6 to 14 digits, such as 6109.10; dots and spaces are fine.",
        )
    if len(digits) < SUBHEADING_DIGITS:
        return Refusal(
            "code_too_short",
            f"{digits} is a chapter or heading; give at least the six digits of a subheading "
            "(the product search finds them).",
        )
    return digits


def parse_economy(text: object) -> str | Refusal:
    """Two capital letters (ISO 3166-1 alpha-2, or EU for the customs union)."""
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT and _ECONOMY.match(text.strip().upper()):
        return text.strip().upper()
    return Refusal(
        "economy_unknown",
        "Give an economy as two letters (ISO 3166-1), such as KE; EU is the customs union.",
    )


def parse_currency(text: object) -> str | Refusal:
    """Three capital letters (ISO 4217)."""
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT and _CURRENCY.match(text.strip().upper()):
        return text.strip().upper()
    return Refusal("currency_unknown", "Give a currency as three letters (ISO 4217), such as USD.")
