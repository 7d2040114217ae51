"""The law that applies on entry to an economy: whole territories, and those that lend theirs but for its taxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.rulebook.territorial_status import LATEST, is_tax_law

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure


class EntryLaw(NamedTuple):
    """A territory whose law applies, by its code; ``is_lent`` says that its taxes do not."""

    territory: str
    is_lent: bool = False

    def has(self, measure: Measure) -> bool:
        """Whether a measure of the territory applies."""
        return not (self.is_lent and is_tax_law(measure))


def list_entry_law(book: Book, economy: str) -> tuple[EntryLaw, ...]:
    """The law that applies on entry to an economy on every day since it stands where it does now, by territory."""
    lent = book.find_untaxed(economy, LATEST)
    return tuple(EntryLaw(t.code, t.code in lent) for t in book.territories_of(economy, LATEST))
