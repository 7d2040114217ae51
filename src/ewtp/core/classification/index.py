"""The inverted index of tariff texts: the six-digit subheadings that each word leads to, with weights."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING

from ewtp.core.classification.tariff_text import HEADING_DIGITS, TariffText
from ewtp.core.classification.words import STOP_WORDS, find_stems, fold, fold_phrase, split_words, stem
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A subheading inherits the words of its heading and chapter, with a lower weight than its own.
_HEADING_WEIGHT = 0.7
_CHAPTER_WEIGHT = 0.05
_NATIONAL_WEIGHT = 0.5
_NAME_WEIGHT = 1.2
# The saturation and length constants of BM25, chosen on labelled texts (docs/ask/accuracy.md).
_SATURATION = 1.1
_LENGTH_SHARE = 0.75
# A residual subheading ("other") ranks below those that name their goods.
_RESIDUAL_FACTOR = 0.95

_EXCLUDED = re.compile(r"\b(?:other than|excluding|except|excl|not including)\b([^;()]*)")
_EXCLUDED_SHORT = re.compile(r"\b(?:not|without|n\.e\.c\.?(?: or included)?(?: in)?)\b([^,;()]*)")
_REFERENCE = re.compile(r"\b(?:of )?(?:headings?|subheadings?|chapters?|items?)(?: nos?\.?)? [\d., andtor]+")
_RESIDUAL = re.compile(r"n\.e\.c|other than|not elsewhere", re.IGNORECASE)
_PARTS = re.compile(r"(?:\A|; |, )parts\b", re.IGNORECASE)


@immutable
class EverydayName:
    """An everyday name: its distinct stems, their total weight, and the number of its subheading."""

    stems: tuple[str, ...]
    mass: float
    entry: int


@immutable
class PostingList:
    """The subheadings in which a stem occurs, by ascending number, and its saturated BM25 weight in each."""

    entries: array[int]
    weights: array[float]


@immutable
class Index:
    """The data of all searches; built once and shared by threads.

    ``codes`` and ``descriptions`` list the subheadings by number; ``headings`` has the texts of chapters and headings
    by code; ``factors`` scale the scores of residual subheadings; ``rarity`` is the inverse document frequency of a
    stem; ``synonyms`` gives for a stem the stems that it also finds, with weights; ``beginnings`` lists the everyday
    names in order, each with its subheading; ``vocabulary`` lists whole words in order, for prefixes and spelling, and
    ``frequency`` the number of texts that have each.
    """

    edition: str
    codes: tuple[str, ...]
    descriptions: tuple[str, ...]
    numbers: Mapping[str, int]
    headings: Mapping[str, str]
    factors: array[float]
    is_parts: frozenset[int]
    postings: Mapping[str, PostingList]
    rarity: Mapping[str, float]
    names: tuple[EverydayName, ...]
    names_by_stem: Mapping[str, Sequence[int]]
    beginnings: tuple[tuple[str, int], ...]
    synonyms: Mapping[str, tuple[tuple[str, float], ...]]
    vocabulary: tuple[str, ...]
    frequency: Mapping[str, int] = field(default_factory=dict)

    @property
    def unknown_rarity(self) -> float:
        """The rarity of a word that occurs in no text: that of the rarest word."""
        return math.log(1 + len(self.codes) / 1.5)

    def has(self, code: str) -> bool:
        """Whether the six-digit code exists in this edition."""
        return code in self.numbers

    def describe(self, code: str) -> str:
        """The text of the longest known prefix of ``code`` (six, four or two digits); empty where none is known."""
        number = self.numbers.get(code[:SUBHEADING_DIGITS])
        if number is not None:
            return self.descriptions[number]
        return self.headings.get(code[:HEADING_DIGITS]) or self.headings.get(code[:2], "")

    def find_named_from(self, beginning: str) -> frozenset[int]:
        """The numbers of the subheadings with an everyday name that begins with ``beginning`` (a folded phrase)."""
        found: set[int] = set()
        for phrase, number in self.beginnings[bisect_left(self.beginnings, (beginning, -1)) :]:
            if not phrase.startswith(beginning):
                break
            found.add(number)
        return frozenset(found)

    def below(self, code: str) -> range:
        """The numbers of the subheadings that begin with ``code``; codes are sorted, so the numbers are a range."""
        inside = [number for number, known in enumerate(self.codes) if known.startswith(code)]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def _weigh_words(description: str) -> dict[str, float]:
    """The stems of a tariff text with their frequencies; words that the text excludes have little or no weight.

    "Insects; live, other than bees" must not be found by "bees". After the first comma behind "other than", either the
    list of exclusions continues or the text returns to the goods covered, so words there have a low weight.
    """
    counts: dict[str, float] = defaultdict(float)
    text = _REFERENCE.sub(" ", description.lower())
    doubtful: list[str] = []

    def cut(match: re.Match[str]) -> str:
        doubtful.extend(match.group(1).split(",")[1:])
        return " "

    text = _EXCLUDED_SHORT.sub(" ", _EXCLUDED.sub(cut, text))
    for root in find_stems(text):
        counts[root] += 1.0
    for part in doubtful:
        for root in find_stems(part):
            counts.setdefault(root, 0.25)
    return counts


def build_index(
    entries: Iterable[TariffText],
    *,
    edition: str,
    names: Iterable[tuple[str, str]] = (),
    synonyms: Iterable[tuple[str, str, float]] = (),
    national: Iterable[tuple[str, str]] = (),
) -> Index:
    """Index the texts of one edition of the Harmonized System.

    ``names`` are pairs of a four- or six-digit code and an everyday name; ``synonyms`` are (word asked for, word
    also found, weight below 1); ``national`` are pairs of a national code and its description, whose words also count
    for the subheading of the code. Codes outside the edition are skipped.
    """
    texts = {entry.code: entry.description for entry in entries}
    codes = tuple(sorted(code for code in texts if len(code) == SUBHEADING_DIGITS))
    numbers = {code: number for number, code in enumerate(codes)}
    headings = {code: text for code, text in texts.items() if len(code) < SUBHEADING_DIGITS}
    frequency: dict[str, int] = defaultdict(int)
    own = [_weigh_words(texts[code]) for code in codes]
    average = sum(sum(words.values()) for words in own) / max(1, len(own))
    for words in own:
        norm = 1 - _LENGTH_SHARE + _LENGTH_SHARE * sum(words.values()) / average
        for root in words:
            words[root] /= norm
    named = [(numbers[code], name) for code, name in names if code in numbers]
    _lend(own, named, _NAME_WEIGHT, 1.5)
    _lend(own, ((numbers[c[:6]], text) for c, text in national if c[:6] in numbers), _NATIONAL_WEIGHT, 1.0)
    in_entries: dict[str, int] = defaultdict(int)
    for words in own:
        for root in words:
            in_entries[root] += 1
    total = len(codes)
    _inherit(own, codes, headings)
    rarity = {root: math.log(1 + (total - n + 0.5) / (n + 0.5)) for root, n in in_entries.items()}
    for root in {root for words in own for root in words} - rarity.keys():
        rarity[root] = math.log(1 + total / 6)
    for text in [*texts.values(), *(name for _, name in named)]:
        for word in set(split_words(text)) - STOP_WORDS:
            if not word.isdigit():
                frequency[fold(word)] += 1
    name_table, by_stem = _name_table(named, rarity)
    parts = frozenset(n for n, code in enumerate(codes) if _PARTS.search(texts[code]))
    return Index(
        edition=edition,
        codes=codes,
        descriptions=tuple(texts[code] for code in codes),
        numbers=numbers,
        headings=headings,
        factors=array("f", (_factor(texts[code]) for code in codes)),
        is_parts=parts,
        postings=_postings(own),
        rarity=rarity,
        names=name_table,
        names_by_stem=by_stem,
        beginnings=tuple(sorted((fold_phrase(name), number) for number, name in named)),
        synonyms=_synonym_table(synonyms),
        vocabulary=tuple(sorted(frequency)),
        frequency=dict(frequency),
    )


def _factor(description: str) -> float:
    return _RESIDUAL_FACTOR if _RESIDUAL.search(description) else 1.0


def _lend(own: list[dict[str, float]], texts: Iterable[tuple[int, str]], weight: float, most: float) -> None:
    """Add the words of other texts to subheadings, each word up to ``most`` in all."""
    for number, text in texts:
        words = own[number]
        for root in set(find_stems(text)):
            words[root] = max(words.get(root, 0.0), min(most, words.get(root, 0.0) + weight))


def _inherit(own: list[dict[str, float]], codes: Sequence[str], headings: Mapping[str, str]) -> None:
    """Give each subheading the words of its heading and chapter."""
    above = {code: _weigh_words(text) for code, text in headings.items()}
    none: dict[str, float] = {}
    for words, code in zip(own, codes, strict=True):
        for digits, weight in ((HEADING_DIGITS, _HEADING_WEIGHT), (2, _CHAPTER_WEIGHT)):
            for root, count in above.get(code[:digits], none).items():
                words[root] = words.get(root, 0.0) + weight * min(count, 1.0)


def _postings(own: Sequence[Mapping[str, float]]) -> dict[str, PostingList]:
    gathered: dict[str, PostingList] = {}
    for number, words in enumerate(own):
        for root, count in words.items():
            posting = gathered.get(root)
            if posting is None:
                posting = gathered[root] = PostingList(array("H"), array("f"))
            posting.entries.append(number)
            posting.weights.append(count * (_SATURATION + 1) / (count + _SATURATION))
    return gathered


def _name_table(
    named: Sequence[tuple[int, str]],
    rarity: Mapping[str, float],
) -> tuple[tuple[EverydayName, ...], dict[str, list[int]]]:
    table: list[EverydayName] = []
    by_stem: dict[str, list[int]] = defaultdict(list)
    for number, text in named:
        distinct = tuple(dict.fromkeys(find_stems(text)))
        if not distinct:
            continue
        for root in distinct:
            by_stem[root].append(len(table))
        table.append(EverydayName(distinct, sum(rarity[root] for root in distinct), number))
    return tuple(table), dict(by_stem)


def _synonym_table(synonyms: Iterable[tuple[str, str, float]]) -> dict[str, tuple[tuple[str, float], ...]]:
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for asked, found, weight in synonyms:
        root, other = stem(fold(asked)), stem(fold(found))
        if root != other:
            table[root][other] = max(weight, table[root].get(other, 0.0))
    return {root: tuple(others.items()) for root, others in table.items()}
