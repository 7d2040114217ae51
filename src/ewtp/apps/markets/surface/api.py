"""The market finder over HTTP: every destination for a product, or every origin for a market."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.assessment.surface.openapi import MARKETS_SCHEMA
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.markets.reading.finder import ONLY, markets_find, read_quantity_pairs
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse, QueryDict

    from ewtp.apps.markets.reading.finder import Markets

router = Router(tags=["markets"])

FIELDS = frozenset({"from", "to", "hs", "value", "currency", "quantity", "date", "only", "group"})


def _parameter(name: str, description: str, example: str = "") -> Mapping[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if example:
        schema["examples"] = [example]
    return {"name": name, "in": "query", "description": description, "schema": schema}


@router.get(
    "/markets",
    operation_id="markets_find",
    summary="Where could these goods be sold, and what would they cost there?",
    openapi_extra={
        "parameters": [
            _parameter("from", "Economy the goods are from: every destination is a row.", "KE"),
            _parameter("to", "Instead of from, a market: every origin is a row.", "GB"),
            _parameter("hs", "Tariff code; its first six digits are compared.", "090111"),
            _parameter("value", "Price of the goods, a decimal string.", "1000"),
            _parameter("currency", "ISO 4217; every amount is given in it.", "USD"),
            _parameter("quantity", "UNIT:AMOUNT; repeat for more.", "kg:120"),
            _parameter("date", "Day of import; today by default.", "2026-06-30"),
            _parameter("only", "complete: the whole cost is known; bounded: or lies in a known range."),
            _parameter("group", "Only members of this customs union of the rulebook.", "EU"),
        ],
        "responses": {
            200: {
                "description": "The rows, ranked: complete answers by landed cost first.",
                "content": {"application/json": {"schema": MARKETS_SCHEMA}},
            },
            422: {
                "description": "A problem document (RFC 9457) with a stable code.",
                "content": {"application/problem+json": {"schema": {"type": "object"}}},
            },
        },
    },
)
@needs(Scope.READ)
def find(request: HttpRequest) -> HttpResponse:
    """The product against every destination of the rulebook; nothing is stored."""
    found = find_from_query(request.GET)
    if isinstance(found, Refusal):
        return problem(found, HTTPStatus.UNPROCESSABLE_ENTITY)
    return json_response(orjson.dumps(found.as_json()))


def _stray(query: QueryDict) -> Refusal | None:
    """A parameter that nobody reads, or one given twice that is read once, would silently change the answer."""
    for name, texts in query.lists():
        if name not in FIELDS:
            message = f"There is no parameter {name[:40]!r}; there are {', '.join(sorted(FIELDS))}."
            return Refusal("parameter_unknown", message, where="query")
        if len(texts) > 1 and name != "quantity":
            return Refusal("parameter_twice", f"{name} is given more than once; give it once.", where=name)
    return None


def find_from_query(query: QueryDict) -> Markets | Refusal:
    """The rows for an address's query, narrowed as it asks."""
    stray = _stray(query)
    if stray is not None:
        return stray
    only = query.get("only", "")
    if only and only not in ONLY:
        return Refusal("only_unknown", f"only is one of {', '.join(ONLY)}.", where="only")
    quantities = read_quantity_pairs(query.getlist("quantity"))
    if isinstance(quantities, Refusal):
        return quantities
    if query.get("from") and query.get("to"):
        return Refusal("question_unreadable", "Give from or to; with both, ask for an assessment.", where="to")
    given = {name: query.get(name) for name in ("from", "to", "hs", "value", "currency", "date")}
    found = markets_find({**given, "quantities": quantities})
    if isinstance(found, Refusal):
        return found
    group = query.get("group", "")
    if group and group not in found.unions:
        return Refusal("group_unknown", f"group is one of {', '.join(found.unions)}.", where="group")
    return found.narrowed(only=only, group=group)
