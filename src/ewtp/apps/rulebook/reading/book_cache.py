"""The law that every process keeps: read piece by piece as questions come, shared by all its threads.

A version never changes, so a piece once read stays true. A newer version is looked for at most once a second; the least
recently used versions, books and pieces are dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from ewtp.apps.http.reading.lru_map import LruMap
from ewtp.apps.rulebook.reading.key_locks import KeyLocks
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import VersionRef, latest_version, version_at, version_named
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.rulebook.book import Book, build_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# The (economy, code) pairs of a question, in order.
CodePlaces = tuple[tuple[str, str], ...]
_LOOK_SECONDS = 1.0
_BOOKS_KEPT = 4_096
_VERSIONS_KEPT = 4
# For the books of all versions together. Those of 1,000 random codes take 10 MB each.
_BOOK_BYTES_KEPT = 96 * 1024 * 1024
# Measured with the seed: what a process grows by for each rule, line and code of books that share little.
_PIECE_BYTES = 750
_EMPTY_BOOK_BYTES = 2_000


def book_bytes(book: Book) -> int:
    """About how much memory a book takes that a question made, as if it shared nothing with others."""
    pieces = sum(map(len, book.rules.values())) + sum(map(len, book.lines.values())) + len(book.replaced)
    pieces += sum(map(len, book.origin_rules_by_scheme.values()))
    return _EMPTY_BOOK_BYTES + _PIECE_BYTES * pieces


@dataclass(frozen=True, slots=True)
class Law:
    """The inputs of an answer: a book, and the exchange rates of the same version; None where there is none."""

    version: VersionRef | None
    book: Book
    rates: RateTable


_NO_LAW = Law(None, build_book("", territories=(), groups=(), measures=()), RateTable({}))


class BookCache:
    """The versions that this process has read from; safe to use from any thread.

    A book of many codes takes seconds to read. Meanwhile only those wait who need the same book; whoever else has a
    question, or wants to know the version, does not.
    """

    def __init__(self) -> None:
        # Held for as long as a reader is made, which reads nothing; the other while the latest version is looked for.
        self._lock, self._looking = Lock(), Lock()
        self._reading: KeyLocks[tuple[str, CodePlaces]] = KeyLocks()
        self._keep_nothing()

    def law(self, pairs: CodePlaces, known_at: datetime | None) -> Law:
        """The book and the rates for a question, as known at a moment (None: now)."""
        reader = self._now() if known_at is None else self._then(known_at)
        if reader is None:
            return _NO_LAW
        return Law(reader.version, self._book(reader, pairs), reader.rates.read_at(known_at))

    def editions(self) -> Law:
        """The law of now without rules and lines, and every code's equivalents in other editions."""
        reader = self._now()
        return _NO_LAW if reader is None else Law(reader.version, reader.editions, reader.rates.latest)

    def law_of(self, label: str, pairs: CodePlaces, known_at: datetime | None) -> Law:
        """The book of the version with that label and the rates for a question; no law where there is no such version.

        ``known_at`` chooses rates alone: those that were published by then.
        """
        reader = self._reader_of(label)
        if reader is None:
            return _NO_LAW
        return Law(reader.version, self._book(reader, pairs), reader.rates.read_at(known_at))

    def reader(self, version: VersionRef) -> RulebookReader:
        """The reader of a version, shared with the questions that are answered from it."""
        return self._reader(version)

    def version(self) -> str:
        """The label of the latest version, empty while nothing is loaded."""
        reader = self._now()
        return reader.version.label if reader else ""

    def forget(self) -> None:
        """Read everything again, beginning with which version is the latest."""
        with self._lock:
            self._keep_nothing()

    @property
    def held_bytes(self) -> int:
        """About how much memory the books take."""
        return self._books.weight

    def _keep_nothing(self) -> None:
        self._readers: LruMap[str, RulebookReader] = LruMap(_VERSIONS_KEPT)
        self._books: LruMap[tuple[str, CodePlaces], Book] = LruMap(
            _BOOKS_KEPT, most_weight=_BOOK_BYTES_KEPT, weigh=book_bytes
        )
        self._moments: LruMap[datetime, VersionRef] = LruMap(_BOOKS_KEPT)
        self._labels: LruMap[str, VersionRef] = LruMap(_BOOKS_KEPT)
        self._current: RulebookReader | None = None
        self._looked = float("-inf")

    def _book(self, reader: RulebookReader, pairs: CodePlaces) -> Book:
        key, books = (reader.version.digest, pairs), self._books
        book = books.get(key)
        if book is None:
            with self._reading.hold(key):
                # Another thread may have read it meanwhile.
                book = books.get(key)
                if book is None:
                    book = reader.read_book(pairs, origin_rules=True)
                    books.keep_value(key, book)
        return book

    def _now(self) -> RulebookReader | None:
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return self._current
        # Where another thread is looking, the version of a moment ago will do.
        if not self._looking.acquire(blocking=self._current is None):
            return self._current
        try:
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                latest = latest_version()
                self._current = self._reader(latest.ref) if latest else None
                self._looked = time.monotonic()
            return self._current
        finally:
            self._looking.release()

    def _then(self, known_at: datetime) -> RulebookReader | None:
        version = self._moments.get(known_at)
        if version is not None:
            return self._reader(version)
        found = version_at(known_at)
        if found is None:
            return None
        # A moment yet to come may still see another version, so the version of one is not kept.
        latest = latest_version()
        if latest is not None and latest.number > found.number:
            self._moments.keep_value(known_at, found.ref)
        return self._reader(found.ref)

    def _reader_of(self, label: str) -> RulebookReader | None:
        latest = self._now()
        if latest is None or latest.version.label == label:
            return latest
        version = self._labels.get(label)
        if version is None:
            found = version_named(label)
            if found is None or found.label != label:
                return None
            version = found.ref
            self._labels.keep_value(label, version)
        return self._reader(version)

    def _reader(self, version: VersionRef) -> RulebookReader:
        reader = self._readers.get(version.digest)
        if reader is None:
            with self._lock:
                reader = self._readers.get(version.digest)
                if reader is None:
                    reader = RulebookReader(version)
                    self._readers.keep_value(version.digest, reader)
        return reader


_CACHE = BookCache()


def read_cached_book() -> BookCache:
    """The one cache of this process."""
    return _CACHE


def law_for_question(economies_and_codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Law:
    """The law for questions about (economy, code) pairs: that of each economy and of its union for the code.

    Of the latest version, or of the one that was the latest at ``known_at``; it is shared and must not be changed. An
    economy that no territory covers adds nothing. Empty (version ``""``) while nothing is loaded.
    """
    return _CACHE.law(tuple(sorted(set(economies_and_codes))), known_at)


def law_of_version(economies_and_codes: Iterable[tuple[str, str]], label: str, known_at: datetime | None = None) -> Law:
    """The law of ``law_for_question``, of the version with a label; empty where there is no such version."""
    return _CACHE.law_of(label, tuple(sorted(set(economies_and_codes))), known_at)


def book_for_question(economies_and_codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Book:
    """The book of ``law_for_question``."""
    return law_for_question(economies_and_codes, known_at).book


def law_of_editions() -> Law:
    """What all questions of the market finder share, of the latest version: no rules and no lines, codes by edition.

    Empty (version ``""``) while nothing is loaded.
    """
    return _CACHE.editions()
