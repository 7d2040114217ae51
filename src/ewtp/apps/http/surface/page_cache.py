"""Pages that every visitor without an account sees alike, kept until something that they show can be different.

A kept page is sent while nothing was written to the database, or nothing that its ``marker`` tells of, and until the
moment from which the clock alone may change it. Both are looked up for every request, so that every process sends what
is true. A page for somebody who has signed in, with a message, a token of a form or a cookie is neither kept nor
answered from here (docs/adr/0053-public-pages-are-kept-by-what-they-show.md).
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from ewtp.apps.http.reading.lru_map import LruMap
from ewtp.gateways.database.transaction_state import transaction_state

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

    from django.http import HttpRequest
    from django.urls import ResolverMatch

# For the pages of all kinds together, as they are sent; a page of a proposal has some six thousand bytes.
_BYTES_KEPT = 16 * 1024 * 1024
_MOST_PAGES = 65_536
# What a page takes in memory beside its bytes.
_ENTRY_BYTES = 1_000
# What may make a page one reader's: a session, and messages for the next page.
_PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, f"{settings.COOKIE_PREFIX}messages")
_TAKES_GZIP = re.compile(r"\bgzip\b")


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page that was made at a moment, and ``until`` when it stays the same unless something is written."""

    response: HttpResponse
    until: datetime


@dataclass(frozen=True, slots=True)
class _KeptPage:
    body: bytes
    content_type: str
    etag: str
    made: datetime
    until: datetime
    state: str
    marker: Hashable
    find_marker: Callable[[], Hashable]
    route: ResolverMatch | None


def _weigh(page: _KeptPage) -> int:
    return _ENTRY_BYTES + len(page.body)


def _no_pages(most_bytes: int) -> LruMap[tuple[str, str], _KeptPage]:
    return LruMap(_MOST_PAGES, most_weight=most_bytes, weigh=_weigh)


class PageCache:
    """The kept pages of a process; threads share it."""

    def __init__(self, most_bytes: int = _BYTES_KEPT) -> None:
        self._most_bytes = most_bytes
        self._pages = _no_pages(most_bytes)

    @property
    def held_bytes(self) -> int:
        """About how much memory the pages take."""
        return self._pages.weight

    def find(self, request: HttpRequest) -> HttpResponse | None:
        """The kept page of an address in the language of now; None where there is none that holds."""
        if not _is_anybodys(request):
            return None
        key, now = _key_of(request), timezone.now()
        kept = self._pages.get(key)
        if kept is None or not kept.made <= now < kept.until:
            return None
        state = transaction_state()
        if not state or state != kept.state:
            if kept.find_marker() != kept.marker:
                return None
            self._pages.keep_value(key, replace(kept, state=state))
        # Requests are counted by it.
        request.resolver_match = kept.route
        return _send(request, kept)

    def make(
        self, request: HttpRequest, *, marker: Callable[[], Hashable], make: Callable[[datetime], MadePage]
    ) -> HttpResponse:
        """The page that ``make`` makes for the moment of now, kept for others where it is the same for them.

        Whatever it shows is in the ``marker``, or changes by the clock. The marker is read before the page is made:
        what is written meanwhile makes the next request find another one.
        """
        now = timezone.now()
        if not _is_anybodys(request):
            return make(now).response
        state, found = transaction_state(), marker()
        made = make(now)
        if made.until <= now or not _is_alike_for_all(request, made.response):
            return made.response
        body = made.response.content
        kept = _KeptPage(
            # A page without a secret needs no random length.
            body=gzip.compress(body, mtime=0),
            content_type=made.response.headers["Content-Type"],
            etag=f'W/"{sha256(body).hexdigest()[:32]}"',
            made=now,
            until=made.until,
            state=state,
            marker=found,
            find_marker=marker,
            route=request.resolver_match,
        )
        self._pages.keep_value(_key_of(request), kept)
        return _send(request, kept)

    def forget(self) -> None:
        """Keep nothing of what was kept."""
        self._pages = _no_pages(self._most_bytes)


def _is_anybodys(request: HttpRequest) -> bool:
    """Whether nothing in a request but its address and its language can tell one reader from another."""
    return (
        request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and "HTTP_AUTHORIZATION" not in request.META
        and not any(name in request.COOKIES for name in _PERSONAL_COOKIES)
    )


def _is_alike_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a page was made that any other reader would have got too; one with a form has a token of its reader."""
    return (
        response.status_code == HTTPStatus.OK
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def _key_of(request: HttpRequest) -> tuple[str, str]:
    return request.path, get_language() or ""


def _send(request: HttpRequest, page: _KeptPage) -> HttpResponse:
    response: HttpResponse
    if page.etag in {each.strip() for each in request.META.get("HTTP_IF_NONE_MATCH", "").split(",")}:
        response = HttpResponseNotModified()
    elif _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        response = HttpResponse(page.body, content_type=page.content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(page.body), content_type=page.content_type)
    response.headers["ETag"] = page.etag
    # Whoever has it asks whether it still holds, every time.
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response


_cache = PageCache()


def page_cache() -> PageCache:
    """The pages of this process, shared by every app."""
    return _cache
