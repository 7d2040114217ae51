"""A version's books with a change applied to each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ewtp.apps.rulebook.reading.bounded_maps import BoundedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.compiled.table.scalar_fallback import BookReader
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.overlay import Overlay
    from ewtp.core.rulebook.measure import Kind

_REMEMBERED = 20_000


class OverlaidReader:
    """Another reader's books with an overlay; ``coverage`` is that of the whole law with it."""

    def __init__(self, reader: BookReader, overlay: Overlay, coverage: Mapping[str, frozenset[Kind]]) -> None:
        self._reader = reader
        self._overlay = overlay
        self._coverage = coverage
        self._derived: BoundedDict[Any, Any] = BoundedDict(_REMEMBERED)

    @cached_property
    def frame(self) -> Book:
        """The reader's frame with the overlay."""
        return self._over(self._reader.frame)

    def covering(self, asked: Iterable[tuple[str, str]]) -> Book:
        """The law of (economy, code) pairs with the overlay."""
        return self._over(self._reader.covering(asked))

    def _over(self, book: Book) -> Book:
        overlaid = self._overlay.over(book, coverage=self._coverage)
        overlaid.derived = self._derived
        return overlaid
