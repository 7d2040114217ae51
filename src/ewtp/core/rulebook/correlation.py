"""Codes in the other editions of the Harmonized System, by the correlation tables of a book."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book

# Newest first; a correlation table leads from each to the next.
EDITIONS = ("HS2022", "HS2017", "HS2012")
_NOMENCLATURE = re.compile(r"([A-Za-z]+)(\d{4})\Z")
_YEARS = tuple((int(edition.removeprefix("HS")), edition) for edition in EDITIONS)


def in_edition(book: Book, code: str, edition: str) -> str | None:
    """The one code of ``edition`` that holds all goods of ``code``; None where they went to several, or it is there.

    A code that a correlation table does not name is the same before and after.
    """
    direct = book.replacements(code, edition)
    if direct:
        return direct[0] if len(direct) == 1 else None
    found = code
    for step in EDITIONS[1:]:
        names = book.replacements(found, step)
        if len(names) > 1:
            return None
        found = names[0] if names else found
        if step == edition:
            break
    return found if found != code else None


def hs_edition_of(nomenclature: str) -> str:
    """The edition of the Harmonized System that was in force in the year of a nomenclature (``"CN2022"``).

    Empty where the name has no year, or one before the oldest edition.
    """
    read = _NOMENCLATURE.fullmatch(nomenclature)
    return "" if read is None else next((edition for year, edition in _YEARS if year <= int(read[2])), "")


def edition_order(nomenclature: str) -> tuple[str, int]:
    """The family of a nomenclature and the year of its edition: ``("CN", 2022)``; without a year, 0."""
    read = _NOMENCLATURE.fullmatch(nomenclature)
    return (nomenclature, 0) if read is None else (read[1], int(read[2]))
