"""The cells of Australia's schedules: a general rate, special rates after codes of origins, and dated steps.

``5% DCS4% DCT5%`` is 5%, for developing countries 4%; in ``5% From1July2018 2.5% From1July2019 Free`` the last step is
in force. A rate that names New Zealand or the least developed countries and is not free is the one of goods that bear
excise when they are made at home. Such rates are indexed, so the printed amount is told and not charged.
"""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import NamedTuple

_CODES = ("DCS", "DCT", "LDC", "NZ", "PG", "FI", "SG", "DC", "CA", "MY")
_ORIGINS = re.compile(rf"\b(?P<codes>(?:[A-Z]{{2,3}}\s*/\s*)*(?:{'|'.join(_CODES)}|[A-Z]{{3}})):?;?\s*(?=[$0-9]|Free)")
_STEP = re.compile(r"From\s*[0-9]{1,2}\s*[A-Z][a-z]+\s*[0-9]{4}\s*:?")
_PERCENT = re.compile(r"[0-9]+(?:\.[0-9]+)?%")
_AMOUNT = re.compile(r"\$([0-9,]+(?:\.[0-9]+)?)\s*/\s*([A-Za-z]+)(.*)")
_ABOVE = re.compile(r"of alcohol, calculated on that alcohol content by which .* exceeds ([0-9.]+)")
_OF_BLEND = re.compile(r"of [a-z ]+?(?: \(if any\))?(?: in the blend)?")
_LOWER = re.compile(r"([0-9.]+%), or,? if lower, \$([0-9.]+)/kg TSS")
_UNITS = {"L": "litre", "kg": "kg", "stick": "item"}
_WORDS = {"L": "a litre", "kg": "a kilogram", "stick": "a stick"}
_INVISIBLE = str.maketrans(dict.fromkeys("\N{ZERO WIDTH SPACE}\N{LEFT-TO-RIGHT MARK}"))


class PrintedRates(NamedTuple):
    """A general rate as printed, and the special ones by the code of their origins; ``unknown`` are other codes."""

    general: str
    special: dict[str, str]
    unknown: tuple[str, ...] = ()


def tidy_cell(text: str) -> str:
    """The text of a cell without the marks of the page that it was on."""
    return " ".join(html.unescape(text).translate(_INVISIBLE).split())


def read_cell(text: str) -> PrintedRates:
    """The rates of the last step of a cell."""
    last = _STEP.split(tidy_cell(text))[-1].strip()
    pieces = _ORIGINS.split(last)
    special: dict[str, str] = {}
    unknown = []
    for codes, rate in zip(pieces[1::2], pieces[2::2], strict=True):
        for code in re.split(r"\s*/\s*", codes):
            if code in _CODES:
                special[code] = rate.strip()
            else:
                unknown.append(code)
    return PrintedRates(pieces[0].strip(), special, tuple(unknown))


def is_dated(text: str) -> bool:
    """Whether a cell of an agreement's list gives the first day of its rate, of which the later steps are missing."""
    return bool(_STEP.search(tidy_cell(text)))


def write_printed(printed: str) -> str | None:
    """A rate as an expression: ``"5%"``, ``"1.220 AUD/kg - 5%"``; None where it cannot be read."""
    if printed == "Free" or _PERCENT.fullmatch(printed):
        return printed
    if lower := _LOWER.fullmatch(printed):
        return f"[soluble solids: the lower of {lower[1]} and {lower[2]} AUD a kilogram of TSS]"
    amount, less, percent = printed.partition(", less ")
    found = _AMOUNT.fullmatch(amount)
    if found is None or found[3] or found[2] not in _UNITS or (less and not _PERCENT.fullmatch(percent)):
        return None
    rate = f"{found[1].replace(',', '')} AUD/{_UNITS[found[2]]}"
    return f"{rate} - {percent}" if less else rate


def write_indexed(printed: str) -> str | None:
    """An indexed rate in words, as a fact that is not given; None where it cannot be read."""
    percent, also, amount = printed.partition(", and ")
    words = _word_amount(amount if also else printed)
    if words is None or (also and not _PERCENT.fullmatch(percent)):
        return None
    return f"[indexed rate: {f'{percent} and {words}' if also else words} when the table was made]"


def _word_amount(printed: str) -> str | None:
    parts = [_AMOUNT.fullmatch(part.strip()) for part in re.split(r"\s*plus\s*", printed)]
    if not all(parts):
        return None
    # What all components of a blend bear alike, the blend bears.
    said = {(_write_figure(part[1]), part[2], _of_what(part[3].strip())) for part in parts if part}
    if len(said) != 1:
        return None
    figure, unit, what = said.pop()
    return None if unit not in _WORDS or what is None else f"{figure} AUD {_WORDS[unit]}{what}"


def _write_figure(printed: str) -> str:
    return format(Decimal(printed.replace(",", "")).normalize(), "f")


def _of_what(words: str) -> str | None:
    if not words or (words != "of alcohol" and "tobacco" not in words and _OF_BLEND.fullmatch(words)):
        return ""
    if above := _ABOVE.fullmatch(words):
        return f" of alcohol above {above[1]}% by volume"
    return {"of alcohol": " of alcohol", "of tobacco content": " of tobacco"}.get(words)
