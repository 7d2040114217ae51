"""Requests of those who may not do what they asked for, one line each in the log of security."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.http.surface.access import caller_name, is_refusal_logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_LOG = logging.getLogger("ewtp.security")
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


class RefusalLogMiddleware:
    """Logs what was answered with 401, 403 or 429, on pages and below ``/api/``, without what was sent.

    What the guard of a route refuses it has logged with its code. A form without its token of this site is among them,
    and so is an act of somebody whose role, house or office does not allow it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as before."""
        response = self.get_response(request)
        if response.status_code in _REFUSED and not is_refusal_logged(request):
            who, status = caller_name(request), response.status_code
            _LOG.warning("%s %s refused to %s: %d", request.method, request.path, who, status)
        return response
