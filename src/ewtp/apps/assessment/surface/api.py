"""Assessments over HTTP: ask, and read an answer again."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.assessment.actions.assessment import assessment_create_from
from ewtp.apps.assessment.reading.queries import assessment_content
from ewtp.apps.assessment.surface.openapi import ANSWER_SCHEMA, QUESTION_SCHEMA
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

router = Router(tags=["assessments"])

_PROBLEM: Mapping[str, Any] = {
    "description": "A problem document (RFC 9457) with a stable code.",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


@router.post(
    "/assessments",
    operation_id="assessment_create",
    summary="What does it take to bring these goods there?",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": QUESTION_SCHEMA}}},
        "responses": {
            201: {"description": "The answer.", "content": {"application/json": {"schema": ANSWER_SCHEMA}}},
            400: _PROBLEM,
            401: _PROBLEM,
            422: _PROBLEM,
        },
    },
)
@needs(Scope.READ)
def create(request: HttpRequest) -> HttpResponse:
    """Answer a question; the answer stays readable under its id for ever."""
    return once(request, lambda: _create(request.body))


def _create(content: bytes) -> HttpResponse:
    stored = assessment_create_from(content=content)
    if isinstance(stored, Refusal):
        unreadable = stored.code == "json_unreadable"
        return problem(stored, HTTPStatus.BAD_REQUEST if unreadable else HTTPStatus.UNPROCESSABLE_ENTITY)
    response = json_response(stored.content, HTTPStatus.CREATED)
    response.headers["Location"] = f"/api/v1/assessments/{stored.id}"
    return response


@router.get(
    "/assessments/{assessment_id}",
    operation_id="assessment_read",
    summary="An answer given before, byte for byte",
    openapi_extra={
        "responses": {
            200: {"description": "The answer.", "content": {"application/json": {"schema": ANSWER_SCHEMA}}},
            404: _PROBLEM,
        },
    },
)
@needs(Scope.READ)
def read(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The same bytes as on the day the question was answered."""
    del request
    content = assessment_content(assessment_id)
    if content is None:
        missing = Refusal(
            "assessment_unknown",
            "There is no assessment under this id; ask with POST /api/v1/assessments.",
        )
        return problem(missing, HTTPStatus.NOT_FOUND)
    response = json_response(content)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
