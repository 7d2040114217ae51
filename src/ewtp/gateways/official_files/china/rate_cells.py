"""The cells of the Chinese tariff: rates, agreement rates, consumption taxes and units, in the duty language.

A cell that cannot be read is None; what reads it keeps the charge as one whose amount is not held.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from ewtp.gateways.official_files.file_readers import write_percent

_NUMBER = r"\d+(?:\.\d+)?"
_PERCENT = re.compile(rf"({_NUMBER})%?")
_SPECIFIC = re.compile(rf"({_NUMBER})元/(\w+)")
_COMPOUND = re.compile(rf"({_NUMBER})%\+({_NUMBER})元/(\w+)")
# A percentage up to a price, above it an amount a unit: the lower of both where they meet at that price.
_SLIDING = re.compile(
    rf"完税价不高于({_NUMBER})元/(\w+):({_NUMBER})%,完税价高于({_NUMBER})元/(\w+):0%\+({_NUMBER})元/(\w+)"
)
# Rates that depend on the price of a unit, which no question states: the duty language marks it by brackets.
_BY_PRICE = re.compile(
    rf"计税价格≤({_NUMBER})美元/台[:,]({_NUMBER})%;计税价格>({_NUMBER})美元/台:({_NUMBER})%\+({_NUMBER})元(?:/台)?"
)
_FROM_PRICE = re.compile(rf"完税价大于等于({_NUMBER})元:([^,]+),完税价小于({_NUMBER})元:([^,]+)")
_WITHIN_QUOTA = re.compile(rf"关税配额税率:({_NUMBER})")
_RATE_UNITS = {"千克": "kg", "升": "litre", "平方米": "m2", "台": "item"}
# Units of a declaration by their key in values.units; a pair or a set of cards or glasses (副) has no one meaning.
_UNITS = {
    "千克": "KGM",
    "克": "GRM",
    "克拉": "CTM",
    "升": "LTR",
    "千升": "KLT",
    "米": "MTR",
    "平方米": "MTK",
    "千瓦时": "KWH",
    "双": "NPR",
    "套": "SET",
    "百个": "CEN",
} | dict.fromkeys("台个辆件只条架艘株支张幅盘片把座块根", "C62")
# Fractions are written with up to two digits.
_MOST = 99


def read_duty_cell(cell: str) -> str | None:
    """A duty or an agreement rate as an expression: ``"5%"``, ``"0.6 CNY/kg"``; None where it cannot be read."""
    text = _tidy(cell)
    if percent := _PERCENT.fullmatch(text):
        return write_percent(percent[1])
    if specific := _SPECIFIC.fullmatch(text):
        return _write_specific(Decimal(specific[1]), specific[2])
    if sliding := _SLIDING.fullmatch(text):
        limit, per, rate, above, unit, amount, each = sliding.groups()
        meets = Decimal(limit) == Decimal(above) and Decimal(limit) * Decimal(rate) / 100 == Decimal(amount)
        if meets and per == unit == each and Decimal(amount):
            return f"{write_percent(rate)} but not more than {_write_specific(Decimal(amount), unit)}"
    if (by_price := _BY_PRICE.fullmatch(text)) and by_price[1] == by_price[3]:
        limit, low, _, high, amount = by_price.groups()
        rates = (write_percent(low), write_percent(high))
        return f"[price: {rates[0]} of items of up to {limit} USD, of others {rates[1]} + {amount} CNY an item]"
    return None


def read_quota_rate(cell: str) -> str | None:
    """The rate within a tariff quota, where the cell names one: ``"0%"``."""
    found = _WITHIN_QUOTA.fullmatch(_tidy(cell))
    return write_percent(found[1]) if found else None


def read_consumption_tax(cell: str) -> str | None:
    """A consumption tax on the value with duty, as an expression; None where it cannot be read.

    A rate is of a price that has the tax in it: (value + duty + quantity * amount) / (1 - rate), so 20% is 25% of the
    value with duty, and the amount of a compound tax is divided by 1 - rate too.
    """
    text = _tidy(cell)
    if percent := _PERCENT.fullmatch(text):
        return _write_without_tax(Fraction(percent[1]) / 100)
    if specific := _SPECIFIC.fullmatch(text):
        return _write_specific(Decimal(specific[1]), specific[2])
    if compound := _COMPOUND.fullmatch(text):
        rate, amount = Fraction(compound[1]) / 100, Fraction(compound[2])
        share, each = _write_without_tax(rate), _write_decimal(amount / (1 - rate))
        specific_part = None if each is None else _write_specific(Decimal(each), compound[3])
        return None if share is None or specific_part is None else f"{share} + {specific_part}"
    if (from_price := _FROM_PRICE.fullmatch(text)) and from_price[1] == from_price[3]:
        limit, above, _, below = from_price.groups()
        high, low = (part.replace("元/升", " CNY/litre") for part in (above, below))
        of = " of the price with the tax" if "%" in high else ""
        return f"[price: {high}{of} from {limit} CNY a unit on, below it {low}]"
    return None


def word_rate_of_gross_price(cell: str) -> str:
    """What a consumption tax with a percentage is of, as the cell states it; empty for any other tax."""
    text = _tidy(cell)
    if percent := _PERCENT.fullmatch(text):
        return f"{write_percent(percent[1])} of the price with the tax in it"
    if (compound := _COMPOUND.fullmatch(text)) and (unit := _RATE_UNITS.get(compound[3])):
        return f"{write_percent(compound[1])} of the price with the tax in it, and {compound[2]} CNY/{unit}"
    return ""


def read_unit(cell: str) -> tuple[str, ...]:
    """The unit of a declaration, none where the name has no one meaning."""
    unit = _UNITS.get(cell.strip())
    return (unit,) if unit else ()


def _tidy(cell: str) -> str:
    """The cell without the spaces that the width of a column put into it, its punctuation half as wide."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).rstrip("。")


def _write_specific(amount: Decimal, unit: str) -> str | None:
    if not amount:
        return "0%"
    name = _RATE_UNITS.get(unit)
    return f"{amount.normalize():f} CNY/{name}" if name else None


def _write_without_tax(rate: Fraction) -> str | None:
    """``rate`` of a price with the tax, as a percentage of the price without it: 1/5 as ``"25%"``."""
    if not 0 < rate < 1:
        return None
    percent = rate / (1 - rate) * 100
    plain = _write_decimal(percent)
    if plain is not None:
        return f"{plain}%"
    whole, rest = divmod(percent.numerator, percent.denominator)
    left = Fraction(rest, percent.denominator)
    fits = whole and max(left.numerator, left.denominator) <= _MOST
    return f"{whole} {left.numerator}/{left.denominator}%" if fits else None


def _write_decimal(number: Fraction) -> str | None:
    """A fraction as a decimal of up to eight places; None where it has none."""
    scaled = number * 10**8
    return f"{Decimal(scaled.numerator).scaleb(-8).normalize():f}" if scaled.denominator == 1 else None
