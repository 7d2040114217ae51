"""Errors below ``/api/`` that occur before a view is reached, as problem documents like those of the views."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.http.surface.problems import PROBLEM_TYPE, problem
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_BELOW = "/api/"


class ApiProblemsMiddleware:
    """Turns every error below ``/api/`` that is not a problem document into one, and answers HEAD like GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; responses of pages are not changed."""
        path = request.path
        if not path.startswith(_BELOW) and path != _BELOW.rstrip("/"):
            return self.get_response(request)
        if request.method == "HEAD":
            # The server leaves the body out by itself.
            request.method = "GET"
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            return problem(
                Refusal("length_required", "Send the body in one piece, with its Content-Length."),
                HTTPStatus.LENGTH_REQUIRED,
            )
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or response.headers.get("Content-Type") == PROBLEM_TYPE:
            return response
        return _as_problem(request, response)


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    allowed = response.headers.get("Allow")
    if status == HTTPStatus.NOT_FOUND:
        message = f"There is no {request.path[:80]}; /api/v1/openapi.json lists what there is."
        refusal = Refusal("address_unknown", message)
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        refusal = Refusal("method_not_allowed", f"{request.method} is not possible here; use {allowed}.")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        refusal = Refusal("internal_error", "Something went wrong here, not in your request; tell the operator.")
    else:
        refusal = Refusal("request_refused", "The request was refused; /api/v1/openapi.json says what can be asked.")
    made = problem(refusal, status)
    if allowed:
        made.headers["Allow"] = allowed
    return made
