"""Assessments over HTTP: ask, and read an answer again."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import PathEx, Router
from ninja.params import P  # noqa: TC002 - likewise

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.assessment.actions.assessment import assessment_create_from
from ewtp.apps.assessment.reading.queries import assessment_content
from ewtp.apps.assessment.reading.sentences import ASSESSMENT_UNKNOWN
from ewtp.apps.assessment.surface.openapi import EXAMPLES
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.schemas import ref
from ewtp.core.values.refusal import Refusal

router = Router(tags=["assessments"])


@router.post(
    "/assessments",
    operation_id="assessment_create",
    summary="What does it take to bring these goods there?",
    openapi_extra=operation(
        ref("Answer"),
        status=HTTPStatus.CREATED,
        body=ref("Question"),
        examples=EXAMPLES,
        problems=(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.READ)
def create(request: HttpRequest) -> HttpResponse:
    """Answer a question; the answer can be read under its id for ever. `Location` is its address."""
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
    openapi_extra=operation(ref("Answer"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read(request: HttpRequest, assessment_id: PathEx[str, P(description="The id of an answer.")]) -> HttpResponse:
    """The same bytes as on the day the question was answered."""
    del request
    content = assessment_content(assessment_id)
    if content is None:
        missing = Refusal(
            ASSESSMENT_UNKNOWN,
        )
        return problem(missing, HTTPStatus.NOT_FOUND)
    response = json_response(content)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
