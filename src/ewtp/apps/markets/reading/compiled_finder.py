"""The market finder's compiled form in a web process: read in the background, used once it is there.

Nothing is compiled here. Where the version has no compiled form, or it is still being read, the scalar path answers.
"""

from __future__ import annotations

from threading import Lock, Thread
from typing import TYPE_CHECKING

from ewtp.apps.assessment.reading.queries import hs_texts
from ewtp.apps.rulebook.reading import queries as rulebook
from ewtp.apps.rulebook.reading.book_cache import book_for_question
from ewtp.apps.rulebook.reading.version_rates import VersionRates
from ewtp.core.assessment.consignment import build_context
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.market.finder import MarketFinder

_TEXTS = "market_texts.json"


class _StoredFrames:
    """What the scalar path settles for all lines of a question, from the latest version of the database."""

    def __init__(self, published_at: datetime) -> None:
        self.vocabulary = vocabulary()
        self.rates = VersionRates(published_at).latest

    def frame(self, question: Question) -> ConsignmentContext:
        """What all lines of the question share."""
        return build_context(question, book_for_question(()), self.rates, hs_texts())


class _Kept:
    """The finder of the latest version that this process has read, and the version that it looked for last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._finder: MarketFinder | None = None
        self._reader: Thread | None = None
        self._looked_for = ""
        self._folder: Path | None = None
        self._published_at: datetime | None = None

    def finder(self, version: str) -> MarketFinder | None:
        """The finder of the version; None while there is none, and then it is read where it can be."""
        found = self._finder
        if found is not None and found.version == version:
            return found
        with self._lock:
            if self._looked_for != version:
                latest = rulebook.latest_version()
                if latest is None or latest.label != version:
                    return None
                self._looked_for, self._reader = version, None
                self._folder, self._published_at = home_path() / "compiled" / latest.digest, latest.published_at
            if self._reader is None and self._folder and self._published_at and (self._folder / _TEXTS).exists():
                scalar = _StoredFrames(self._published_at)
                self._reader = Thread(target=self._read, args=(self._folder, version, scalar), daemon=True)
                self._reader.start()
        return None

    def _read(self, folder: Path, version: str, scalar: _StoredFrames) -> None:
        """Read the compiled form; what it needs takes a second or two to load, which no page should wait for."""
        from ewtp.core.compiled.market.finder import MarketFinder  # noqa: PLC0415 - loads a compiler
        from ewtp.gateways.compiled_store.books import read_compiled  # noqa: PLC0415 - likewise
        from ewtp.gateways.compiled_store.market_texts import read_market_texts  # noqa: PLC0415 - likewise

        book, texts = read_compiled(folder), read_market_texts(folder)
        if book is None or texts is None or book.names.version != version:
            return
        # Texts go by the number of a rule, so they are of use only with the very book that they were written for.
        if len(texts.fields) == len(book.tables.measure_start) - 1:
            self._finder = MarketFinder(book, texts, scalar)

    def settle(self) -> None:
        """Wait until what is being read has been read."""
        if self._reader is not None:
            self._reader.join()


_KEPT = _Kept()


def market_finder(version: str) -> MarketFinder | None:
    """The compiled form's finder for a version, None where the scalar path has to answer."""
    return _KEPT.finder(version)


def market_finder_settle() -> None:
    """Wait for the compiled form that is being read, as a test does."""
    _KEPT.settle()
