"""Texts at most one letter apart, found by their halves.

A letter that is another, missing, added or exchanged with its neighbour leaves one half of a text as it is, the first
or the last.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable


class NearTexts:
    """An index of texts of three letters or more; threads may share it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_first: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._by_last: dict[tuple[int, str], list[str]] = defaultdict(list)
        for text in texts:
            half = _half(len(text))
            self._by_first[len(text), text[:half]].append(text)
            self._by_last[len(text), text[-half:]].append(text)

    def find(self, text: str) -> set[str]:
        """The texts that are at most one letter apart from ``text``, which has three letters or more."""
        found: list[str] = []
        for length in (len(text) - 1, len(text), len(text) + 1):
            half = _half(length)
            found += self._by_first.get((length, text[:half]), ())
            found += self._by_last.get((length, text[-half:]), ())
        if not found:
            return set()
        near = process.extract(text, found, scorer=OSA.distance, score_cutoff=1, limit=None)
        return {each for each, _, _ in near}


def _half(length: int) -> int:
    """The length of a half in characters: two halves and one character are no longer than the text."""
    return max((length - 1) // 2, 1)
