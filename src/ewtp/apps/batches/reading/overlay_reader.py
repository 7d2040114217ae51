"""A version's books with a change applied to each."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ewtp.apps.http.reading.lru_map import BoundedDict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.compiled.table.scalar_fallback import BookReader
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.overlay import Overlay

_REMEMBERED = 20_000


class OverlaidReader:
    """Another reader's books with an overlay; ``after`` has the coverage and the schedules of the whole law with it."""

    def __init__(self, reader: BookReader, overlay: Overlay, after: Book) -> None:
        self._reader = reader
        self._overlay = overlay
        self._after = after
        self._derived: BoundedDict[Any, Any] = BoundedDict(_REMEMBERED)
        self._groups_of: BoundedDict[tuple[str, date], frozenset[str]] = BoundedDict(_REMEMBERED)

    @cached_property
    def frame(self) -> Book:
        """The reader's frame with the overlay."""
        return self._over(self._reader.frame)

    def read_book(self, asked: Iterable[tuple[str, str]]) -> Book:
        """The law of (economy, code) pairs with the overlay."""
        return self._over(self._reader.read_book(asked))

    def _over(self, book: Book) -> Book:
        after = self._after
        overlaid = self._overlay.over(book, coverage=after.coverage, schedule_starts=after.schedule_starts)
        return replace(overlaid, derived=self._derived, _groups_of=self._groups_of)
