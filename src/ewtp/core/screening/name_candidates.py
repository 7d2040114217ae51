"""The listed names that an asked name may be, found by index: no other name reaches the least score.

A score is bounded from above by what each word of either name is worth with the word that it is most like. The bound
is added up over the listed names that have such a word, so nearly all names are never looked at, and none is lost.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ewtp.core.screening.name_match import (
    BETTER_PART,
    LEAST_ALIKE,
    OTHER_PART,
    SHORT,
    is_telling,
    match_joined,
    match_words,
    weight_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.screening.folded_name import FoldedName, NameWord

_Key = TypeVar("_Key")
_MOST_COMPARED = 250
# Bounds are sums of floats in another order than scores.
_SLACK = 1e-9
_CACHED = 65536
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_TWICE = "abcdefghijklmnopqrstuvwxyz"


class _Reach(NamedTuple):
    """The names that one asked word reaches, each once.

    ``alike`` is the most that one of their words is like it, ``listed`` the weight of all such words by likeness.
    """

    names: NDArray[np.int32]
    alike: NDArray[np.float64]
    listed: NDArray[np.float64]


class _Posting(NamedTuple):
    """A text with the names that have it, and the weight that it has in each."""

    text: str
    names: NDArray[np.int32]
    weights: NDArray[np.float64]


class NameCandidates:
    """An index of folded names; threads may share it.

    ``weigh`` gives the weight of a word by its rarity. Names that cannot reach the score ``least`` are no candidates.
    """

    def __init__(self, names: Sequence[FoldedName], weigh: Callable[[str], float], least: float) -> None:
        self._weigh = weigh
        self._least = least
        # The better part of a score is at most 1, so the other part has a least value of its own.
        self._least_share = least ** (1 / OTHER_PART) - _SLACK
        self._words = {word.text: word for name in names for word in name.words}
        self._own, self._joined = _postings(names, weigh)
        self._whole = np.array([sum(weight_of(word, weigh) for word in name.words) for name in names])
        self._by_sound = _grouped((word.sound, text) for text, word in self._words.items() if word.sound)
        self._by_initial = _grouped((text[0], text) for text in self._own)
        self._own_near = _grouped(((text[0], len(text)), text) for text in self._own)
        self._joined_near = _grouped(((text[0], len(text)), text) for text in self._joined)
        self._spelt = sorted((text for text in self._own if len(text) > SHORT and not text.isdigit()), key=len)
        self._lengths = np.array([len(text) for text in self._spelt], np.int64)
        self._masks = np.array([_letter_mask(text) for text in self._spelt], np.uint64)
        self._reach = lru_cache(maxsize=_CACHED)(self._find_reach)
        self._joined_reach = lru_cache(maxsize=_CACHED)(self._find_joined_reach)

    def find(self, asked: FoldedName) -> list[int]:
        """The numbers of the names that may reach the least score, the most promising first, at most 250."""
        if not asked.words:
            return []
        weights = [weight_of(word, self._weigh) for word in asked.words]
        got, got_listed = np.zeros(len(self._whole)), np.zeros(len(self._whole))
        for reach, weight in self._reaches(asked.words, weights):
            got[reach.names] += weight * reach.alike
            got_listed[reach.names] += reach.listed
        whole, least = sum(weights), self._least_share
        near = np.flatnonzero((got >= least * whole) & (got_listed >= least * self._whole))
        one = np.minimum(got[near] / whole, 1.0)
        two = np.minimum(got_listed[near] / self._whole[near], 1.0)
        bound = np.maximum(one, two) ** BETTER_PART * np.minimum(one, two) ** OTHER_PART
        first = np.argsort(-bound, kind="stable")
        chosen = near[first[: np.count_nonzero(bound >= self._least - _SLACK)]].tolist()
        # A rare and long word may name somebody alone, however much else the name has.
        telling = [
            number
            for word in asked.words
            if word.text in self._own and is_telling(word.text, self._weigh)
            for number in self._own[word.text].names.tolist()
        ]
        return list(dict.fromkeys([*telling, *chosen]))[:_MOST_COMPARED]

    def _reaches(self, words: Sequence[NameWord], weights: Sequence[float]) -> Iterable[tuple[_Reach, float]]:
        """What each word reaches, and what each two neighbours do, in either order, where they were one word."""
        for word, weight in zip(words, weights, strict=True):
            yield self._reach(word), weight
        for (one, two), both in zip(pairwise(words), pairwise(weights), strict=True):
            for text in {one.text + two.text, two.text + one.text}:
                yield self._joined_reach(text), sum(both)

    def _find_reach(self, word: NameWord) -> _Reach:
        found = [
            (self._own[text], alike) for text in self._like(word) if (alike := match_words(word, self._words[text])[1])
        ]
        if len(word.text) > SHORT:
            near = _near(word.text, self._joined_near)
            found += [(self._joined[text], match_joined(text, word.text)[1]) for text in near]
        return _merged(found)

    def _find_joined_reach(self, text: str) -> _Reach:
        found = [(self._own[each], match_joined(text, each)[1]) for each in _near(text, self._own_near)]
        return _merged([(posting, alike) for posting, alike in found if alike])

    def _like(self, word: NameWord) -> set[str]:
        """The words of the lists that may be like a word, and some that are not."""
        text = word.text
        found = {text} & self._own.keys()
        if len(text) == 1:
            return found.union(self._by_initial.get(text, ()))
        found |= {text[0]} & self._own.keys()
        if word.sound:
            found.update(self._by_sound.get(word.sound, ()))
        if len(text) > SHORT and not text.isdigit():
            found.update(self._spelt_like(text))
        return found

    def _spelt_like(self, text: str) -> Iterable[str]:
        """The words that are written alike; one with too many letters that the other lacks cannot be."""
        length = len(text)
        low, high = np.searchsorted(self._lengths, (length * LEAST_ALIKE - _SLACK, length / LEAST_ALIKE + _SLACK))
        masks = self._masks[low:high]
        mask = np.uint64(_letter_mask(text))
        most = (1 - LEAST_ALIKE) * np.maximum(self._lengths[low:high], length) + _SLACK
        near = (np.bitwise_count(mask & ~masks) <= most) & (np.bitwise_count(masks & ~mask) <= most)
        chosen = [self._spelt[low + at] for at in np.flatnonzero(near).tolist()]
        scored = process.extract(
            text, chosen, scorer=OSA.normalized_similarity, score_cutoff=LEAST_ALIKE - _SLACK, limit=None
        )
        return [each for each, _, _ in scored]


def _postings(
    names: Sequence[FoldedName], weigh: Callable[[str], float]
) -> tuple[dict[str, _Posting], dict[str, _Posting]]:
    """The names that have a word, and those of which two neighbours are one text when they are joined."""
    own: dict[str, list[tuple[int, float]]] = defaultdict(list)
    joined: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, name in enumerate(names):
        for word in name.words:
            own[word.text].append((number, weight_of(word, weigh)))
        for one, two in pairwise(name.words):
            both = weight_of(one, weigh) + weight_of(two, weigh)
            for text in {one.text + two.text, two.text + one.text}:
                joined[text].append((number, both))
    return _packed(own), _packed(joined)


def _packed(having: Mapping[str, Sequence[tuple[int, float]]]) -> dict[str, _Posting]:
    return {
        text: _Posting(text, np.array([n for n, _ in rows], np.int32), np.array([weight for _, weight in rows]))
        for text, rows in having.items()
    }


def _merged(found: Sequence[tuple[_Posting, float]]) -> _Reach:
    if not found:
        return _Reach(np.zeros(0, np.int32), np.zeros(0), np.zeros(0))
    every = np.concatenate([posting.names for posting, _ in found])
    alike = np.repeat([alike for _, alike in found], [len(posting.names) for posting, _ in found])
    weights = np.concatenate([posting.weights for posting, _ in found])
    names, place = np.unique(every, return_inverse=True)
    most = np.zeros(len(names))
    np.maximum.at(most, place, alike)
    return _Reach(names, most, np.bincount(place, weights * alike, len(names)).astype(np.float64))


def _grouped(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    found: dict[_Key, list[str]] = defaultdict(list)
    for key, text in pairs:
        found[key].append(text)
    return found


def _near(text: str, by_first: Mapping[tuple[str, int], Sequence[str]]) -> Iterable[str]:
    """The texts with the same first letter in which at most one letter is another, missing, added or exchanged."""
    for length in (len(text) - 1, len(text), len(text) + 1):
        those = by_first.get((text[0], length), ())
        yield from (
            each for each, _, _ in process.extract(text, those, scorer=OSA.distance, score_cutoff=1, limit=None)
        )


def _letter_mask(text: str) -> int:
    """A bit for each letter and digit of a word, and one for each letter that it has twice."""
    mask = 0
    for letter in set(text):
        mask |= 1 << _LETTERS.index(letter)
        if text.count(letter) > 1 and letter in _TWICE:
            mask |= 1 << (len(_LETTERS) + _TWICE.index(letter))
    return mask
