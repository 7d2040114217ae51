"""The market finder's compiled form in a web process: read in the background, used once it is there.

Nothing is compiled here. Where the version has no compiled form, or it is still being read, the scalar path answers.
"""

from __future__ import annotations

import atexit
import gc
import time
from decimal import Decimal
from enum import StrEnum
from threading import Lock, Thread
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from ewtp.apps.assessment.reading.compiled_state import CompiledState, read_compiled_state
from ewtp.apps.assessment.reading.queries import hs_texts, today
from ewtp.apps.rulebook.reading.book_cache import book_for_question, law_of_editions, read_cached_book
from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.values.money import Money
from ewtp.gateways.compiled_store.books import find_compiled_folder, read_compiled
from ewtp.gateways.compiled_store.market_texts import read_market_texts
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import date

    from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.compiled.market.finder import LawReader, MarketFinder
    from ewtp.core.rulebook.book import Book

# How long after a form that could not be used it is looked for again.
_RETRY_SECONDS = 5.0
# How often a process that serves looks whether a version has been compiled.
_LOOK_SECONDS = 2.0
# Goods that every edition of the Harmonized System has, in the words of a question.
_GOODS, _CURRENCY = "610910", "USD"


class MarketTableState(StrEnum):
    """How far the table is that a version's market questions are answered from; until it is ready they take seconds."""

    READY = "ready"
    # Compiled, and not yet read by this process.
    LOADING = "loading"
    COMPILING = "compiling"
    ABSENT = "absent"


class FinderCache:
    """The finder of one version, the last one asked for; versions are identified by their digests."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: tuple[str, MarketFinder] | None = None
        self._thread: Thread | None = None
        self._wanted = ""
        self._started = float("-inf")
        # A thread that the end of the process meets inside a C++ library takes the process down with an abort.
        atexit.register(self.settle)

    def finder(self, version: VersionRef) -> MarketFinder | None:
        """The finder of the version; None while there is none, and then it is loaded where that is possible."""
        found = self._found
        if found is not None and found[0] == version.digest:
            return found[1]
        with self._lock:
            tried = self._wanted == version.digest and time.monotonic() < self._started + _RETRY_SECONDS
            loading = self._thread is not None and self._thread.is_alive()
            if not tried and not loading and read_compiled_state(version) is CompiledState.READY:
                self._wanted, self._started = version.digest, time.monotonic()
                self._thread = Thread(target=self._load, args=(read_cached_book().reader(version),), daemon=True)
                self._thread.start()
        return None

    def holds(self, version: VersionRef) -> bool:
        """Whether the version's finder is loaded; nothing is begun."""
        return self._found is not None and self._found[0] == version.digest

    def settle(self) -> None:
        """Wait until the form that is being loaded has been loaded."""
        if self._thread is not None:
            self._thread.join()

    def _load(self, reader: RulebookReader) -> None:
        finder = load_finder(reader)
        if finder is not None:
            # The first questions load machine code, which takes seconds, and no page should wait for it.
            ask_both_ways(finder, reader.frame, today())
            self._found = (reader.version.digest, finder)


def load_finder(reader: RulebookReader) -> MarketFinder | None:
    """The finder of the reader's version; None where its compiled form is not there or cannot be used."""
    from ewtp.apps.assessment.reading.version_scalar import version_scalar  # noqa: PLC0415 - loads a compiler
    from ewtp.core.compiled.market.finder import MarketFinder  # noqa: PLC0415 - likewise

    version = reader.version
    folder = find_compiled_folder(home_path(), version.digest)
    book, texts = read_compiled(folder), read_market_texts(folder)
    if book is None or texts is None or book.names.version != version.label:
        return None
    # Texts go by the number of a rule, so they are of use only with the very book that they were written for.
    if len(texts.fields) != len(book.tables.measure_start) - 1:
        return None
    return MarketFinder(book, texts, version_scalar(reader, reader.rates.latest))


def ask_both_ways(finder: MarketFinder, frame: Book, day: date, read_law: LawReader = lambda _: None) -> None:
    """Run the kernel for every market and for an origin, so that all the machine code it needs is loaded.

    Rows that the kernel leaves to the scalar path are given up unless ``read_law`` returns the law for them.
    """
    here, there, *_ = sorted(vocabulary().economies)
    line = QuestionLine(_GOODS, here, Money(Decimal(1000), _CURRENCY), {}, {}, ())
    question = Question(here, there, day, None, None, None, (line,), None, None)
    finder.find_markets(question, frame, hs_texts(), read_law)
    finder.find_origins(question, [here], frame, hs_texts(), read_law)


_CACHE = FinderCache()


def market_finder(version: VersionRef) -> MarketFinder | None:
    """The compiled form's finder for a version, None where the scalar path has to answer."""
    return _CACHE.finder(version)


def market_table_state(version: VersionRef) -> MarketTableState:
    """How far the version's table is for this process; the disk is looked at only while it is not loaded."""
    if _CACHE.holds(version):
        return MarketTableState.READY
    state = read_compiled_state(version)
    return MarketTableState.LOADING if state is CompiledState.READY else MarketTableState(state.value)


def keep_finder_loaded() -> None:
    """Load the finder of each version once it is compiled, before anybody asks, for as long as this process lives."""
    Thread(target=_keep_loaded, name="market-finder", daemon=True).start()


def _keep_loaded() -> None:
    ready: tuple[str, date] | None = None
    while True:
        try:
            law, day = law_of_editions(), today()
            finder = market_finder(law.version) if law.version else None
            if law.version is not None and finder is not None and ready != (law.version.digest, day):
                # The first question about a day learns what the others are told, which takes a second.
                ask_both_ways(finder, law.book, day, book_for_question)
                _spare_collector()
                ready = (law.version.digest, day)
        except DatabaseError:
            # It may be back the next time.
            connection.close()
        time.sleep(_LOOK_SECONDS)


def _spare_collector() -> None:
    """Have the garbage collector leave alone what is loaded now, which stays for as long as the version.

    It would look at a million objects after every hundred questions or so, and everybody would wait for 80 ms.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def market_finder_settle() -> None:
    """Wait for the compiled form that is being loaded, as a test does."""
    _CACHE.settle()
