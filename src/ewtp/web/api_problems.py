"""Errors below ``/api/`` that occur before a view is reached, as problem documents like those of the views."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.http.surface.problems import PROBLEM_TYPE, problem
from ewtp.core.values.refusal import Refusal
from ewtp.web.sentences import (
    ADDRESS_UNKNOWN,
    INTERNAL_ERROR_PLAIN,
    LENGTH_REQUIRED,
    METHOD_NOT_ALLOWED,
    REQUEST_REFUSED,
)

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
                Refusal(LENGTH_REQUIRED),
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
        refusal = Refusal(ADDRESS_UNKNOWN, {"address": request.path[:80]})
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        refusal = Refusal(METHOD_NOT_ALLOWED, {"method": request.method, "allowed": allowed})
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        refusal = Refusal(INTERNAL_ERROR_PLAIN)
    else:
        refusal = Refusal(REQUEST_REFUSED)
    made = problem(refusal, status)
    if allowed:
        made.headers["Allow"] = allowed
    return made
