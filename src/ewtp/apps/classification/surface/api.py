"""Tariff codes over HTTP: for a product in words, and while the words are being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.classification.reading.national_lines import with_national_lines
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.problems import json_response, problem, stray_parameter
from ewtp.core.classification.search import MOST_RESULTS, search, suggest
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.iso_codes import known_economy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

router = Router(tags=["hs"])

_DEFAULT_LIMIT = 10
_DIGITS = 3
_TEXT: Mapping[str, Any] = {"type": "string"}
_RESULT: Mapping[str, Any] = {
    "type": "object",
    "required": ["hs", "description", "heading", "confidence", "matched"],
    "properties": {
        "hs": _TEXT,
        "description": _TEXT,
        "heading": _TEXT,
        "confidence": {"type": "string", "description": "Probability from 0 to 1 that the code is right."},
        "matched": {"type": "array", "items": _TEXT},
        "lines": {"type": "array", "items": {"type": "object"}, "description": "National lines, with `economy`."},
    },
}
_ANSWER: Mapping[str, Any] = {
    "type": "object",
    "required": ["query", "results", "message", "edition"],
    "properties": {
        "query": _TEXT,
        "results": {"type": "array", "items": _RESULT},
        "message": {"type": ["string", "null"]},
        "edition": _TEXT,
    },
}
_PROBLEM: Mapping[str, Any] = {
    "description": "A problem document (RFC 9457) with a stable code.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


def _responses(schema: Mapping[str, Any]) -> dict[str, Any]:
    found = {"description": "What was found.", "content": {"application/json": {"schema": schema}}}
    return {"responses": {200: found, 422: _PROBLEM}}


@router.get(
    "/hs",
    operation_id="hs_search",
    summary="Which tariff codes may a product in words fall under, and how sure is that?",
    openapi_extra=_responses(_ANSWER),
)
@needs(Scope.READ)
def find(request: HttpRequest, q: str = "", limit: str = "", economy: str = "") -> HttpResponse:
    """Subheadings for the words in ``q``; with ``economy`` the national lines below each as well."""
    stray = stray_parameter(request, frozenset({"q", "limit", "economy"}))
    if stray is not None:
        return problem(stray)
    shown = _limit(limit)
    if isinstance(shown, Refusal):
        return problem(shown)
    place = known_economy(economy) if economy else ""
    if isinstance(place, Refusal):
        return problem(place.under("economy"))
    answer = search(load_index(), q, shown)
    if isinstance(answer, Refusal):
        return problem(answer)
    return json_response(orjson.dumps(with_national_lines(answer, place, _today()) if place else answer.as_json()))


@router.get(
    "/hs/suggestions",
    operation_id="hs_suggest",
    summary="Likely tariff codes while the words are being typed",
    openapi_extra=_responses({"type": "object", "properties": {"results": {"type": "array", "items": _RESULT}}}),
)
@needs(Scope.READ)
def suggestions(request: HttpRequest, q: str = "", limit: str = "") -> HttpResponse:
    """Subheadings for unfinished words; an empty list where nothing can be said yet."""
    stray = stray_parameter(request, frozenset({"q", "limit"}))
    if stray is not None:
        return problem(stray)
    shown = _limit(limit)
    if isinstance(shown, Refusal):
        return problem(shown)
    return json_response(orjson.dumps({"results": [match.as_json() for match in suggest(load_index(), q, shown)]}))


def _today() -> date:
    return timezone.now().date()


def _limit(text: str) -> int | Refusal:
    if not text:
        return _DEFAULT_LIMIT
    if text.isascii() and text.isdecimal() and len(text) <= _DIGITS and 1 <= int(text) <= MOST_RESULTS:
        return int(text)
    return Refusal("limit_unreadable", f"Give the limit as a whole number from 1 to {MOST_RESULTS}.", where="limit")
