"""Sentences of the program in the reader's language."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import orjson
from django import template
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ewtp.apps.http.reading.lru_map import BoundedDict
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.sentence import read_statement
from ewtp.gateways.reference.sentence_table import read_known_sentences
from ewtp.gateways.reference.sentence_texts import ENGLISH, FIGURE, Fragment, sentence_fragments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.apps.http.surface.form import Problem
    from ewtp.core.values.sentence import Statement

register = template.Library()

# A page of markets has some seventy sentences, nearly all of them the same for every product. 10 MB at most.
_LONGEST_KEPT = 1_000
_written: BoundedDict[tuple[str, str, bytes], str] = BoundedDict(4_096)


@register.filter
def sentence(statement: Statement) -> str:
    """What the program says, in the reader's language; figures are kept in one piece, quotations marked as English."""
    language = get_language() or settings.LANGUAGE_CODE
    key = (language, statement.sentence.template, orjson.dumps(statement.plain_params()))
    text = _written.get(key)
    if text is None:
        text = "".join(_fragment(fragment, language) for fragment in sentence_fragments(statement))
        if len(text) <= _LONGEST_KEPT:
            _written[key] = text
    return SafeString(text)


@register.filter
def stored_sentence(body: Mapping[str, Any]) -> str:
    """A sentence that was stored as ``Statement.as_json`` writes it."""
    return sentence(read_statement(body, read_known_sentences()))


@register.filter
def phrase(text: str | None) -> str:
    """Words of a rule or of its source: the seed's own in the reader's language, any other marked as English."""
    return sentence(read_phrase(text)) if text else ""


@register.filter
def rate_text(rule: Mapping[str, str]) -> str:
    """The rate of a rule as the API describes it: the amount of a flat one, whose expression charges nothing."""
    flat = rule["minimum"] and rule["minimum"] == rule["maximum"]
    return phrase(rule["minimum"] if flat else rule["expression"])


@register.simple_tag
def phrases(texts: Iterable[str]) -> str:
    """Several such words, with a dot between them."""
    return format_html_join(" \N{MIDDLE DOT} ", "{}", ((phrase(text),) for text in texts))


def _fragment(fragment: Fragment, language: str) -> str:
    text = escape(fragment.text)
    if fragment.kind == ENGLISH and language != "en":
        return f'<span lang="en" dir="ltr">{text}</span>'
    return f"<bdi>{text}</bdi>" if fragment.kind == FIGURE else text


@register.filter
def problem_text(problem: Problem) -> str:
    """The problem of a field: a text unchanged, a refusal translated."""
    return problem if isinstance(problem, str) else sentence(problem)
