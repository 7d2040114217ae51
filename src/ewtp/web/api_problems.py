"""Errors below ``/api/`` that occur before a view is reached, as problem documents like those of the views."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.http.surface.problems import JSON_TYPE, PROBLEM_TYPE, problem
from ewtp.core.values.refusal import Refusal
from ewtp.web.sentences import (
    ADDRESS_UNKNOWN,
    BODY_NOT_JSON,
    INTERNAL_ERROR_PLAIN,
    LENGTH_REQUIRED,
    METHOD_NOT_ALLOWED,
    REQUEST_REFUSED,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_BELOW = "/api/"
# Browsers send one of these with every body; a page of any site can have one sent that is not declared as JSON.
_BROWSER_HEADERS = ("Origin", "Sec-Fetch-Site")
_CURL_TYPES = frozenset({"", "application/x-www-form-urlencoded"})


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
        if "\x00" in path:
            # Nothing has such an address: the database holds no text with this character.
            return problem(Refusal(ADDRESS_UNKNOWN, {"address": path[:80]}), HTTPStatus.NOT_FOUND)
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            return problem(
                Refusal(LENGTH_REQUIRED),
                HTTPStatus.LENGTH_REQUIRED,
            )
        if request.META.get("CONTENT_LENGTH") not in {None, "", "0"} and not _may_be_json(request):
            return problem(Refusal(BODY_NOT_JSON), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or response.headers.get("Content-Type") == PROBLEM_TYPE:
            return response
        return _as_problem(request, response)


def _may_be_json(request: HttpRequest) -> bool:
    """Whether the body is declared as JSON, which a page of another site cannot do without leave.

    The default types of command-line clients pass as well, where nothing shows that a browser is sending.
    """
    kind = request.content_type or ""
    return kind == JSON_TYPE or (kind in _CURL_TYPES and not any(name in request.headers for name in _BROWSER_HEADERS))


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
