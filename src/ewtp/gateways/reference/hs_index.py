"""The index of the Harmonized System's texts, by which words lead to codes.

Everyday names and synonyms are this product's own, in the two files beside this module. Making the index takes half a
second and the stemmer's package, so a module that only needs a text reads ``hs_texts``.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from ewtp.core.classification.index import Index, build_index
from ewtp.gateways.reference.hs_texts import EDITION, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MUTUAL_WEIGHT = 0.85
_DIRECTED_WEIGHT = 0.75


def _lines(name: str) -> Iterator[str]:
    text = resources.files("ewtp.gateways.reference").joinpath(name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def read_names() -> list[tuple[str, str]]:
    """Pairs of a subheading and an everyday name of goods under it."""
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
