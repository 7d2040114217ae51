"""The HTTP status of what is refused about questions and answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.assessment.reading.sentences import (
    ASSESSMENT_NOT_KEPT,
    ASSESSMENT_UNKNOWN,
    KEPT_FULL,
    KEPT_TOO_MUCH,
)
from ewtp.apps.http.surface.sentences import JSON_UNREADABLE

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal

_STATUS = {
    JSON_UNREADABLE.code: HTTPStatus.BAD_REQUEST,
    ASSESSMENT_UNKNOWN.code: HTTPStatus.NOT_FOUND,
    ASSESSMENT_NOT_KEPT.code: HTTPStatus.GONE,
    KEPT_TOO_MUCH.code: HTTPStatus.TOO_MANY_REQUESTS,
    KEPT_FULL.code: HTTPStatus.INSUFFICIENT_STORAGE,
}


def refusal_status(refusal: Refusal) -> HTTPStatus:
    """The status that a refusal is sent with: 422 for every fault of a question."""
    return _STATUS.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)
