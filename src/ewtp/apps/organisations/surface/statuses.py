"""What the API answers about organisations: the result of an action, or its refusal with the status that fits."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from ewtp.apps.http.surface.access import find_acting_caller
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.apps.organisations.surface.openapi import ORGANISATION_PARAMETER
from ewtp.core.organisations.sentences import ORGANISATION_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from ewtp.core.organisations.organisation import Organisation

Result = TypeVar("Result")

_STATUSES = {
    "json_unreadable": HTTPStatus.BAD_REQUEST,
    "organisation_unknown": HTTPStatus.NOT_FOUND,
    "member_unknown": HTTPStatus.NOT_FOUND,
    "token_unknown": HTTPStatus.NOT_FOUND,
    "permission_missing": HTTPStatus.FORBIDDEN,
    "owner_needed": HTTPStatus.FORBIDDEN,
    "verification_unknown": HTTPStatus.NOT_FOUND,
    "verification_of_another": HTTPStatus.FORBIDDEN,
    "verification_of_itself": HTTPStatus.FORBIDDEN,
    "verifier_unentitled": HTTPStatus.FORBIDDEN,
    "owner_confirms": HTTPStatus.FORBIDDEN,
    "identifier_of_another": HTTPStatus.CONFLICT,
}


def refusal_response(refusal: Refusal) -> HttpResponse:
    """The refusal as a problem document with its status."""
    # An organisation that is only named in a field is a fault of the field.
    unknown = HTTPStatus.UNPROCESSABLE_ENTITY if refusal.where in {"ultimate_owner", "holders"} else None
    return problem(refusal, unknown or _STATUSES.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY))


def result_response(
    result: Result | Refusal, write: Callable[[Result], Mapping[str, Any]], status: int = HTTPStatus.OK
) -> HttpResponse:
    """What ``write`` makes of a result, or the refusal."""
    return (
        refusal_response(result) if isinstance(result, Refusal) else json_response(orjson.dumps(write(result)), status)
    )


def own_response(request: HttpRequest, write: Callable[[Organisation], Mapping[str, Any]]) -> HttpResponse:
    """What ``write`` makes of the organisation that a request is about: the one named, or the caller's own."""
    asked = QueryReader(request.GET, (ORGANISATION_PARAMETER,))
    if asked.refusal is not None:
        return problem(asked.refusal)
    organisation = find_meant_organisation(request, asked.text("organisation"))
    found = organisation_read(find_acting_caller(request), organisation)
    return organisation_unknown(organisation) if found is None else result_response(found, write)


def find_meant_organisation(request: HttpRequest, named: str) -> str:
    """The organisation that a request is about: the one named, or else the caller's own."""
    return named or find_acting_caller(request).on_behalf_of


def organisation_unknown(identity: str) -> HttpResponse:
    """404 for an organisation that is not there, or not the caller's."""
    return refusal_response(Refusal(ORGANISATION_UNKNOWN, {"id": identity[:40]}))
