"""Spell correction for words that occur in no tariff text."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ewtp.core.classification.words import stem

if TYPE_CHECKING:
    from ewtp.core.classification.index import Index

_SHORTEST_CORRECTED = 4
_SHORTEST_HALF = 3
# Words of this length may have two errors, shorter ones one.
_LENGTH_FOR_TWO_SLIPS = 7
_ONE_SLIP_WEIGHT = 0.85
_TWO_SLIPS_WEIGHT = 0.6
_SPLIT_WEIGHT = 0.9
_CANDIDATES = 12


def find_corrections(index: Index, folded: str) -> tuple[tuple[str, float], ...]:
    """Stems of likely corrections of a word, each with a weight below 1; empty where no known word is near.

    Words of four letters or more may have one error (a letter omitted, added or changed, or two swapped), those of
    seven or more two. Among equally near words, one with the same first letter is preferred, then the commoner one. A
    compound is also split in two ("teacup").
    """
    if len(folded) < _SHORTEST_CORRECTED or any(character.isdigit() for character in folded):
        return ()
    two_words = _split_word(index, folded)
    if two_words:
        return two_words
    most = 2 if len(folded) >= _LENGTH_FOR_TWO_SLIPS else 1
    near = process.extract(
        folded,
        index.vocabulary,
        scorer=OSA.distance,
        score_cutoff=most,
        limit=_CANDIDATES,
        processor=None,
    )
    if not near:
        return ()
    ranked = sorted((distance, word[0] != folded[0], -index.frequency[word], word) for word, distance, _ in near)
    nearest = ranked[0][:2]
    found: dict[str, float] = {}
    for distance, other_initial, _, word in ranked[:3]:
        if (distance, other_initial) == nearest:
            weight = _ONE_SLIP_WEIGHT if distance <= 1 else _TWO_SLIPS_WEIGHT
            found.setdefault(stem(word), weight * (1.0 if not found else 0.8))
    return tuple(found.items())


def _split_word(index: Index, folded: str) -> tuple[tuple[str, float], ...]:
    best: tuple[int, str, str] | None = None
    for at in range(_SHORTEST_HALF, len(folded) - _SHORTEST_HALF + 1):
        left, right = folded[:at], folded[at:]
        if left in index.frequency and right in index.frequency:
            weakest = min(index.frequency[left], index.frequency[right])
            if best is None or weakest > best[0]:
                best = (weakest, left, right)
    return () if best is None else ((stem(best[1]), _SPLIT_WEIGHT), (stem(best[2]), _SPLIT_WEIGHT))


def find_completions(index: Index, beginning: str, limit: int) -> list[str]:
    """The commonest words that begin with ``beginning`` (folded); the word itself comes first."""
    start = bisect_left(index.vocabulary, beginning)
    found = []
    for word in index.vocabulary[start:]:
        if not word.startswith(beginning):
            break
        found.append(word)
    found.sort(key=lambda word: (word != beginning, -index.frequency[word], word))
    return found[:limit]
