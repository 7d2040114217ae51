"""Refusals of files, which a page shows to nobody: as plain text."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse

from ewtp.gateways.reference.sentence_texts import sentence_text

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal


def text_problem(refusal: Refusal) -> HttpResponse:
    """Every problem as a sentence in the reader's language, a line each, with the status 422."""
    text = "\n".join(sentence_text(each) for each in refusal.every)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=HTTPStatus.UNPROCESSABLE_ENTITY)
