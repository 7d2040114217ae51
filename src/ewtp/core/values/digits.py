"""Decimals as plain digits for people to read: never an exponent, never a group of thousands."""

from __future__ import annotations

MOST_DECIMALS_SHOWN = 12
# Marks an amount that has more decimals than are shown.
GOES_ON = "…"


def amount_digits(digits: str) -> str:
    """An amount with two decimals, more only where there are more; beyond twelve, with a mark that there are more."""
    whole, dot, decimals = digits.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > MOST_DECIMALS_SHOWN:
        return f"{whole}{dot}{decimals[:MOST_DECIMALS_SHOWN]}{GOES_ON}"
    return f"{whole}.{decimals.ljust(2, '0')}"


def count_digits(digits: str) -> str:
    """A quantity or a rate without zeros at its end."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
