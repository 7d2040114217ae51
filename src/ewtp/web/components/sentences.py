"""Sentences of the program in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from ewtp.gateways.reference.sentence_texts import ENGLISH, FIGURE, Fragment, sentence_fragments

if TYPE_CHECKING:
    from ewtp.apps.http.surface.form import Problem
    from ewtp.core.values.sentence import Statement

register = template.Library()


@register.filter
def sentence(statement: Statement) -> str:
    """What the program says, in the reader's language; figures are kept in one piece, quotations marked as English."""
    return format_html_join("", "{}", ((_fragment(fragment),) for fragment in sentence_fragments(statement)))


def _fragment(fragment: Fragment) -> str:
    if fragment.kind == ENGLISH and (get_language() or settings.LANGUAGE_CODE) != "en":
        return format_html('<span lang="en" dir="ltr">{}</span>', fragment.text)
    return format_html("<bdi>{}</bdi>", fragment.text) if fragment.kind == FIGURE else fragment.text


@register.filter
def problem_text(problem: Problem) -> str:
    """The problem of a field: a text unchanged, a refusal translated."""
    return problem if isinstance(problem, str) else sentence(problem)
