"""The origin of goods over HTTP, by rules that are not those of a preference."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.rulebook.reading.goods_origin import FACTS, origin_of_goods, read_goods
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.surface.origin_openapi import PARAMETERS
from ewtp.core.values.refusal import Refusal

router = Router(tags=["origin"])


@router.get(
    "/origin",
    operation_id="goods_origin",
    summary="Where do goods made in several economies originate, without a preference?",
    openapi_extra=operation(
        ref("GoodsOrigin"),
        parameters=PARAMETERS,
        problems=(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
)
@needs(Scope.READ)
def find(request: HttpRequest) -> HttpResponse:
    """The decision of `ewtp origin` on the same facts, or why nothing is decided; nothing is stored."""
    asked = QueryReader(request.GET, PARAMETERS)
    facts = {name: asked.text(name) for name in FACTS}
    read = read_goods(facts, [text for text in asked.texts("material") if text])
    if isinstance(read, Refusal):
        return problem(asked.refusal_with(read))
    if asked.refusal is not None:
        return problem(asked.refusal)
    economy, question = read
    decision = origin_of_goods(question, economy)
    if isinstance(decision, Refusal):
        empty = decision.code == RULEBOOK_EMPTY.code
        return problem(decision, HTTPStatus.SERVICE_UNAVAILABLE if empty else HTTPStatus.UNPROCESSABLE_ENTITY)
    return json_response(orjson.dumps(decision.as_json()))
