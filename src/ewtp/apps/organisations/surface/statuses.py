"""The status of HTTP that goes with a refusal about organisations."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.http.surface.problems import problem
from ewtp.core.organisations.sentences import ORGANISATION_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from django.http import HttpResponse

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
}


def refusal_response(refusal: Refusal) -> HttpResponse:
    """The refusal as a problem document with its status."""
    # An organisation that is only named in a field is a fault of the field.
    unknown = HTTPStatus.UNPROCESSABLE_ENTITY if refusal.where == "ultimate_owner" else None
    return problem(refusal, unknown or _STATUSES.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY))


def organisation_unknown(identity: str) -> HttpResponse:
    """404 for an organisation that is not there, or not the caller's."""
    return refusal_response(Refusal(ORGANISATION_UNKNOWN, {"id": identity[:40]}))
