"""While one question's law is read, nobody waits but those who ask the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from ewtp.apps.rulebook.reading import book_cache
from ewtp.apps.rulebook.reading.book_cache import BookCache
from ewtp.apps.rulebook.reading.key_locks import KeyLocks
from ewtp.apps.rulebook.reading.versions import VersionRef
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.rulebook.book import build_book

PUBLISHED = datetime(2026, 1, 1, tzinfo=UTC)
SLOW, QUICK = (("GB", "010121"),), (("GB", "090111"),)
# For what is to happen at once, on the slowest computer.
SOON = 20


class Reading:
    """A version whose law for ``SLOW`` is read only once that is allowed; notes what was read."""

    def __init__(self, version):
        self.version = version
        self.rates = SimpleNamespace(read_at=lambda _: RateTable({}))

    begun, allowed = Event(), Event()
    read: ClassVar[list[Any]] = []

    def read_book(self, pairs, *, origin_rules):
        assert origin_rules
        if pairs == SLOW:
            self.begun.set()
            assert self.allowed.wait(SOON)
        self.read.append(pairs)
        return build_book(self.version.label, territories=(), groups=(), measures=())


@pytest.fixture
def cache(monkeypatch):
    monkeypatch.setattr(Reading, "begun", Event())
    monkeypatch.setattr(Reading, "allowed", Event())
    monkeypatch.setattr(Reading, "read", [])
    monkeypatch.setattr(book_cache, "RulebookReader", Reading)
    monkeypatch.setattr(book_cache, "latest_version", lambda: SimpleNamespace(ref=VersionRef("1", "d1", PUBLISHED)))
    monkeypatch.setattr(book_cache, "_LOOK_SECONDS", 0)
    return BookCache()


@pytest.fixture
def threads():
    with ThreadPoolExecutor(4) as pool:
        try:
            yield pool
        finally:
            Reading.allowed.set()


def test_another_question_and_a_page_do_not_wait_for_a_question_whose_law_is_being_read(cache, threads):
    slow = threads.submit(cache.law, SLOW, None)
    assert Reading.begun.wait(SOON)
    assert threads.submit(cache.version).result(SOON) == "1"
    assert threads.submit(cache.law, QUICK, None).result(SOON).book.version == "1"
    assert not slow.done()
    Reading.allowed.set()
    assert slow.result(SOON).book.version == "1"
    assert Reading.read == [QUICK, SLOW]


def test_who_asks_the_same_meanwhile_waits_and_gets_the_same_book(cache, threads):
    first = threads.submit(cache.law, SLOW, None)
    assert Reading.begun.wait(SOON)
    second = threads.submit(cache.law, SLOW, None)
    Reading.allowed.set()
    assert first.result(SOON).book is second.result(SOON).book
    assert Reading.read == [SLOW]


def test_who_wants_the_version_while_another_looks_for_a_newer_one_gets_that_of_a_moment_ago(
    cache, threads, monkeypatch
):
    assert cache.version() == "1"
    looking, seen = Event(), Event()

    def look():
        looking.set()
        assert seen.wait(SOON)
        return SimpleNamespace(ref=VersionRef("2", "d2", PUBLISHED))

    monkeypatch.setattr(book_cache, "latest_version", look)
    newer = threads.submit(cache.version)
    assert looking.wait(SOON)
    assert threads.submit(cache.version).result(SOON) == "1"
    seen.set()
    assert newer.result(SOON) == "2"
    assert cache.version() == "2"


def test_a_failure_to_look_is_told_and_the_next_one_looks_again(cache, monkeypatch):
    def fail():
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(book_cache, "latest_version", fail)
        with pytest.raises(ConnectionError):
            cache.version()
    assert cache.version() == "1"


def test_a_lock_is_gone_once_nobody_holds_it():
    locks = KeyLocks[str]()
    with locks.hold("a"), locks.hold("b"):
        assert len(locks) == 2
    with pytest.raises(KeyError), locks.hold("a"):
        raise KeyError
    assert len(locks) == 0
