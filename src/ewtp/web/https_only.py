"""A site with HTTPS answers nothing that came without it, as far as its proxy tells."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse

from ewtp.apps.http.surface.problems import problem
from ewtp.core.values.refusal import Refusal
from ewtp.web.page_middleware import API_PATH
from ewtp.web.sentences import HTTPS_NEEDED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


class HttpsOnlyMiddleware:
    """Sends readers of a page to its address with HTTPS, and refuses programs.

    A program that was sent on would keep sending its token in the clear, and nobody would notice. What does not come
    through the proxy, such as a check of its health, says nothing of HTTPS and is answered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or turn it away."""
        if not settings.HTTPS or request.META.get("HTTP_X_FORWARDED_PROTO") != "http":
            return self.get_response(request)
        if request.path.startswith(API_PATH):
            return problem(Refusal(HTTPS_NEEDED), HTTPStatus.FORBIDDEN)
        address = f"https://{request.get_host()}{request.get_full_path()}"
        return HttpResponse(status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": address})
