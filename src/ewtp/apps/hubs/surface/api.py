"""Other hubs over HTTP, and the bundle of this one for them."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import PathEx, Router
from ninja.params import P  # noqa: TC002 - ninja reads the annotations of a view

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation, problem_response
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.hubs.reading.hub_list import forks_of, hub_read, hubs_followed, proposals_of, reports_added
from ewtp.apps.hubs.reading.own_bundle import own_bundle
from ewtp.apps.hubs.reading.sentences import HUB_UNKNOWN
from ewtp.apps.hubs.surface.openapi import BUNDLE_PARAMETERS
from ewtp.apps.log.reading.sentences import LOG_SIZE_UNKNOWN
from ewtp.core.values.refusal import Refusal

router = Router(tags=["log"])

_LINES_TYPE = "application/jsonl; charset=utf-8"
_MOST_DIGITS = 18
_SHOWN = 40


@router.get(
    "/hubs",
    operation_id="hubs",
    summary="The other hubs that are followed here",
    openapi_extra=operation(ref("HubList")),
)
@needs(Scope.READ)
def hubs(request: HttpRequest) -> HttpResponse:
    """Each hub with the newest checkpoint that it showed. What they adopt is their law, and never counted here."""
    del request
    body = {"items": [each.as_json() for each in hubs_followed()], "reports": reports_added()}
    return json_response(orjson.dumps(body))


@router.get(
    "/hubs/bundle",
    operation_id="hub_bundle",
    summary="The log of this hub for others, as a bundle",
    openapi_extra={
        "parameters": [each.as_json() for each in BUNDLE_PARAMETERS],
        "responses": {
            200: {"description": "OK", "content": {_LINES_TYPE: {"schema": ref("HubBundle")}}},
            422: problem_response(HTTPStatus.UNPROCESSABLE_ENTITY),
        },
    },
)
@needs(Scope.READ)
def bundle(request: HttpRequest) -> HttpResponse:
    """The entries from `since` on, with the hashes of those that not everybody may read; `ewtp hub fetch` reads it."""
    asked = QueryReader(request.GET, BUNDLE_PARAMETERS)
    since = asked.read("since", _read_size)
    if asked.refusal is not None:
        return problem(asked.refusal)
    lines = own_bundle(since or 0, timezone.now())
    if isinstance(lines, Refusal):
        return problem(lines)
    return HttpResponse(b"".join(lines), content_type=_LINES_TYPE)


@router.get(
    "/hubs/{hub}",
    operation_id="hub",
    summary="What another hub's log says of proposals and adoptions",
    openapi_extra=operation(ref("HubView"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def hub_view(
    request: HttpRequest,
    hub: PathEx[str, P(description="The number of the hub, which `GET /hubs` lists.")],
) -> HttpResponse:
    """Its proposals, newest first, with what economies did with them, and the proofs that it showed two histories."""
    del request
    number = _read_size(hub)
    found = None if isinstance(number, Refusal) else hub_read(number)
    if found is None:
        return problem(Refusal(HUB_UNKNOWN, {"name": hub[:_SHOWN]}), HTTPStatus.NOT_FOUND)
    body = {**found.as_json(), "proposals": proposals_of(found.id), "evidence": forks_of(found.id)}
    return json_response(orjson.dumps(body))


def _read_size(text: str) -> int | Refusal:
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    return Refusal(LOG_SIZE_UNKNOWN, {"size": text[:_SHOWN], "most": 0}, where="since")
