"""The market finder's compiled form in a web process: read in the background, used once it is there.

Nothing is compiled here. Where the version has no compiled form, or it is still being read, the scalar path answers.
"""

from __future__ import annotations

import time
from threading import Lock, Thread
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.book_cache import cached_book
from ewtp.gateways.compiled_store.books import compiled_folder, read_compiled
from ewtp.gateways.compiled_store.market_texts import market_texts_kept, read_market_texts
from ewtp.gateways.installation.home import home_path

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.compiled.market.finder import MarketFinder

# How long after a form that could not be used it is looked for again.
_RETRY_SECONDS = 5.0


class FinderCache:
    """The finder of one version, the last one asked for; versions are told apart by their digests."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: tuple[str, MarketFinder] | None = None
        self._thread: Thread | None = None
        self._wanted = ""
        self._started = float("-inf")

    def finder(self, version: VersionRef) -> MarketFinder | None:
        """The finder of the version; None while there is none, and then it is loaded where that is possible."""
        found = self._found
        if found is not None and found[0] == version.digest:
            return found[1]
        with self._lock:
            tried = self._wanted == version.digest and time.monotonic() < self._started + _RETRY_SECONDS
            loading = self._thread is not None and self._thread.is_alive()
            if not tried and not loading and market_texts_kept(compiled_folder(home_path(), version.digest)):
                self._wanted, self._started = version.digest, time.monotonic()
                self._thread = Thread(target=self._load, args=(cached_book().reader(version),), daemon=True)
                self._thread.start()
        return None

    def settle(self) -> None:
        """Wait until the form that is being loaded has been loaded."""
        if self._thread is not None:
            self._thread.join()

    def _load(self, reader: RulebookReader) -> None:
        """Load the compiled form and the machine code that reads it, which takes seconds that no page should wait."""
        from ewtp.apps.assessment.reading.version_scalar import version_scalar  # noqa: PLC0415 - loads a compiler
        from ewtp.core.compiled.market.finder import MarketFinder  # noqa: PLC0415 - likewise

        version = reader.version
        folder = compiled_folder(home_path(), version.digest)
        book, texts = read_compiled(folder), read_market_texts(folder)
        if book is None or texts is None or book.names.version != version.label:
            return
        # Texts go by the number of a rule, so they are of use only with the very book that they were written for.
        if len(texts.fields) == len(book.tables.measure_start) - 1:
            self._found = (version.digest, MarketFinder(book, texts, version_scalar(reader, reader.rates.latest)))


_CACHE = FinderCache()


def market_finder(version: VersionRef) -> MarketFinder | None:
    """The compiled form's finder for a version, None where the scalar path has to answer."""
    return _CACHE.finder(version)


def market_finder_settle() -> None:
    """Wait for the compiled form that is being loaded, as a test does."""
    _CACHE.settle()
