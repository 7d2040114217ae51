"""What becomes of a browser's session, and of the pages that it was shown, once it is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY

from ewtp.apps.accounts.surface.session_age import end_old_session
from ewtp.web.page_middleware import API_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class SessionLimitsMiddleware:
    """Ends a session that is too old or was not used, and keeps the pages of whoever signed in out of caches.

    On signing out the browser is told to forget what it has of this site, so that its back button shows nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; one without the cookie of a session costs nothing."""
        if request.path.startswith(API_PATH) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        was_signed_in = SESSION_KEY in request.session
        end_old_session(request, time.time())
        response = self.get_response(request)
        if SESSION_KEY in request.session:
            if "no-store" not in response.headers.get("Cache-Control", ""):
                response.headers["Cache-Control"] = "no-store"
        elif was_signed_in:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
