"""The listed names that an asked name may be, found by index: no other name reaches the least score.

A score is bounded from above by what each word of either name is worth with the word that it is most like. The bound
is added up over the listed names that have such a word, so nearly all names are never looked at, and none is lost.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from threading import local
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ewtp.core.screening.name_form import word_of
from ewtp.core.screening.name_match import (
    BETTER_PART,
    LEAST_ALIKE,
    LEAST_SPELT,
    OTHER_PART,
    SHORT,
    Likeness,
    concatenate_texts,
    is_telling,
    match_joined,
    match_spelling,
    match_words,
    weight_of,
)
from ewtp.core.screening.near_texts import NearTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.screening.name_form import FoldedName, NameWord

_Key = TypeVar("_Key")
_MOST_COMPARED = 250
# Bounds are sums of floats in another order than scores.
_SLACK = 1e-9
# rapidfuzz leaves out some texts that are alike by no more than the cutoff; whoever calls decides by the exact value.
_CUT_SLACK = 1e-4
_CACHED = 65536
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_TWICE = "abcdefghijklmnopqrstuvwxyz"
_BITS = {letter: 1 << at for at, letter in enumerate(_LETTERS)}
_TWICE_BITS = {letter: 1 << (len(_LETTERS) + at) for at, letter in enumerate(_TWICE)}


class _Reach(NamedTuple):
    """The names that one asked word reaches, each once, and the texts by which it does.

    ``alike`` is the most that one of their words is like it, ``listed`` the weight of all such words by likeness.
    ``words`` are the words that it is like, ``joined`` the neighbours written as one.
    """

    names: NDArray[np.intp]
    alike: NDArray[np.float64]
    listed: NDArray[np.float64]
    words: Mapping[str, Likeness]
    joined: Mapping[str, Likeness]


class _Posting(NamedTuple):
    """The names that have a text, and the weight that it has in each; ``once`` says that no name has it twice.

    The names are of the kind of number that numpy takes for places; changing another for each sum takes longer than it.
    """

    names: NDArray[np.intp]
    weights: NDArray[np.float64]
    once: bool


class NameCandidates:
    """An index of folded names, and what their words are like; threads may share it.

    ``weigh`` gives the weight of a word by its rarity. Names that cannot reach the score ``least`` are not candidates.
    """

    def __init__(self, names: Sequence[FoldedName], weigh: Callable[[str], float], least: float) -> None:
        self._weigh = weigh
        self._least = least
        # The better part of a score is at most 1, so the other part has a least value of its own.
        self._least_share = least ** (1 / OTHER_PART) - _SLACK
        self._words = {word.text: word for name in names for word in name.words}
        self._own, self._joined = _postings(names, weigh)
        self._whole = np.array([sum(weight_of(word, weigh) for word in name.words) for name in names])
        self._least_whole = self._least_share * self._whole
        self._by_sound = _group_pairs((word.sound, text) for text, word in self._words.items() if word.sound)
        self._by_initial = _group_pairs((text[0], text) for text in self._own)
        self._own_near = NearTexts(text for text in self._own if len(text) > SHORT)
        self._joined_near = NearTexts(self._joined)
        self._spelt = sorted((text for text in self._own if len(text) > SHORT and not text.isdigit()), key=len)
        self._lengths = np.array([len(text) for text in self._spelt], np.int64)
        self._masks = np.array([_letter_mask(text) for text in self._spelt], np.uint64)
        self._kept = local()
        self._room = lru_cache(maxsize=_CACHED)(self._find_room)
        self._reach = lru_cache(maxsize=_CACHED)(self._find_reach)
        self._joined_reach = lru_cache(maxsize=_CACHED)(self._find_joined_reach)

    def find(self, asked: FoldedName) -> list[int]:
        """The numbers of the names that may reach the least score, the most promising first, at most 250."""
        if not asked.words:
            return []
        weights = [weight_of(word, self._weigh) for word in asked.words]
        whole = sum(weights)
        got, got_listed = self._sums()
        for reach, weight in self._reaches(asked.words, weights):
            got[reach.names] += weight * reach.alike
            got_listed[reach.names] += reach.listed
        near = (got >= self._least_share * whole).nonzero()[0]
        near = near[got_listed[near] >= self._least_whole[near]]
        one = np.minimum(got[near] / whole, 1.0)
        two = np.minimum(got_listed[near] / self._whole[near], 1.0)
        bound = np.maximum(one, two) ** BETTER_PART * np.minimum(one, two) ** OTHER_PART
        first = np.argsort(-bound, kind="stable")
        chosen = near[first[: np.count_nonzero(bound >= self._least - _SLACK)]].tolist()
        return list(dict.fromkeys([*self._find_telling(asked.words, weights, got), *chosen]))[:_MOST_COMPARED]

    def _find_telling(
        self, words: Sequence[NameWord], weights: Sequence[float], got: NDArray[np.float64]
    ) -> Iterable[int]:
        """The names that a rare and long word may name alone, however much else they have.

        It does so only where each other word of some weight is like one of theirs.
        """
        least = (
            LEAST_ALIKE * sum(weight for word, weight in zip(words, weights, strict=True) if not word.minor) - _SLACK
        )
        for word in words:
            if word.text in self._own and is_telling(word.text, self._weigh):
                names = self._own[word.text].names
                yield from names[got[names] >= least].tolist()

    def _sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Two zeros for each name, which a thread uses again: getting that much memory takes longer than the sums."""
        if not hasattr(self._kept, "sums"):
            self._kept.sums = (np.empty(len(self._whole)), np.empty(len(self._whole)))
        sums: tuple[NDArray[np.float64], NDArray[np.float64]] = self._kept.sums
        for each in sums:
            each.fill(0.0)
        return sums

    def of_word(self, asked: NameWord, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """See ``Likenesses``."""
        del listed
        return self._reach(asked.text).words

    def of_joined(self, asked: str, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """See ``Likenesses``."""
        del listed
        return self._joined_reach(asked).words

    def with_joined(self, asked: NameWord, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """See ``Likenesses``."""
        del listed
        return self._reach(asked.text).joined

    def _reaches(self, words: Sequence[NameWord], weights: Sequence[float]) -> Iterable[tuple[_Reach, float]]:
        """What each word reaches, and what each two neighbours do, in either order, where they were one word."""
        for word, weight in zip(words, weights, strict=True):
            yield self._reach(word.text), weight
        for (one, two), both in zip(pairwise(words), pairwise(weights), strict=True):
            for text in {*concatenate_texts(one, two)}:
                reach = self._joined_reach(text)
                if len(reach.names):
                    yield reach, sum(both)

    def _find_reach(self, text: str) -> _Reach:
        words = self._find_words(text)
        joined: dict[str, Likeness] = {}
        if len(text) > SHORT:
            joined = {each: found for each in self._joined_near.find(text) if (found := match_joined(each, text))[1]}
        reached = [(self._own[each], alike) for each, (_, alike) in words.items()]
        reached += [(self._joined[each], alike) for each, (_, alike) in joined.items()]
        return _Reach(*_merge_postings(reached), words, joined)

    def _find_joined_reach(self, text: str) -> _Reach:
        words = {each: found for each in self._own_near.find(text) if (found := match_joined(text, each))[1]}
        if not words:
            return _NONE
        return _Reach(*_merge_postings([(self._own[each], alike) for each, (_, alike) in words.items()]), words, {})

    def _find_words(self, text: str) -> dict[str, Likeness]:
        """The words of the lists that a word is like."""
        word = word_of(text)
        if len(text) == 1:
            texts = self._by_initial.get(text, [])
            return {each: found for each in texts if (found := match_words(word, self._words[each]))[1]}
        whole = {text, text[0]} & self._own.keys()
        words = {each: match_words(word, self._words[each]) for each in whole}
        spelt: list[tuple[str, float]] = []
        if word.sound:
            spelt = _score_texts(text, self._by_sound.get(word.sound, []), LEAST_SPELT)
        if len(text) > SHORT and not text.isdigit():
            spelt += _score_texts(text, self._spelt_like(text), LEAST_ALIKE)
        for each, alike in spelt:
            found = match_spelling(word, self._words[each], alike)
            if found[1] and each not in whole:
                words[each] = found
        return {each: found for each, found in words.items() if found[1]}

    def _spelt_like(self, text: str) -> list[str]:
        """The words that may be written alike; of others, too many letters are in one of the two alone."""
        low, high, most = self._room(len(text))
        apart = np.bitwise_count(self._masks[low:high] ^ np.uint64(_letter_mask(text)))
        return [self._spelt[low + at] for at in (apart <= most).nonzero()[0].tolist()]

    def _find_room(self, length: int) -> tuple[int, int, NDArray[np.uint8]]:
        """From and to which place the words stand that are not too short or too long to be like one of ``length``.

        And how many letters may be in one of the two alone: two for each letter that is another, one for each that is
        missing.
        """
        low, high = self._lengths.searchsorted((length * LEAST_ALIKE - _SLACK, length / LEAST_ALIKE + _SLACK)).tolist()
        lengths = self._lengths[low:high]
        most = ((1 - LEAST_ALIKE) * np.maximum(lengths, length) + _SLACK).astype(np.int64)
        return low, high, (2 * most - np.abs(lengths - length)).astype(np.uint8)


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
            for text in {*concatenate_texts(one, two)}:
                joined[text].append((number, both))
    return _pack_postings(own), _pack_postings(joined)


def _pack_postings(having: Mapping[str, Sequence[tuple[int, float]]]) -> dict[str, _Posting]:
    return {
        text: _Posting(
            np.array([number for number, _ in rows], np.intp),
            np.array([weight for _, weight in rows]),
            len(rows) == len({number for number, _ in rows}),
        )
        for text, rows in having.items()
    }


def _merge_postings(
    found: Sequence[tuple[_Posting, float]],
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    if not found:
        return _NONE[:3]
    if len(found) == 1 and found[0][0].once:
        posting, likeness = found[0]
        return posting.names, np.full(len(posting.names), likeness), posting.weights * likeness
    sizes = np.array([len(posting.names) for posting, _ in found])
    every = np.concatenate([posting.names for posting, _ in found])
    order = every.argsort(kind="stable")
    every = every[order]
    alike = np.repeat(np.array([likeness for _, likeness in found]), sizes)[order]
    weights = np.concatenate([posting.weights for posting, _ in found])[order]
    starts = np.concatenate([_FIRST, every[1:] != every[:-1]]).nonzero()[0]
    return every[starts], np.maximum.reduceat(alike, starts), np.add.reduceat(weights * alike, starts)


_FIRST = np.ones(1, np.bool_)
_NONE = _Reach(np.zeros(0, np.intp), np.zeros(0), np.zeros(0), {}, {})


def _score_texts(text: str, texts: Sequence[str], least: float) -> list[tuple[str, float]]:
    """Texts and how alike they are written to ``text``, where that is ``least`` or more."""
    scored = process.extract(text, texts, scorer=OSA.normalized_similarity, score_cutoff=least - _CUT_SLACK, limit=None)
    return [(each, alike) for each, alike, _ in scored]


def _group_pairs(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    found: dict[_Key, list[str]] = defaultdict(list)
    for key, text in pairs:
        found[key].append(text)
    return found


def _letter_mask(text: str) -> int:
    """A bit for each letter and digit of a word, and one for each letter that it has twice."""
    once = twice = 0
    for letter in text:
        bit = _BITS[letter]
        if once & bit:
            twice |= _TWICE_BITS.get(letter, 0)
        once |= bit
    return once | twice
