"""A text of the tariff under its code."""

from __future__ import annotations

from dataclasses import dataclass

HEADING_DIGITS = 4


@dataclass(frozen=True, slots=True)
class TariffText:
    """A code of two, four or six digits of the Harmonized System and its text."""

    code: str
    description: str
