"""Cells of files that people open in a spreadsheet."""

from __future__ import annotations

from decimal import Decimal

# A cell that begins so is taken for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell_text(value: object) -> str:
    """The value as a cell of a CSV file: a decimal without an exponent, nothing for None.

    A text that a spreadsheet would run as a formula is given a leading apostrophe.
    """
    if value is None:
        return ""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
