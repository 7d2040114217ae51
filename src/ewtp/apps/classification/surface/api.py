"""Tariff codes over HTTP: for a product in words, and while the words are being typed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.classification.reading.national_lines import with_national_lines
from ewtp.apps.classification.reading.sentences import LIMIT_UNREADABLE
from ewtp.apps.classification.surface.openapi import SEARCH_PARAMETERS, SUGGESTION_PARAMETERS
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.core.classification.search import MOST_RESULTS, search, suggest
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.iso_codes import check_economy

if TYPE_CHECKING:
    from datetime import date

router = Router(tags=["hs"])

_DEFAULT_LIMIT = 10
_DIGITS = 3


@router.get(
    "/hs",
    operation_id="hs_search",
    summary="Which tariff codes may a product in words fall under, and how sure is that?",
    openapi_extra=operation(ref("HsSearch"), parameters=SEARCH_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)),
)
@needs(Scope.READ)
def find(request: HttpRequest) -> HttpResponse:
    """Subheadings for the words in `q`; with `economy` the national lines below each as well."""
    asked = QueryReader(request.GET, SEARCH_PARAMETERS)
    limit = asked.read("limit", _limit) or _DEFAULT_LIMIT
    economy = asked.read("economy", _economy)
    answer = search(load_index(), asked.text("q"), limit)
    if isinstance(answer, Refusal):
        return problem(asked.refusal_with(answer))
    if asked.refusal is not None:
        return problem(asked.refusal)
    return json_response(orjson.dumps(with_national_lines(answer, economy, _today()) if economy else answer.as_json()))


@router.get(
    "/hs/suggestions",
    operation_id="hs_suggest",
    summary="Likely tariff codes while the words are being typed",
    openapi_extra=operation(
        ref("HsSuggestions"), parameters=SUGGESTION_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Subheadings for unfinished words; an empty list where no code is likely yet."""
    asked = QueryReader(request.GET, SUGGESTION_PARAMETERS)
    limit = asked.read("limit", _limit) or _DEFAULT_LIMIT
    if asked.refusal is not None:
        return problem(asked.refusal)
    found = suggest(load_index(), asked.text("q"), limit)
    return json_response(orjson.dumps({"results": [match.as_json() for match in found]}))


def _today() -> date:
    return timezone.now().date()


def _economy(text: str) -> str | Refusal:
    economy = check_economy(text)
    return economy.under("economy") if isinstance(economy, Refusal) else economy


def _limit(text: str) -> int | Refusal:
    if text.isascii() and text.isdecimal() and len(text) <= _DIGITS and 1 <= int(text) <= MOST_RESULTS:
        return int(text)
    return Refusal(LIMIT_UNREADABLE, {"most": MOST_RESULTS}, where="limit")
