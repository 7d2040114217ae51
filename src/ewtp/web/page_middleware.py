"""Middleware of pages that the API does without: sessions, sign-in, messages.

A caller of the API is known by a token alone, so no cookie counts there. Each of these also ties a request to itself in
a cycle, and whatever a request holds then stays in memory until Python looks for garbage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django_htmx.middleware import HtmxMiddleware

from ewtp.apps.http.surface.page_cache import page_cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

API_PATH = "/api/"
# What a request for another language than the first has one of.
_LANGUAGE_VARIABLES = ("HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE")


class _OfPages:
    """Leaves requests to the API alone; goes before the middleware that it is mixed into."""

    get_response: Callable[[HttpRequest], Any]

    def __call__(self, request: HttpRequest) -> Any:
        """Do what the middleware does, for a page."""
        if request.path.startswith(API_PATH):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class PageSessionMiddleware(_OfPages, SessionMiddleware):
    """The session of a browser."""


class PageAuthenticationMiddleware(_OfPages, AuthenticationMiddleware):
    """Who has signed in."""


class PageMessageMiddleware(_OfPages, MessageMiddleware):
    """What the next page tells of what was done."""


class PageHtmxMiddleware(_OfPages, HtmxMiddleware):
    """Whether a part of a page is asked for."""


class PageCacheMiddleware:
    """Answers with a kept page where one holds; only what comes before it in the list of middleware sees the request.

    It goes behind what finds the language and refuses unknown hosts, and before whatever looks for a reader.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, from the cache where it can."""
        kept = page_cache().find(request)
        return self.get_response(request) if kept is None else kept


class LanguageMiddleware(LocaleMiddleware):
    """The language of a request; answers of the API are the same in all, what they have sent by mail is not."""

    def __call__(self, request: HttpRequest) -> Any:
        """Answer in the language that the request asks for."""
        if not request.path.startswith(API_PATH):
            return super().__call__(request)
        asked = any(name in request.META for name in _LANGUAGE_VARIABLES)
        translation.activate(translation.get_language_from_request(request) if asked else settings.LANGUAGE_CODE)
        return self.get_response(request)
