"""Relevance: scores of subheadings for a query, before they are converted into confidences."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from ewtp.core.classification.spell_correction import find_corrections
from ewtp.core.classification.tariff_text import HEADING_DIGITS
from ewtp.core.classification.words import Word, stem
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.classification.index import Index, PostingList

# Chosen on labelled texts (docs/ask/accuracy.md).
_NAME_WEIGHT = 0.8
_NAME_SHARPNESS = 4
_EXACT_NAME_BONUS = 0.8
_SAME_HEADING_WEIGHT = 0.1
_HEADING_SHARPNESS = 3
_QUESTION_UNMATCHED = 1.0
_NAME_UNMATCHED = 0.7
# A similarity above this means the same words.
_SAME_WORDS = 0.999
_PARTS_NOT_ASKED = 0.8
_JOINED_WEIGHT = 0.95
_PARTS_STEM = stem("parts")


@immutable
class Term:
    """A word of the query with the stems that it matches, each with a weight."""

    word: Word
    alternatives: tuple[tuple[str, float], ...]
    mass: float
    corrected: bool = False


@immutable
class ScoredSubheading:
    """A subheading's number, its score, and the query's similarity (0 to 1) to its best everyday name."""

    entry: int
    score: float
    name_likeness: float


def find_terms(index: Index, words: Sequence[Word]) -> list[Term]:
    """The terms of a query: its words with synonyms, and with spelling corrections where no text has the word."""
    terms: list[Term] = []
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        joined = stem(word.folded + following.folded) if following else ""
        alternatives: dict[str, float] = {}
        corrected = False
        if word.stem in index.rarity:
            alternatives[word.stem] = 1.0
        if joined in index.rarity:
            alternatives.setdefault(joined, _JOINED_WEIGHT)
        for other, weight in index.synonyms.get(word.stem, ()):
            if other in index.rarity:
                alternatives.setdefault(other, weight)
        if not alternatives:
            corrected = True
            alternatives.update(pair for pair in find_corrections(index, word.folded) if pair[0] in index.rarity)
        rarity = index.rarity.get(word.stem)
        if rarity is None:
            rarity = max((index.rarity[root] for root in alternatives), default=index.unknown_rarity)
        terms.append(Term(word, tuple(alternatives.items()), rarity * word.weight, corrected))
    return terms


def rank(index: Index, terms: Sequence[Term], limit: int) -> list[ScoredSubheading]:
    """The best subheadings for the terms, best first.

    The score has two parts, both relative to the total weight of the query, so that scores of different queries are
    comparable: BM25 over the tariff's own texts, and similarity to an everyday name. A name also supports the other
    subheadings of its heading, because the words missing from a query are often the material or the size.
    """
    mass = sum(term.mass for term in terms)
    if not mass:
        return []
    scores = _text_scores(index, terms, mass)
    likeness = _name_likeness(index, terms, mass)
    by_heading: dict[str, float] = {}
    for entry, alike in likeness.items():
        heading = index.codes[entry][:HEADING_DIGITS]
        by_heading[heading] = max(by_heading.get(heading, 0.0), alike)
        scores.setdefault(entry, 0.0)
    asks_for_parts = any(root == _PARTS_STEM for term in terms for root, _ in term.alternatives)
    ranked = []
    for entry, text_score in scores.items():
        score = text_score * index.factors[entry]
        if not asks_for_parts and entry in index.is_parts:
            score *= _PARTS_NOT_ASKED
        alike = likeness.get(entry, 0.0)
        if alike:
            score += _NAME_WEIGHT * alike**_NAME_SHARPNESS + (_EXACT_NAME_BONUS if alike > _SAME_WORDS else 0.0)
        score += _SAME_HEADING_WEIGHT * by_heading.get(index.codes[entry][:HEADING_DIGITS], 0.0) ** _HEADING_SHARPNESS
        ranked.append(ScoredSubheading(entry, score, alike))
    ranked.sort(key=lambda scored: (-scored.score, scored.entry))
    return ranked[:limit]


def _text_scores(index: Index, terms: Sequence[Term], mass: float) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)
    for term in terms:
        best: dict[int, float] = {}
        for root, weight in term.alternatives:
            posting = index.postings[root]
            scale = weight * term.word.weight * min(index.rarity[root], term.mass / term.word.weight * 1.2) / mass
            for entry, count in zip(posting.entries, posting.weights, strict=True):
                value = scale * count
                if value > best.get(entry, 0.0):
                    best[entry] = value
        for entry, value in best.items():
            scores[entry] += value
    return scores


def _name_likeness(index: Index, terms: Sequence[Term], mass: float) -> dict[int, float]:
    """By subheading, the query's similarity to its best everyday name, from 0 to 1 (the same words)."""
    shared: dict[int, float] = defaultdict(float)
    covered: dict[int, float] = defaultdict(float)
    for term in terms:
        best: dict[int, tuple[float, float]] = {}
        for root, weight in term.alternatives:
            for number in index.names_by_stem.get(root, ()):
                known = best.get(number)
                if known is None or weight > known[0]:
                    best[number] = (weight, index.rarity[root])
        for number, (weight, rarity) in best.items():
            shared[number] += weight * term.mass
            covered[number] += weight * rarity
    likeness: dict[int, float] = {}
    for number, found in shared.items():
        name = index.names[number]
        missing = max(0.0, name.mass - covered[number])
        alike = found / (found + _QUESTION_UNMATCHED * max(0.0, mass - found) + _NAME_UNMATCHED * missing)
        if alike > likeness.get(name.entry, 0.0):
            likeness[name.entry] = alike
    return likeness


def find_matched_words(index: Index, terms: Sequence[Term], entry: int) -> tuple[str, ...]:
    """The words of the query that the subheading matches, as they were typed."""
    return tuple(
        term.word.typed for term in terms if any(_holds(index.postings[root], entry) for root, _ in term.alternatives)
    )


def _holds(posting: PostingList, entry: int) -> bool:
    at = bisect_left(posting.entries, entry)
    return at < len(posting.entries) and posting.entries[at] == entry
