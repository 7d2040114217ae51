"""Organisations over HTTP: the caller's own, or all of them for the operator."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.list_page import DEFAULT_PAGE, Cursor, read_cursor, read_limit
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.apps.organisations.reading.history import organisation_history
from ewtp.apps.organisations.reading.organisation_list import organisation_read, organisations_page
from ewtp.apps.organisations.surface.changes import organisation_patch
from ewtp.apps.organisations.surface.openapi import EXAMPLES, LIST_PARAMETERS, OrganisationId
from ewtp.apps.organisations.surface.organisation_json import history_json, organisation_json
from ewtp.apps.organisations.surface.statuses import organisation_unknown, refusal_response, result_response
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from typing import Any

    from ewtp.core.organisations.organisation import Organisation

router = Router(tags=["organisations"])
_WRITE_PROBLEMS = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.get(
    "/organisations",
    operation_id="organisations_list",
    summary="The organisation that the token acts for; for the operator, all of them",
    openapi_extra=operation(
        ref("OrganisationPage"), parameters=LIST_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ, own=True)
def organisations(request: HttpRequest) -> HttpResponse:
    """In the order of their registration."""
    asked = QueryReader(request.GET, LIST_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    page, following = organisations_page(find_acting_caller(request), after=cursor.after, limit=limit)
    day = timezone.now().date()
    body = {
        "items": [organisation_json(each, day) for each in page],
        "next": Cursor(None, following).text() if following else None,
    }
    return json_response(orjson.dumps(body))


@router.post(
    "/organisations",
    operation_id="organisation_register",
    summary="Register an organisation, agencies included, as the operator",
    openapi_extra=operation(
        ref("Organisation"),
        status=HTTPStatus.CREATED,
        body=ref("NewOrganisation"),
        examples=EXAMPLES["organisation"],
        problems=_WRITE_PROBLEMS,
    ),
)
@needs(Scope.OPERATE, own=True)
def register(request: HttpRequest) -> HttpResponse:
    """It has no members yet: invite its first owner with `POST /members`."""
    return once(request, lambda: _register(request))


def _register(request: HttpRequest) -> HttpResponse:
    body = BodyReader(request.body, ("name", "kind", "economy"))
    name, kind, economy = (body.text(each) for each in ("name", "kind", "economy"))
    if body.refusal is not None:
        return refusal_response(body.refusal)
    made = organisation_register(
        name=name, kind=kind, economy=economy, founder="", actor=find_acting_caller(request), now=timezone.now()
    )
    if isinstance(made, Refusal):
        return refusal_response(made)
    response = result_response(made, _today, HTTPStatus.CREATED)
    response.headers["Location"] = f"/api/v1/organisations/{made.id}"
    return response


@router.get(
    "/organisations/{organisation_id}",
    operation_id="organisation_read",
    summary="One organisation",
    openapi_extra=operation(ref("Organisation"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ, own=True)
def read(request: HttpRequest, organisation_id: OrganisationId) -> HttpResponse:
    """404 also for an organisation that exists and is another's."""
    found = organisation_read(find_acting_caller(request), organisation_id)
    return organisation_unknown(organisation_id) if found is None else result_response(found, _today)


@router.get(
    "/organisations/{organisation_id}/history",
    operation_id="organisation_history",
    summary="What happened to an organisation",
    openapi_extra=operation(
        ref("OrganisationHistory"),
        parameters=LIST_PARAMETERS,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.READ, own=True)
def history(request: HttpRequest, organisation_id: OrganisationId) -> HttpResponse:
    """Oldest first; each event is an entry of the log as well, under its `index`."""
    asked = QueryReader(request.GET, LIST_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    events = organisation_history(find_acting_caller(request), organisation_id)
    if events is None:
        return organisation_unknown(organisation_id)
    end = cursor.after + limit
    following = Cursor(None, end).text() if end < len(events) else None
    items = [history_json(each) for each in events[cursor.after : end]]
    return json_response(orjson.dumps({"items": items, "next": following}))


@router.patch(
    "/organisations/{organisation_id}",
    operation_id="organisation_change",
    summary="Change the details of an organisation",
    openapi_extra=operation(
        ref("Organisation"),
        body=ref("OrganisationChange"),
        examples=EXAMPLES["change"],
        problems=(*_WRITE_PROBLEMS, HTTPStatus.NOT_FOUND),
    ),
)
@needs(Scope.ADMINISTER, own=True)
def change(request: HttpRequest, organisation_id: OrganisationId) -> HttpResponse:
    """All of the fields that are given are changed, or none."""
    return once(request, lambda: _change(request, organisation_id))


def _change(request: HttpRequest, organisation_id: str) -> HttpResponse:
    changed = organisation_patch(request.body, organisation_id, find_acting_caller(request), timezone.now())
    return result_response(changed, _today)


def _today(organisation: Organisation) -> dict[str, Any]:
    return organisation_json(organisation, timezone.now().date())
