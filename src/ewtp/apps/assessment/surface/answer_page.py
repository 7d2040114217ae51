"""The page of an answer, and the way to it from a form, with the product in the asker's words in its address."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ewtp.apps.assessment.surface.presentation import present
from ewtp.apps.http.surface.form import clean_text
from ewtp.apps.rulebook.reading.market_notices import Market, MarketNotice, read_notices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from ewtp.apps.assessment.reading.answers import GivenAnswer
    from ewtp.core.values.refusal import Refusal


_LONGEST_REPEATED = 300


def words_query(words: str) -> str:
    """The query that carries the product in the asker's words; they are not part of the question."""
    return f"?{urlencode({'product': words})}" if words else ""


def words_of(request: HttpRequest) -> str:
    """The product in the asker's words, from the query of the address."""
    return clean_text(request.GET.get("product", ""))


def answer_page(
    request: HttpRequest, found: GivenAnswer, refusal: Refusal | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of an answer; ``refusal`` says why it is not kept where somebody asked for that."""
    words, market = words_of(request), _market(found.answer)
    context = {
        **present(found.answer),
        **{str(notice): read_notices(notice, market) for notice in MarketNotice},
        "address": request.build_absolute_uri(reverse("answer", args=[found.id])),
        "kept": found.kept,
        "expires": found.expires,
        "has_address": found.has_address,
        # Every rule of a long invoice would repeat its whole question.
        "report_links": found.has_address and len(found.id) <= _LONGEST_REPEATED,
        "refusal": refusal,
        "words": words,
        "words_query": words_query(words),
    }
    return render(request, "pages/answer.html", context, status=status)


def _market(answer: Mapping[str, Any]) -> Market:
    codes = sorted({str(line["hs"]) for line in answer["lines"]})
    return Market(answer["request"]["to"], tuple(codes), date.fromisoformat(answer["date"]), timezone.now())


def answer_redirect(request: HttpRequest, given: GivenAnswer, words: str = "", done: str = "") -> HttpResponse:
    """Redirect to an answer's address, with the message ``done``; an answer without an address is shown at once."""
    if not given.has_address:
        return answer_page(request, given)
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("answer", args=[given.id]) + words_query(words), status=HTTPStatus.SEE_OTHER)
