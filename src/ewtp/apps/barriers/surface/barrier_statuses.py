"""The refusal of an action on a barrier with the status that fits."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.accounts.reading.sentences import RATE_EXCEEDED
from ewtp.apps.assessment.surface.refusal_status import refusal_status
from ewtp.apps.http.surface.problems import problem

if TYPE_CHECKING:
    from django.http import HttpResponse

    from ewtp.core.values.refusal import Refusal

_STATUSES = {
    "json_unreadable": HTTPStatus.BAD_REQUEST,
    "barrier_unknown": HTTPStatus.NOT_FOUND,
    "barrier_open": HTTPStatus.CONFLICT,
    "barrier_resolved": HTTPStatus.CONFLICT,
    "claim_missing": HTTPStatus.CONFLICT,
    "claim_over": HTTPStatus.CONFLICT,
    "not_the_authority": HTTPStatus.FORBIDDEN,
    "not_a_reporter": HTTPStatus.FORBIDDEN,
    "organisation_needed": HTTPStatus.FORBIDDEN,
    "operator_needed": HTTPStatus.FORBIDDEN,
    "rate_exceeded": HTTPStatus.TOO_MANY_REQUESTS,
}


def barrier_status(refusal: Refusal) -> int:
    """The status of a refusal; that of an answer's address where it is about one."""
    if refusal.code.startswith("assessment_"):
        return refusal_status(refusal)
    return _STATUSES.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def barrier_refused(refusal: Refusal) -> HttpResponse:
    """The refusal as a problem document."""
    response = problem(refusal, barrier_status(refusal))
    if refusal.code == RATE_EXCEEDED.code:
        # RFC 6585, 4.
        response.headers["Retry-After"] = str(dict(refusal.details)["retry_after"])
    return response
