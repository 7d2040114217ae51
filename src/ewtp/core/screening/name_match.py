"""How alike two folded names are, word by word, and why.

Each word of one name is paired with at most one of the other, the most alike first. A score from 0 to 1 weighs what is
paired by how rare the words are in the lists: that both have a Muhammad says little. Words that only one name has lower
it. Two neighbouring words of one name may be one word of the other.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from rapidfuzz.distance import OSA

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ewtp.core.screening.name_form import FoldedName, NameWord

LEAST_ALIKE = 0.7
# What a common sound is worth without and with the same spelling, by how many consonants it has.
_LONG_SOUND, _BRIEF_SOUND, _SHORT_SOUND = (0.75, 0.25), (0.55, 0.4), 2
# Words of few consonants share a sound by chance.
LEAST_SPELT = 0.4
_INITIAL = 0.75
SHORT = 3
_MINOR = 0.12
# Of the name that is paired better and of the other: people and firms often leave words out, and seldom change one.
BETTER_PART, OTHER_PART = 0.65, 0.35
# One word in common is not enough where either name has more.
_SEVERAL = 2
_ONE_WORD, _TELLING_WORD, _ONE_RARE_WORD = 0.7, 0.78, 0.8
_RARE, _LONG = 0.8, 6
_ANOTHER_ORDER = 0.99


@immutable
class WordPair:
    """Words of the two names taken to be one, ``alike`` from 0 to 1; ``how`` is same, sound, spelling or initial."""

    asked: str
    listed: str
    how: str
    alike: float

    def as_json(self) -> dict[str, Any]:
        """``{"asked", "listed", "how", "alike"}``."""
        return {"asked": self.asked, "listed": self.listed, "how": self.how, "alike": round(self.alike, 2)}


# How two words are alike, and how much; words that are not alike have none.
Likeness = tuple[str, float]


class Likenesses(Protocol):
    """What the words of an asked name are alike to among the words of listed ones."""

    def of_word(self, asked: NameWord, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """Of the words of a listed name, those that a word is like."""

    def of_joined(self, asked: str, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """Of the words of a listed name, those that two neighbours written as one are like."""

    def with_joined(self, asked: NameWord, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """Of the neighbours of a listed name written as one, those that a word is like."""


@immutable
class NameMatch:
    """The score of two names, and the words behind it; ``same`` says that all of them agree."""

    score: float
    same: bool
    pairs: tuple[WordPair, ...]
    asked_alone: tuple[str, ...]
    listed_alone: tuple[str, ...]


def match_words(asked: NameWord, listed: NameWord) -> Likeness:
    """How alike two words are: in what, and from 0 (not at all) to 1."""
    one, two = asked.text, listed.text
    if one == two:
        return "same", 1.0
    if len(one) == 1 or len(two) == 1:
        return ("initial", _INITIAL) if one[0] == two[0] and not one.isdigit() else ("", 0.0)
    if one.isdigit() or two.isdigit():
        return "", 0.0
    return match_spelling(asked, listed, OSA.normalized_similarity(one, two))


def match_spelling(asked: NameWord, listed: NameWord, spelt: float) -> Likeness:
    """How alike two words of several letters are that are not the same, where their spelling is ``spelt`` alike."""
    if asked.sound and asked.sound == listed.sound and spelt >= LEAST_SPELT:
        least, more = _LONG_SOUND if len(asked.sound) > _SHORT_SOUND else _BRIEF_SOUND
        return "sound", least + more * spelt
    if min(len(asked.text), len(listed.text)) > SHORT and spelt >= LEAST_ALIKE:
        return "spelling", spelt
    return "", 0.0


def match_names(
    asked: FoldedName, listed: FoldedName, weigh: Callable[[str], float], likenesses: Likenesses | None = None
) -> NameMatch:
    """How alike two names are; ``weigh`` gives the weight of a word by its rarity, from 0 to 1.

    Words are compared one by one where no ``likenesses`` were found beforehand.
    """
    if asked.words and len(asked.words) == len(listed.words) and asked.plain == listed.plain:
        in_order = [w.text for w in asked.words] == [w.text for w in listed.words]
        same = tuple(WordPair(w.text, w.text, "same", 1.0) for w in asked.words)
        return NameMatch(1.0 if in_order else _ANOTHER_ORDER, True, same, (), ())  # noqa: FBT003 - a field
    ones, twos = ([weight_of(word, weigh) for word in name.words] for name in (asked, listed))
    pairs, left, right = _pair(asked.words, listed.words, likenesses or EachWithEach())
    got_one = sum(sum(ones[at] for at in places) * alike for places, _, _, alike in pairs)
    got_two = sum(sum(twos[at] for at in places) * alike for _, places, _, alike in pairs)
    better, other = sorted((_share(got_one, ones), _share(got_two, twos)), reverse=True)
    score = better**BETTER_PART * other**OTHER_PART
    score = _judge_single(asked, listed, score, (pairs, left), weigh)
    return NameMatch(
        min(score, _ANOTHER_ORDER),
        False,  # noqa: FBT003 - a field
        tuple(_present_pair(asked.words, listed.words, pair) for pair in pairs),
        tuple(asked.words[at].text for at in left),
        tuple(listed.words[at].text for at in right),
    )


class EachWithEach:
    """Likenesses that are found by comparing each word with each."""

    def of_word(self, asked: NameWord, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """See ``Likenesses``."""
        return {word.text: found for word in listed if (found := match_words(asked, word))[1]}

    def of_joined(self, asked: str, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """See ``Likenesses``."""
        return {word.text: found for word in listed if (found := match_joined(asked, word.text))[1]}

    def with_joined(self, asked: NameWord, listed: Sequence[NameWord]) -> Mapping[str, Likeness]:
        """See ``Likenesses``."""
        texts = [text for one, two in pairwise(listed) for text in concatenate_texts(one, two)]
        return {text: found for text in texts if (found := match_joined(text, asked.text))[1]}


def _judge_single(
    asked: FoldedName,
    listed: FoldedName,
    score: float,
    found: tuple[Sequence[_WordMatch], Sequence[int]],
    weigh: Callable[[str], float],
) -> float:
    """The score of names with one word in common: too little, unless it is all that was asked and names one alone."""
    pairs, left = found
    main = [pair for pair in pairs if pair[2] != "initial" and not _all_minor(asked.words, pair[0])]
    if sum(max(len(pair[0]), len(pair[1])) for pair in main) > 1:
        return score
    if _major(asked.words) < _SEVERAL and _major(listed.words) < _SEVERAL:
        return score
    if main and not _major([asked.words[at] for at in left]) and _names_alone(listed.words, main[0], weigh):
        return min(max(score, _TELLING_WORD), _ONE_RARE_WORD)
    return min(score, _ONE_WORD)


_WordMatch = tuple[tuple[int, ...], tuple[int, ...], str, float]


def _pair(
    ones: Sequence[NameWord], twos: Sequence[NameWord], likenesses: Likenesses
) -> tuple[list[_WordMatch], list[int], list[int]]:
    """The pairs of places, the most alike first, and the places that are left over on either side."""
    possible = _possible(ones, twos, likenesses)
    found = sorted(possible, key=lambda pair: (-pair[3], len(pair[0]) + len(pair[1]), pair[0], pair[1]))
    left, right = set(range(len(ones))), set(range(len(twos)))
    taken = []
    for pair in found:
        if left.issuperset(pair[0]) and right.issuperset(pair[1]):
            taken.append(pair)
            left.difference_update(pair[0])
            right.difference_update(pair[1])
    return taken, sorted(left), sorted(right)


def _possible(ones: Sequence[NameWord], twos: Sequence[NameWord], likenesses: Likenesses) -> Iterator[_WordMatch]:
    for i, one in enumerate(ones):
        words, joined = likenesses.of_word(one, twos), likenesses.with_joined(one, twos)
        yield from (((i,), (j,), *words[two.text]) for j, two in enumerate(twos) if two.text in words)
        if joined:
            yield from (((i,), (j, j + 1), *joined[text]) for j, text in _neighbours(twos) if text in joined)
    for i, text in _neighbours(ones):
        if words := likenesses.of_joined(text, twos):
            yield from (((i, i + 1), (j,), *words[two.text]) for j, two in enumerate(twos) if two.text in words)


def _neighbours(words: Sequence[NameWord]) -> Iterator[tuple[int, str]]:
    """Each two neighbours written as one word, in either order, with the place of the first."""
    for at, (one, two) in enumerate(pairwise(words)):
        for text in concatenate_texts(one, two):
            yield at, text


def concatenate_texts(one: NameWord, two: NameWord) -> tuple[str, str]:
    """Two neighbours written as one word, in either order."""
    return one.text + two.text, two.text + one.text


def match_joined(joined: str, whole: str) -> tuple[str, float]:
    """How alike two neighbours are, written as one, to a word of the other name: as in ``match_words``."""
    near = len(whole) > SHORT and joined[0] == whole[0] and abs(len(joined) - len(whole)) <= 1
    if not near or OSA.distance(joined, whole) > 1:
        return "", 0.0
    return ("same", 0.97) if joined == whole else ("spelling", OSA.normalized_similarity(joined, whole))


def weight_of(word: NameWord, weigh: Callable[[str], float]) -> float:
    """The weight of a word of a name."""
    return _MINOR if word.minor else weigh(word.text)


def _share(got: float, weights: Sequence[float]) -> float:
    return got / sum(weights) if weights else 0.0


def _major(words: Sequence[NameWord]) -> int:
    return sum(1 for word in words if not word.minor)


def _names_alone(listed: Sequence[NameWord], pair: _WordMatch, weigh: Callable[[str], float]) -> bool:
    """Whether both names have the one word of a pair, and it may name somebody alone."""
    return pair[2] == "same" and is_telling("".join(listed[at].text for at in pair[1]), weigh)


def is_telling(text: str, weigh: Callable[[str], float]) -> bool:
    """Whether a word is so rare and long that it may name somebody alone."""
    return len(text) >= _LONG and weigh(text) >= _RARE


def _all_minor(words: Sequence[NameWord], places: tuple[int, ...]) -> bool:
    return all(words[at].minor for at in places)


def _present_pair(ones: Sequence[NameWord], twos: Sequence[NameWord], pair: _WordMatch) -> WordPair:
    asked, listed, how, alike = pair
    return WordPair(" ".join(ones[at].text for at in asked), " ".join(twos[at].text for at in listed), how, alike)
