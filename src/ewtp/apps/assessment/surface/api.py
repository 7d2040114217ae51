"""Assessments over HTTP: ask, and read an answer again."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import PathEx, Router
from ninja.params import P  # noqa: TC002 - likewise

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.accounts.surface.client_address import client_of
from ewtp.apps.assessment.actions.assessment import assessment_create_from
from ewtp.apps.assessment.reading.answers import assessment_read
from ewtp.apps.assessment.reading.sentences import KEPT_TOO_MUCH
from ewtp.apps.assessment.surface.openapi import EXAMPLES
from ewtp.apps.assessment.surface.refusal_status import refusal_status
from ewtp.apps.http.surface.access import admit_caller, needs
from ewtp.apps.http.surface.callers import ANONYMOUS
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.schemas import ref
from ewtp.core.values.refusal import Refusal

router = Router(tags=["assessments"])
_KEPT_SECONDS, _UNKEPT_SECONDS = 31_536_000, 60


@router.post(
    "/assessments",
    operation_id="assessment_create",
    summary="What does it take to bring these goods there?",
    openapi_extra=operation(
        ref("Answer"),
        status=HTTPStatus.CREATED,
        also=(HTTPStatus.OK,),
        body=ref("Question"),
        examples=EXAMPLES,
        problems=(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.CONFLICT,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.INSUFFICIENT_STORAGE,
        ),
    ),
)
@needs(Scope.READ)
def create(request: HttpRequest) -> HttpResponse:
    """Answer a question. `Location` is the answer's address.

    With `keep` the answer can be read there for ever. Without it, nothing is stored: the address carries the question,
    and the answer is computed again when it is read. A question too long for that is stored until `expires`; where no
    space is left for it, the answer comes with 200 and has no address.
    """
    return once(request, lambda: _create(request))


def _create(request: HttpRequest) -> HttpResponse:
    given = assessment_create_from(content=request.body, now=timezone.now(), client=partial(_client, request))
    if isinstance(given, Refusal):
        return _refuse_question(given)
    if not given.has_address:
        return json_response(given.content)
    response = json_response(given.content, HTTPStatus.CREATED)
    response.headers["Location"] = f"/api/v1/assessments/{given.id}"
    return response


def _client(request: HttpRequest) -> str:
    """Whose limits count: the token's, or those of the address."""
    actor = admit_caller(request).actor
    return client_of(request) if actor == ANONYMOUS else actor


def _refuse_question(refusal: Refusal) -> HttpResponse:
    """The problem document of a question that got no answer, or of an answer that was not kept."""
    response = problem(refusal, refusal_status(refusal))
    if refusal.code == KEPT_TOO_MUCH.code:
        # RFC 6585, 4.
        response.headers["Retry-After"] = str(dict(refusal.details)["retry_after"])
    return response


@router.get(
    "/assessments/{assessment_id}",
    operation_id="assessment_read",
    summary="An answer given before, byte for byte",
    openapi_extra=operation(ref("Answer"), problems=(HTTPStatus.NOT_FOUND, HTTPStatus.GONE)),
)
@needs(Scope.READ)
def read(
    request: HttpRequest,
    assessment_id: PathEx[str, P(description="The id of an answer, which `POST /assessments` gives.")],
) -> HttpResponse:
    """The same bytes as on the day the question was answered."""
    del request
    found = assessment_read(assessment_id)
    if isinstance(found, Refusal):
        return problem(found, refusal_status(found))
    response = json_response(found.content)
    age = _KEPT_SECONDS if found.kept else _UNKEPT_SECONDS
    response.headers["Cache-Control"] = f"public, max-age={age}, immutable" if found.kept else f"public, max-age={age}"
    return response
