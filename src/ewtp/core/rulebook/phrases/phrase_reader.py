"""Finds the sentence that a rule says in words, so that it carries a code and parameters, and can be translated.

Records hold their words in English, as a file of any other rulebook does. A text that is a sentence of the tables
beside this module is that sentence; any other is a quotation, which nobody translates. Either way the English is the
text itself, to the letter: a sentence that would write another one is not taken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.phrases import (
    amount_sentences,
    condition_sentences,
    goods_sentences,
    paper_sentences,
    quantity_sentences,
    reference_sentences,
    statement_sentences,
)
from ewtp.core.rulebook.phrases.composition_sentences import CLAUSES, PLACE, QUOTED
from ewtp.core.values.sentence import Sentence, Statement, parameters, pieces, sentences_in
from ewtp.core.values.terms import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ewtp.core.values.sentence import Parameter

_TABLES = (
    condition_sentences,
    amount_sentences,
    quantity_sentences,
    paper_sentences,
    reference_sentences,
    statement_sentences,
    goods_sentences,
)
# What a parameter of each kind may be; of any other kind, any text within one clause.
_ANY = r"(?:(?!; ).)+"
_PATTERNS = {
    "number": r"[0-9]+(?:\.[0-9]+)?",
    "percent": r"[0-9]+(?:\.[0-9]+)?%",
    "economy": r"[A-Z]{2}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "text": r"\S+",
}
_CLAUSE, _PLACE = "; ", ": "
_MEMBERS = re.compile(r", | and | or ")
# A text as long as an imported law is not a phrase, and is not searched.
_LONGEST = 600


def read_phrase(text: str) -> Statement:
    """The sentence that the text is, by itself or made of known clauses; a quotation of it where it is none.

    The statement's message is the text.
    """
    return find_phrase(text) or Statement(QUOTED, {"text": text})


@lru_cache(maxsize=16_384)
def find_phrase(text: str) -> Statement | None:
    """The same, or None for a text that no table knows."""
    if not text or len(text) > _LONGEST:
        return None
    return _whole(text) or _of_place(text) or _of_clauses(text)


def _whole(text: str) -> Statement | None:
    sentence = _FIXED.get(text)
    if sentence is not None:
        return Statement(sentence)
    found = (_fill(sentence, pattern, text) for sentence, pattern in _OPEN)
    return next((each for each in found if each is not None and each.message == text), None)


def _of_place(text: str) -> Statement | None:
    """Words after the place in the source where they are stated, such as ``section 1: beer``."""
    place, colon, words = text.partition(_PLACE)
    said = _whole(words) if colon and _CLAUSE not in place else None
    return said and Statement(PLACE, {"place": _clause(place), "words": said})


def _of_clauses(text: str) -> Statement | None:
    clauses = text.split(_CLAUSE)
    if len(clauses) == 1:
        return None
    said = [_of_place(each) or _clause(each) for each in clauses]
    return None if all(each.sentence == QUOTED for each in said) else Statement(CLAUSES, {"clauses": said})


def _clause(text: str) -> Statement:
    return _whole(text) or Statement(QUOTED, {"text": text})


def _fill(sentence: Sentence, pattern: re.Pattern[str], text: str) -> Statement | None:
    match = pattern.fullmatch(text)
    if match is None:
        return None
    params = {each.name: _value(each, match[each.name]) for each in parameters(sentence.template)}
    return None if None in params.values() else Statement(sentence, params)


def _value(parameter: Parameter, text: str) -> Any:
    return _MEMBERS.split(text) if parameter.join else _READERS.get(parameter.kind, str)(text)


def _term(text: str) -> str | None:
    return text if TERMS.get(text) == text else None


_READERS: dict[str, Callable[[str], Any]] = {
    "percent": lambda text: text.removesuffix("%"),
    "term": _term,
    "sentence": _whole,
}


def _pattern(template: str) -> re.Pattern[str]:
    parts = (re.escape(literal) + (_group(parameter) if parameter else "") for literal, parameter in pieces(template))
    return re.compile("".join(parts))


def _group(parameter: Parameter) -> str:
    return f"(?P<{parameter.name}>{_ANY if parameter.join else _PATTERNS.get(parameter.kind, _ANY)})"


def phrase_sentences() -> Iterator[Sentence]:
    """Every sentence that a text may be."""
    for table in _TABLES:
        yield from sentences_in(table)


_FIXED = {sentence.template: sentence for sentence in phrase_sentences() if not sentence.names}
_OPEN = tuple((sentence, _pattern(sentence.template)) for sentence in phrase_sentences() if sentence.names)
