"""The index of tariff texts: which words lead to which six-digit subheading, and how strongly."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ewtp.core.classification.words import STOP_WORDS, fold, stem, stems, typed_phrase, typed_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HEADING_DIGITS = 4
SUBHEADING_DIGITS = 6
# A subheading inherits the words of its heading and chapter, which count for less than its own.
_HEADING_WEIGHT = 0.7
_CHAPTER_WEIGHT = 0.05
_NATIONAL_WEIGHT = 0.5
_NAME_WEIGHT = 1.2
# The saturation and length constants of BM25, chosen on labelled texts (docs/accuracy.md).
_SATURATION = 1.1
_LENGTH_SHARE = 0.75
# What remains when everything named has been taken out is found less readily than what is named.
_RESIDUAL_FACTOR = 0.95

_EXCLUDED = re.compile(r"\b(?:other than|excluding|except|excl|not including)\b([^;()]*)")
_EXCLUDED_SHORT = re.compile(r"\b(?:not|without|n\.e\.c\.?(?: or included)?(?: in)?)\b([^,;()]*)")
_REFERENCE = re.compile(r"\b(?:of )?(?:headings?|subheadings?|chapters?|items?)(?: nos?\.?)? [\d., andtor]+")
_RESIDUAL = re.compile(r"n\.e\.c|other than|not elsewhere", re.IGNORECASE)
_PARTS = re.compile(r"(?:\A|; |, )parts\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of two, four or six digits of the Harmonized System and its text."""

    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Name:
    """An everyday name as its distinct stems, their total weight, and the number of its subheading."""

    stems: tuple[str, ...]
    mass: float
    entry: int


