"""The market finder over HTTP: every destination for a product, or every origin for a market."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.markets.reading.finder import (
    ONLY,
    markets_find,
    read_basis,
    read_markets_question,
    read_quantity_pairs,
)
from ewtp.apps.markets.reading.sentences import BOTH_ENDS_GIVEN, GROUP_UNKNOWN, ONLY_UNKNOWN
from ewtp.apps.markets.surface.openapi import PARAMETERS
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from ewtp.apps.markets.reading.finder import Markets

router = Router(tags=["markets"])

_GIVEN = ("from", "to", "hs", "value", "currency", "date", "claims", "tax")
FIELDS = frozenset(parameter.name for parameter in PARAMETERS)


@router.get(
    "/markets",
    operation_id="markets_find",
    summary="Where could these goods be sold, and what would they cost there?",
    openapi_extra=operation(ref("Markets"), parameters=PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)),
)
@needs(Scope.READ)
def find(request: HttpRequest) -> HttpResponse:
    """The product against every destination of the rulebook; nothing is stored."""
    found = find_from_query(request.GET)
    if isinstance(found, Refusal):
        return problem(found, HTTPStatus.UNPROCESSABLE_ENTITY)
    return json_response(orjson.dumps(found.as_json()))


def find_from_query(query: QueryDict) -> Markets | Refusal:
    """The rows for an address's query, narrowed as it asks; everything that is wrong with it is refused at once."""
    asked = QueryReader(query, PARAMETERS)
    only = asked.read("only", _only) or ""
    quantities = asked.take(read_quantity_pairs(asked.texts("quantity")))
    if asked.text("from") and asked.text("to"):
        asked.take(Refusal(BOTH_ENDS_GIVEN, where="to"))
    given: dict[str, Any] = {name: query.get(name) for name in _GIVEN}
    given["quantities"] = quantities
    asked.take(read_markets_question(given))
    asked.take(read_basis(given))
    if asked.refusal is not None:
        return asked.refusal
    found = markets_find(given)
    if isinstance(found, Refusal):
        return found
    group = asked.text("group")
    if group and group not in found.unions:
        return Refusal(GROUP_UNKNOWN, {"choices": [*found.unions]}, where="group")
    return found.narrow_rows(only=only, group=group)


def _only(text: str) -> str | Refusal:
    return text if text in ONLY else Refusal(ONLY_UNKNOWN, {"choices": [*ONLY]}, where="only")
