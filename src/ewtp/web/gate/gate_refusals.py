"""The answer to a request that does not reach the site: a problem document, or a page in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import parse_cookie
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from ewtp.apps.http.surface.problems import PROBLEM_TYPE, problem_bytes
from ewtp.web.gate.wsgi_call import WsgiAnswer
from ewtp.web.security_headers import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY
from ewtp.web.unavailability import RETRY_SECONDS

if TYPE_CHECKING:
    from granian.rsgi import Scope

    from ewtp.core.values.refusal import Refusal

_LATER = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})
_MOST_COOKIES = 4_096


class TurnedAwayError(Exception):
    """Raised where a request is refused before it reaches the site."""

    def __init__(self, status: HTTPStatus, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.status = status
        self.refusal = refusal


def response_of_refusal(scope: Scope, error: TurnedAwayError) -> WsgiAnswer:
    """The answer to a request that was turned away; the connection is closed after it."""
    is_api = scope.path.startswith("/api/")
    headers = [
        ("Content-Type", PROBLEM_TYPE if is_api else "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("Permissions-Policy", PERMISSIONS_POLICY),
    ]
    if settings.HTTPS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"))
    if error.status in _LATER:
        headers.append(("Retry-After", str(RETRY_SECONDS)))
    if is_api:
        return WsgiAnswer(error.status, headers, problem_bytes(error.refusal, error.status))
    language = _language(scope)
    headers += [("Content-Language", language), ("Vary", "Accept-Language, Cookie")]
    body = _page(error.status, error.refusal.code, language) or _remember_page(error, language)
    return WsgiAnswer(error.status, headers, body)


_pages: dict[tuple[int, str, str], bytes] = {}


def _page(status: int, code: str, language: str) -> bytes | None:
    return _pages.get((status, code, language))


def _remember_page(error: TurnedAwayError, language: str) -> bytes:
    """Write the page once: a flood of refusals must not cost a template each."""
    with translation.override(language):
        text = render_to_string("503.html", {"refusal": error.refusal, "status": int(error.status)})
    return _pages.setdefault((error.status, error.refusal.code, language), text.encode())


def _language(scope: Scope) -> str:
    """The language that the site would choose: the cookie's, else the best of what the browser names."""
    cookie = parse_cookie((scope.headers.get("cookie") or "")[:_MOST_COOKIES])
    accepted = parse_accept_lang_header((scope.headers.get("accept-language") or "").lower()[:500])
    for wanted in (cookie.get(settings.LANGUAGE_COOKIE_NAME, ""), *(name for name, _ in accepted)):
        found = _find_supported(wanted)
        if found is not None:
            return found
    return settings.LANGUAGE_CODE


@lru_cache(maxsize=1_000)
def _find_supported(wanted: str) -> str | None:
    try:
        return get_supported_language_variant(wanted)
    except LookupError:
        return None
