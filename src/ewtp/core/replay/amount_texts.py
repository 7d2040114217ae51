"""Amounts of a replay as texts."""

from __future__ import annotations

from decimal import Decimal

from ewtp.core.replay.answer_pairs import PLACES
from ewtp.core.values.money import decimal_text, minor_units


def format_amount(ten_thousandths: int, currency: str) -> str:
    """An amount in plain digits with the decimals of the currency, or four decimals where that would round it."""
    exact = Decimal(ten_thousandths).scaleb(-PLACES)
    places = minor_units(currency)
    rounded = round(exact, places)
    return decimal_text(rounded if rounded == exact else exact)
