"""Words that no tariff text holds: what they were probably meant to be."""

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
# From this length on two slips are believed, below it one.
_LENGTH_FOR_TWO_SLIPS = 7
_ONE_SLIP_WEIGHT = 0.85
_TWO_SLIPS_WEIGHT = 0.6
_SPLIT_WEIGHT = 0.9
_CANDIDATES = 12


def corrections(index: Index, folded: str) -> tuple[tuple[str, float], ...]:
    """Stems that a word without any text may stand for, each with a weight below 1; empty where nothing is near.

    One slip (a letter left out, added, changed, or two swapped) is believed from four letters on, two slips
    from seven. Between equally near words the one with the same first letter and the commoner one win. A word
    written together is also tried as two ("teacup").
    """
    if len(folded) < _SHORTEST_CORRECTED or any(character.isdigit() for character in folded):
        return ()
    two_words = _split(index, folded)
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


def _split(index: Index, folded: str) -> tuple[tuple[str, float], ...]:
    best: tuple[int, str, str] | None = None
    for at in range(_SHORTEST_HALF, len(folded) - _SHORTEST_HALF + 1):
        left, right = folded[:at], folded[at:]
        if left in index.frequency and right in index.frequency:
            weakest = min(index.frequency[left], index.frequency[right])
            if best is None or weakest > best[0]:
                best = (weakest, left, right)
    return () if best is None else ((stem(best[1]), _SPLIT_WEIGHT), (stem(best[2]), _SPLIT_WEIGHT))


def completions(index: Index, beginning: str, limit: int) -> list[str]:
    """The commonest words that begin with ``beginning`` (folded), itself first where it is a word."""
    start = bisect_left(index.vocabulary, beginning)
    found = []
    for word in index.vocabulary[start:]:
        if not word.startswith(beginning):
            break
        found.append(word)
    found.sort(key=lambda word: (word != beginning, -index.frequency[word], word))
    return found[:limit]
