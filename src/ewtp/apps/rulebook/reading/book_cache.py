"""The law that every process keeps: read piece by piece as questions come, shared by all its threads.

A version never changes, so a piece once read stays true. A newer version is looked for at most once a second; the least
recently used versions, books and pieces are dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.bounded_maps import LruMap
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import VersionRef, latest_version, version_at
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.rulebook.book import Book, build_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# The (economy, code) pairs of a question, in order.
Pairs = tuple[tuple[str, str], ...]
_LOOK_SECONDS = 1.0
_BOOKS_KEPT = 4_096
# A question about a product in every economy makes a book of a quarter of a megabyte, so fewer of those are kept.
_WIDE_QUESTION = 50
_WIDE_BOOKS_KEPT = 256
_VERSIONS_KEPT = 4


@dataclass(frozen=True, slots=True)
class CachedVersion:
    """A version that questions were asked of: its reader, and the books read so far."""

    reader: RulebookReader
    books: LruMap[Pairs, Book] = field(default_factory=lambda: LruMap(_BOOKS_KEPT))
    wide_books: LruMap[Pairs, Book] = field(default_factory=lambda: LruMap(_WIDE_BOOKS_KEPT))


@dataclass(frozen=True, slots=True)
class Law:
    """The inputs of an answer: a book, and the exchange rates of the same version; None where there is none."""

    version: VersionRef | None
    book: Book
    rates: RateTable


_NO_LAW = Law(None, build_book("", territories=(), groups=(), measures=()), RateTable({}))


class BookCache:
    """The versions that this process has read from; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._versions: LruMap[str, CachedVersion] = LruMap(_VERSIONS_KEPT)
        self._moments: LruMap[datetime, VersionRef] = LruMap(_BOOKS_KEPT)
        self._current: CachedVersion | None = None
        self._looked = float("-inf")

    def law(self, pairs: Pairs, known_at: datetime | None) -> Law:
        """The book and the rates for a question, as known at a moment (None: now)."""
        cached = self._now() if known_at is None else self._then(known_at)
        if cached is None:
            return _NO_LAW
        reader = cached.reader
        return Law(reader.version, self._book(cached, pairs), reader.rates.known_at(known_at))

    def reader(self, version: VersionRef) -> RulebookReader:
        """The reader of a version, shared with the questions that are answered from it."""
        return self._cached(version).reader

    def version(self) -> str:
        """The label of the latest version, empty while nothing is loaded."""
        cached = self._now()
        return cached.reader.version.label if cached else ""

    def forget(self) -> None:
        """Read everything again, beginning with which version is the latest."""
        with self._lock:
            self._versions, self._moments = LruMap(_VERSIONS_KEPT), LruMap(_BOOKS_KEPT)
            self._current, self._looked = None, float("-inf")

    def _book(self, cached: CachedVersion, pairs: Pairs) -> Book:
        books = cached.wide_books if len(pairs) > _WIDE_QUESTION else cached.books
        book = books.get(pairs)
        if book is None:
            with self._lock:
                # Another thread may have read it meanwhile.
                book = books.get(pairs)
                if book is None:
                    book = cached.reader.covering(pairs, origin_rules=True)
                    books.put(pairs, book)
        return book

    def _now(self) -> CachedVersion | None:
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return self._current
        with self._lock:
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                latest = latest_version()
                self._current = self._cached(latest.ref) if latest else None
                self._looked = time.monotonic()
            return self._current

    def _then(self, known_at: datetime) -> CachedVersion | None:
        version = self._moments.get(known_at)
        if version is not None:
            return self._cached(version)
        found = version_at(known_at)
        if found is None:
            return None
        # A moment yet to come may still see another version, so the version of one is not kept.
        latest = latest_version()
        if latest is not None and latest.number > found.number:
            self._moments.put(known_at, found.ref)
        return self._cached(found.ref)

    def _cached(self, version: VersionRef) -> CachedVersion:
        cached = self._versions.get(version.digest)
        if cached is None:
            with self._lock:
                cached = self._versions.get(version.digest)
                if cached is None:
                    cached = CachedVersion(RulebookReader(version))
                    self._versions.put(version.digest, cached)
        return cached


_CACHE = BookCache()


def cached_book() -> BookCache:
    """The one cache of this process."""
    return _CACHE


def law_for_question(economies_and_codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Law:
    """The law for questions about (economy, code) pairs: that of each economy and of its union for the code.

    Of the latest version, or of the one that was the latest at ``known_at``; it is shared and must not be changed. An
    economy that no territory covers adds nothing. Empty (version ``""``) while nothing is loaded.
    """
    return _CACHE.law(tuple(sorted(set(economies_and_codes))), known_at)


def book_for_question(economies_and_codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Book:
    """The book of ``law_for_question``."""
    return law_for_question(economies_and_codes, known_at).book
