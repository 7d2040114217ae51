"""Which tariff code a product described in words falls under: the question, the answer, and how sure it is."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from ewtp.core.classification.confidence import CERTAIN, FAIR, POOR, compute_confidences
from ewtp.core.classification.relevance import ScoredSubheading, Term, find_matched_words, find_terms, rank
from ewtp.core.classification.sentences import (
    CODE_HAS_SUBHEADINGS,
    NO_CODE_BEGINS,
    NO_MATCH,
    SEVERAL_MATCHES,
    WORDS_MISSING,
    WORDS_NOT_LATIN,
    WORDS_TOO_LONG,
)
from ewtp.core.classification.spell_correction import find_completions
from ewtp.core.classification.tariff_text import HEADING_DIGITS
from ewtp.core.classification.words import Word, fold, fold_phrase, split_words, stem, weigh_words
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.classification.index import Index

LONGEST_QUERY = 1_000
MOST_WORDS = 60
MOST_RESULTS = 100
# Confidences are computed among this number of candidates, however many are shown.
_COMPARED = 10
_COMPLETIONS = 12
_BEGINS_NAME = 1.5


_CODE_QUERY = re.compile(r"(?:(?:hs|hts|cn|code|heading|tariff)[\s:.]*)*([0-9][0-9.\s]{1,18})\Z")


@immutable
class Match:
    """A subheading (six digits), its text and its heading's, and the probability from 0 to 1 that it is right.

    ``matched`` are the words of the query that it matches, as they were typed.
    """

    hs: str
    description: str
    heading: str
    confidence: Decimal
    matched: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.hs) != SUBHEADING_DIGITS or not self.hs.isdigit():
            msg = f"a match names a subheading of six digits, not {self.hs!r}"
            raise ValueError(msg)
        if not 0 <= self.confidence <= 1:
            msg = f"a confidence is from 0 to 1, not {self.confidence}"
            raise ValueError(msg)

    def as_json(self) -> dict[str, Any]:
        """The match as the command line and the API give it."""
        return {
            "hs": self.hs,
            "description": self.description,
            "heading": self.heading,
            "confidence": str(self.confidence),
            "matched": list(self.matched),
        }


@immutable
class SearchAnswer:
    """The matches for a query, likeliest first; ``doubt`` is a sentence where none or several are likely."""

    query: str
    results: tuple[Match, ...]
    doubt: Statement | None
    edition: str

    def as_json(self) -> dict[str, Any]:
        """The answer as the command line and the API give it."""
        return {
            "query": self.query,
            "results": [match.as_json() for match in self.results],
            "message": self.doubt.message if self.doubt else None,
            "message_sentence": self.doubt.reference() if self.doubt else None,
            "edition": self.edition,
        }


def search(index: Index, query: object, limit: int = 10) -> SearchAnswer | Refusal:
    """Search the subheadings for a product in words, or for a code typed as digits; returns at most ``limit``.

    Refusals: ``words_missing`` where the query does not name a product, ``words_too_long`` beyond 1,000 characters,
    ``words_not_latin`` where no word is in Latin letters (the texts are English).
    """
    refusal = _check_query(query)
    if refusal is not None or not isinstance(query, str):
        return refusal or _refuse_missing()
    shown = max(1, min(limit, MOST_RESULTS))
    text = " ".join(query.split())
    code = _CODE_QUERY.match(text.lower())
    if code:
        return _by_code(index, text, re.sub(r"[.\s]", "", code.group(1)), shown)
    words = weigh_words(text, MOST_WORDS)
    if not words:
        return _refuse_missing()
    terms = find_terms(index, words)
    ranked = rank(index, terms, max(shown, _COMPARED))
    results = _matches(index, terms, ranked)[:shown]
    return SearchAnswer(text, results, _doubt(results), index.edition)


def suggest(index: Index, text: object, limit: int = 8) -> tuple[Match, ...]:
    """Likely subheadings while a query is being typed: its last word may be unfinished. Never refuses."""
    if not isinstance(text, str) or _check_query(text) is not None:
        return ()
    shown = max(1, min(limit, MOST_RESULTS))
    typed = " ".join(text.split())
    if _CODE_QUERY.match(typed.lower()):
        answer = search(index, typed, shown)
        return answer.results if isinstance(answer, SearchAnswer) else ()
    every = split_words(typed)
    finished = text[-1:].isspace() or not every
    words = weigh_words(typed, MOST_WORDS)
    terms = find_terms(index, words)
    last = _complete_word(index, every[-1]) if not finished else None
    if last is not None:
        terms = [term for term in terms if term.word.typed != last.word.typed] + [last]
    ranked = _rank_names_first(rank(index, terms, MOST_RESULTS), index.find_named_from(fold_phrase(typed)))
    return _matches(index, terms, ranked[: max(shown, _COMPARED)])[:shown]


def _rank_names_first(ranked: Sequence[ScoredSubheading], named: frozenset[int]) -> list[ScoredSubheading]:
    """The same subheadings, with those first that have an everyday name beginning with the typed text."""
    lifted = [replace(each, score=each.score + (_BEGINS_NAME if each.entry in named else 0.0)) for each in ranked]
    return sorted(lifted, key=lambda each: (-each.score, each.entry))


def _complete_word(index: Index, typed: str) -> Term | None:
    """The term of an unfinished word: its completions are alternatives."""
    folded = fold(typed)
    alternatives: dict[str, float] = {}
    for word in find_completions(index, folded, _COMPLETIONS):
        root = stem(word)
        if root in index.rarity:
            alternatives.setdefault(root, 1.0 if word == folded else 0.9)
    if not alternatives:
        return None
    rarity = median(index.rarity[root] for root in alternatives)
    return Term(Word(typed, folded, stem(folded), 1.0), tuple(alternatives.items()), rarity)


def _check_query(query: object) -> Refusal | None:
    if not isinstance(query, str):
        return _refuse_missing()
    if len(query) > LONGEST_QUERY:
        return Refusal(WORDS_TOO_LONG, {"most": LONGEST_QUERY}, where="q")
    if split_words(query):
        return None
    if any(character.isalpha() for character in query):
        return Refusal(WORDS_NOT_LATIN, where="q")
    return _refuse_missing()


def _refuse_missing() -> Refusal:
    return Refusal(WORDS_MISSING, where="q")


def _matches(index: Index, terms: Sequence[Term], ranked: Sequence[ScoredSubheading]) -> tuple[Match, ...]:
    found = compute_confidences([scored.score for scored in ranked[:_COMPARED]])
    # Candidates below the compared ones are almost never right.
    found += [Decimal("0.00")] * (len(ranked) - len(found))
    return tuple(
        _match(index, scored.entry, confidence, find_matched_words(index, terms, scored.entry))
        for scored, confidence in zip(ranked, found, strict=True)
    )


def _match(index: Index, number: int, confidence: Decimal, matched: tuple[str, ...]) -> Match:
    code = index.codes[number]
    return Match(code, index.descriptions[number], index.headings.get(code[:HEADING_DIGITS], ""), confidence, matched)


def _doubt(results: Sequence[Match]) -> Statement | None:
    if not results or results[0].confidence < POOR:
        return Statement(NO_MATCH)
    return Statement(SEVERAL_MATCHES) if results[0].confidence < FAIR else None


def _by_code(index: Index, text: str, digits: str, limit: int) -> SearchAnswer:
    """The matches for a code: itself, or all subheadings of a chapter or heading with equal confidence."""
    below = index.below(digits[:SUBHEADING_DIGITS])
    if not below:
        none = Statement(NO_CODE_BEGINS, {"edition": index.edition, "digits": digits})
        return SearchAnswer(text, (), none, index.edition)
    confidence = CERTAIN if len(below) == 1 else (CERTAIN / len(below)).quantize(Decimal("0.01"))
    results = tuple(_match(index, number, confidence, (digits,)) for number in below[:limit])
    doubt = None if len(below) == 1 else Statement(CODE_HAS_SUBHEADINGS, {"code": digits, "count": len(below)})
    return SearchAnswer(text, results, doubt, index.edition)