@dataclass(frozen=True, slots=True)
class Posting:
    """Where a stem occurs: numbers of subheadings in rising order, and its saturated weight in each."""

    entries: array[int]
    weights: array[float]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything a search needs; built once, read by any number of searches.

    ``codes`` and ``descriptions`` list the subheadings by number; ``headings`` holds the texts of two and
    four digits; ``rarity`` is how telling a stem is; ``synonyms`` gives, for a stem, the stems it also finds and
    their weight; ``beginnings`` lists the everyday names in order, each with its subheading;
    ``vocabulary`` lists whole words in order for prefixes and spelling, ``frequency`` how many texts each is in.
    """

    edition: str
    codes: tuple[str, ...]
    descriptions: tuple[str, ...]
    numbers: Mapping[str, int]
    headings: Mapping[str, str]
    factors: array[float]
    is_parts: frozenset[int]
    postings: Mapping[str, Posting]
    rarity: Mapping[str, float]
    names: tuple[Name, ...]
    names_by_stem: Mapping[str, Sequence[int]]
    beginnings: tuple[tuple[str, int], ...]
    synonyms: Mapping[str, tuple[tuple[str, float], ...]]
    vocabulary: tuple[str, ...]
    frequency: Mapping[str, int] = field(default_factory=dict)

    @property
    def unknown_rarity(self) -> float:
        """The weight of a word that no text holds: as telling as the rarest one."""
        return math.log(1 + len(self.codes) / 1.5)

    def has(self, code: str) -> bool:
        """Whether the six-digit code exists in this edition."""
        return code in self.numbers

    def describe(self, code: str) -> str:
        """The text of the longest known beginning of ``code`` (six, four or two digits); empty where none is known."""
        number = self.numbers.get(code[:SUBHEADING_DIGITS])
        if number is not None:
            return self.descriptions[number]
        return self.headings.get(code[:HEADING_DIGITS]) or self.headings.get(code[:2], "")

    def named_from(self, beginning: str) -> frozenset[int]:
        """The numbers of the subheadings that have an everyday name beginning so (folded, single spaces)."""
        found: set[int] = set()
        for phrase, number in self.beginnings[bisect_left(self.beginnings, (beginning, -1)) :]:
            if not phrase.startswith(beginning):
                break
            found.add(number)
        return frozenset(found)

    def below(self, code: str) -> range:
        """The numbers of the subheadings that begin with ``code``; codes are in order, so they are neighbours."""
        inside = [number for number, known in enumerate(self.codes) if known.startswith(code)]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def _weighted_words(description: str) -> dict[str, float]:
    """Stems of a tariff text with how often they occur; what the text excludes counts nothing or little.

    "Insects; live, other than bees" must not be found by "bees". A list after "other than" may run on past its
    first comma, or the text may have gone back to what is covered, so later parts count for a little.
    """
    counts: dict[str, float] = defaultdict(float)
    text = _REFERENCE.sub(" ", description.lower())
    doubtful: list[str] = []

    def cut(match: re.Match[str]) -> str:
        doubtful.extend(match.group(1).split(",")[1:])
        return " "

    text = _EXCLUDED_SHORT.sub(" ", _EXCLUDED.sub(cut, text))
    for root in stems(text):
        counts[root] += 1.0
    for part in doubtful:
        for root in stems(part):
            counts.setdefault(root, 0.25)
    return counts


def build_index(
    entries: Iterable[Entry],
    *,
    edition: str,
    names: Iterable[tuple[str, str]] = (),
    synonyms: Iterable[tuple[str, str, float]] = (),
    national: Iterable[tuple[str, str]] = (),
) -> Index:
    """An index over the texts of one edition of the Harmonized System.

    ``names`` are pairs of a four- or six-digit code and an everyday name; ``synonyms`` are (word asked for, word
    also found, weight below 1); ``national`` are pairs of a national code and its description, which lend their
    words to the subheading they begin with. Codes that the edition does not have are passed over.
    """
    texts = {entry.code: entry.description for entry in entries}
    codes = tuple(sorted(code for code in texts if len(code) == SUBHEADING_DIGITS))
    numbers = {code: number for number, code in enumerate(codes)}
    headings = {code: text for code, text in texts.items() if len(code) < SUBHEADING_DIGITS}
    frequency: dict[str, int] = defaultdict(int)
    own = [_weighted_words(texts[code]) for code in codes]
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
        for word in set(typed_words(text)) - STOP_WORDS:
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
        beginnings=tuple(sorted((typed_phrase(name), number) for number, name in named)),
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
        for root in set(stems(text)):
            words[root] = max(words.get(root, 0.0), min(most, words.get(root, 0.0) + weight))


def _inherit(own: list[dict[str, float]], codes: Sequence[str], headings: Mapping[str, str]) -> None:
    """Give each subheading the words of its heading and chapter."""
    above = {code: _weighted_words(text) for code, text in headings.items()}
    none: dict[str, float] = {}
    for words, code in zip(own, codes, strict=True):
        for digits, weight in ((HEADING_DIGITS, _HEADING_WEIGHT), (2, _CHAPTER_WEIGHT)):
            for root, count in above.get(code[:digits], none).items():
                words[root] = words.get(root, 0.0) + weight * min(count, 1.0)


def _postings(own: Sequence[Mapping[str, float]]) -> dict[str, Posting]:
    gathered: dict[str, Posting] = {}
    for number, words in enumerate(own):
        for root, count in words.items():
            posting = gathered.get(root)
            if posting is None:
                posting = gathered[root] = Posting(array("H"), array("f"))
            posting.entries.append(number)
            posting.weights.append(count * (_SATURATION + 1) / (count + _SATURATION))
    return gathered


def _name_table(
    named: Sequence[tuple[int, str]],
    rarity: Mapping[str, float],
) -> tuple[tuple[Name, ...], dict[str, list[int]]]:
    table: list[Name] = []
    by_stem: dict[str, list[int]] = defaultdict(list)
    for number, text in named:
        distinct = tuple(dict.fromkeys(stems(text)))
        if not distinct:
            continue
        for root in distinct:
            by_stem[root].append(len(table))
        table.append(Name(distinct, sum(rarity[root] for root in distinct), number))
    return tuple(table), dict(by_stem)


def _synonym_table(synonyms: Iterable[tuple[str, str, float]]) -> dict[str, tuple[tuple[str, float], ...]]:
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for asked, found, weight in synonyms:
        root, other = stem(fold(asked)), stem(fold(found))
        if root != other:
            table[root][other] = max(weight, table[root].get(other, 0.0))
    return {root: tuple(others.items()) for root, others in table.items()}
