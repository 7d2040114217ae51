"""Cells of United Kingdom files: rates, commodity codes and seasons."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CURRENCY = "GBP"
TERRITORY = "GB"
# A spreadsheet keeps 1.8% as a binary fraction; no United Kingdom rate has more decimals than these.
_RATE_DECIMALS = Decimal("0.000001")
_SPACES = re.compile(r"\s+")
_CODE = re.compile(r"[0-9]{2,10}\Z")
_SEASON = re.compile(r"[0-9]{2}-[0-9]{2} to [0-9]{2}-[0-9]{2}\Z")
_LONGEST_QUOTE = 80


def tidy_text(text: object) -> str:
    """A cell as one line of text; hard spaces become spaces."""
    return _SPACES.sub(" ", str(text)).strip() if text is not None else ""


def quote_cells(*cells: object) -> str:
    """The offending cells of a row, cut to the length that a report shows."""
    return " | ".join(tidy_text(cell) for cell in cells)[:_LONGEST_QUOTE]


def read_rate(cell: object) -> str | None:
    """The rate in a cell as a schedule writes it; None where the cell is blank.

    A number is a fraction of the value (0.018 is 1.8%), rounded to remove the error of its binary form; a text is kept
    as it is written, on one line.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        percent = Decimal(repr(cell)).quantize(_RATE_DECIMALS) * 100
        return f"{percent.normalize():f}%" if percent else "0%"
    text = tidy_text(cell)
    return None if text in ("", "-") else text


def read_prefix(cell: object) -> str | None:
    """The prefix of a commodity code in a cell, such as ``x0805.10.22``; None where it is not one.

    A spreadsheet that read 0204.42 as a number keeps its digits: a heading has four, and the subheading after the point
    has two. Pairs of zeros at the end only pad a code to ten digits and are cut off.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        whole, _, rest = str(cell).partition(".")
        if len(rest) > 2:  # noqa: PLR2004 - a subheading has two digits
            return None
        digits = whole.zfill(4) + (rest.ljust(2, "0") if rest else "")
    else:
        digits = tidy_text(cell).removeprefix("x").replace(".", "").replace(" ", "")
    return strip_padding(digits) if _CODE.match(digits) and len(digits) % 2 == 0 else None


def strip_padding(digits: str) -> str:
    """The code without the pairs of zeros that pad it, never shorter than a chapter."""
    while len(digits) > 2 and digits.endswith("00"):  # noqa: PLR2004 - a chapter has two digits
        digits = digits[:-2]
    return digits


def read_season(cell: object) -> str | None:
    """``01-06 to 31-10``, an empty text for the whole year, None where the cell cannot be read."""
    text = tidy_text(cell)
    if text in ("", "-"):
        return ""
    return text if _SEASON.match(text) else None


def join_seasons(rates: Iterable[tuple[str, str]]) -> str | None:
    """The rates of several seasons as one expression, in the notation of the staging workbook.

    ``rates`` are (rate, season). None where two rates are given for the same time: a rate for the whole year
    beside another one, or one season twice.
    """
    distinct = list(dict.fromkeys(rates))
    whole_year = {rate for rate, season in distinct if not season}
    if whole_year:
        return whole_year.pop() if len({rate for rate, _ in distinct}) == 1 else None
    if len({season for _, season in distinct}) < len(distinct):
        return None
    if len(distinct) == 1 and not distinct[0][1]:
        return distinct[0][0]
    return " ; ".join(f"{rate} ({season})" for rate, season in distinct)
