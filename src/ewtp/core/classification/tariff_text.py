"""A text of the tariff under its code."""

from __future__ import annotations

from ewtp.core.values.immutable import immutable

HEADING_DIGITS = 4


@immutable
class TariffText:
    """A code of two, four or six digits of the Harmonized System and its text."""

    code: str
    description: str
