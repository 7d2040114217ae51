"""The sources over HTTP."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.apps.updates.reading.source_list import source_list
from ewtp.apps.updates.surface.openapi import SOURCE_PARAMETERS

router = Router(tags=["rulebook"])


@router.get(
    "/rulebook/sources",
    operation_id="rulebook_sources",
    summary="Every source with its dates, and when it was last looked for",
    openapi_extra=operation(
        ref("SourcePage"), parameters=SOURCE_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def sources(request: HttpRequest) -> HttpResponse:
    """The publications behind the law and the denied-party lists, those that can be fetched first.

    The list is whole; `next` is always null. A source that nobody has brought is not `held`.
    """
    asked = QueryReader(request.GET, SOURCE_PARAMETERS)
    identifier = asked.read("id", str)
    if asked.refusal is not None:
        return problem(asked.refusal)
    version = latest_version()
    body = {
        "rulebook_version": version.label if version else "",
        "items": [each.as_json() for each in source_list(timezone.now().date()) if identifier in (None, each.id)],
        "next": None,
    }
    return json_response(orjson.dumps(body))
