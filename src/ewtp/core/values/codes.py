"""Codes: tariff codes, economies and currencies, checked for shape. Whether they exist is data."""

from __future__ import annotations

import re
from typing import Any

from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import (
    CODE_IS_NUMBER,
    CODE_LENGTH_ODD,
    CODE_LENGTH_ODD_ZERO,
    CODE_NOT_TEXT,
    CODE_TOO_SHORT,
    CODE_UNREADABLE,
    CURRENCY_UNREADABLE,
    ECONOMY_UNREADABLE,
)

# A number as a spreadsheet writes it, with a decimal place of nothing.
_NUMBER = re.compile(r"\s*(\d{5,14})\.0\s*")
_SEPARATORS = re.compile(r"[\s. ]+")
_CODE = re.compile(r"[0-9]{2,14}\Z")
_ECONOMY = re.compile(r"[A-Z]{2}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
SUBHEADING_DIGITS = 6
# Nothing longer is looked at; no code with its dots and spaces comes near.
_LONGEST_TEXT = 40


def parse_commodity_code(text: object) -> str | Refusal:
    """Digits of a tariff code; dots and spaces are accepted on input.

    A question is asked with at least the six digits of an HS subheading, and schedules add digits in pairs. Refusals:
    ``code_unreadable``, ``code_too_short``; ``code_length_odd`` and ``code_is_number`` for what a spreadsheet has made
    of a code, which offer the likely one.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        return Refusal(CODE_NOT_TEXT)
    digits = _SEPARATORS.sub("", text)
    if not digits.isascii() or not _CODE.match(digits):
        return Refusal(CODE_UNREADABLE)
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return Refusal(CODE_IS_NUMBER, {"text": text.strip(), "likely": _with_zero(number[1])})
    if len(digits) % 2 and len(digits) > SUBHEADING_DIGITS:
        # Every schedule adds digits in pairs, so that a leading zero is missing, or another digit where it is there.
        params: dict[str, Any] = {"code": digits, "count": len(digits)}
        if digits.startswith("0"):
            return Refusal(CODE_LENGTH_ODD_ZERO, params)
        return Refusal(CODE_LENGTH_ODD, {**params, "likely": _with_zero(digits)})
    if len(digits) < SUBHEADING_DIGITS:
        return Refusal(CODE_TOO_SHORT, {"code": digits})
    return digits


def _with_zero(digits: str) -> str:
    return digits if len(digits) % 2 == 0 else f"0{digits}"


def parse_economy(text: object) -> str | Refusal:
    """Two capital letters (ISO 3166-1 alpha-2, or EU for the customs union), or ``economy_unknown``."""
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT and _ECONOMY.match(text.strip().upper()):
        return text.strip().upper()
    return Refusal(ECONOMY_UNREADABLE)


def parse_currency(text: object) -> str | Refusal:
    """Three capital letters (ISO 4217), or ``currency_unknown``."""
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT and _CURRENCY.match(text.strip().upper()):
        return text.strip().upper()
    return Refusal(CURRENCY_UNREADABLE)
