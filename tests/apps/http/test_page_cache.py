"""Kept pages: for whom they are, how long they hold, and what a browser is told."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils import translation

from ewtp.apps.http.surface import page_cache as tested
from ewtp.apps.http.surface.page_cache import MadePage, PageCache
from ewtp.gateways.database.transaction_state import transaction_state

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Site:
    """A page that counts how often it is made, on a clock and a database that the test sets."""

    def __init__(self, rf, most_bytes=100_000):
        self.cache, self.rf = PageCache(most_bytes), rf
        self.now, self.state, self.marker = NOW, "1", "a"
        self.made, self.until, self.decorate = 0, HOUR, lambda _request, _response: None

    def get(self, path="/page", *, method="get", **headers):
        request = getattr(self.rf, method)(path, **headers)
        request.COOKIES.update(headers.pop("cookies", {}))
        found = self.cache.find(request)
        return found or self.cache.make(request, marker=lambda: self.marker, make=lambda now: self._make(request, now))

    def _make(self, request, now):
        self.made += 1
        response = HttpResponse(f"made {self.made} in {translation.get_language()}".encode())
        self.decorate(request, response)
        return MadePage(response, now + self.until)


@pytest.fixture
def site(rf, monkeypatch):
    made = Site(rf)
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    monkeypatch.setattr(tested, "transaction_state", lambda: made.state)
    return made


def test_a_page_is_made_once_while_nothing_is_written(site):
    assert [site.get().content for _ in range(3)] == [b"made 1 in en"] * 3
    assert site.get("/another").content == b"made 2 in en"
    with translation.override("fr"):
        assert site.get().content == b"made 3 in fr"
    assert site.get().content == b"made 1 in en"


def test_only_what_the_page_shows_has_it_made_again(site):
    site.get()
    site.state = "2"
    assert site.get().content == b"made 1 in en"
    site.state, site.marker = "3", "b"
    assert site.get().content == b"made 2 in en"
    # Inside a transaction nothing is known of what it wrote itself, so that the marker decides.
    site.state = ""
    assert site.get().content == b"made 2 in en"
    site.marker = "c"
    assert site.get().content == b"made 3 in en"


def test_the_clock_ends_a_page_in_both_directions(site):
    site.get()
    site.now += HOUR - timedelta(microseconds=1)
    assert site.get().content == b"made 1 in en"
    site.now += timedelta(microseconds=1)
    assert site.get().content == b"made 2 in en"
    site.now -= timedelta(microseconds=1)
    assert site.get().content == b"made 3 in en"
    site.until = timedelta(0)
    site.now += 3 * HOUR
    assert [site.get().content for _ in range(2)] == [b"made 4 in en", b"made 5 in en"]


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/page?next=1"},
        {"headers": {"Authorization": "Bearer x"}},
        {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=x"},
        {"HTTP_COOKIE": "messages=x"},
        {"method": "post"},
    ],
    ids=["query", "token", "session", "message", "post"],
)
def test_whoever_may_be_told_more_gets_a_page_of_her_own(site, asked):
    site.get()
    assert site.get(**asked).content == b"made 2 in en"
    assert "ETag" not in site.get(**asked).headers
    # And hers is nobody else's.
    assert site.get().content == b"made 1 in en"


@pytest.mark.parametrize(
    "decorate",
    [
        lambda request, _: get_token(request),
        lambda _, response: response.set_cookie("a", "b"),
        lambda _, response: setattr(response, "status_code", 422),
    ],
    ids=["form", "cookie", "status"],
)
def test_a_page_with_something_of_its_reader_is_not_kept(site, decorate):
    site.decorate = decorate
    assert [site.get().content for _ in range(2)] == [b"made 1 in en", b"made 2 in en"]
    assert site.cache.held_bytes == 0


def test_a_browser_asks_whether_its_copy_holds(site):
    first = site.get(HTTP_ACCEPT_ENCODING="br, gzip")
    assert gzip.decompress(first.content) == b"made 1 in en"
    assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("private, no-cache", "Accept-Encoding, Cookie")
    again = site.get(HTTP_IF_NONE_MATCH=f'"x", {first.headers["ETag"]}')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    site.marker, site.state = "b", "2"
    changed = site.get(HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (changed.status_code, changed.content) == (200, b"made 2 in en")


def test_pages_are_dropped_beyond_their_bytes(site):
    site.cache = PageCache(5_000)
    for number in range(100):
        site.get(f"/{number}")
    assert 0 < site.cache.held_bytes <= 5_000
    assert site.get("/99").content == b"made 100 in en"
    assert site.get("/0").content == b"made 101 in en"


@pytest.mark.django_db(transaction=True)
def test_the_state_of_the_database_changes_with_every_write_of_anybody():
    # Other workers write to databases of the same server.
    assert any(transaction_state() == transaction_state() for _ in range(100))
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as another:
        before = transaction_state()
        # A transaction that writes has a number, and nothing else is written here.
        another.execute("SELECT pg_current_xact_id()")
        assert transaction_state() != before
        before = transaction_state()
        with another.transaction():
            another.execute("SELECT pg_current_xact_id()")
            begun = transaction_state()
        assert transaction_state() not in (before, begun)


@pytest.mark.django_db
def test_a_transaction_has_no_state_since_it_sees_its_own_writes():
    assert transaction_state() == ""
