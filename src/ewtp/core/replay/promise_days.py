"""The days in which agencies promise the papers of all lines, before and after a change.

Days of different agencies are added up although they may run at the same time: the sum says how much is promised, not
how long goods wait.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.replay.aggregates import Sums
    from ewtp.core.rulebook.book import Book

PaperFields = tuple[str, ...]


@immutable
class PromisedDays:
    """Days before and after; the ``without`` papers have no promise on a side that asks for them: in neither sum."""

    before: int
    after: int
    without: int

    def as_json(self) -> dict[str, int]:
        """The days, their change, and the papers without a promise."""
        days = {"before": self.before, "after": self.after, "change": self.after - self.before}
        return {**days, "papers_without_promise": self.without}


def find_turns(*books: Book) -> tuple[date, ...]:
    """The days, in order, on which a promise of one of the books begins or has ended."""
    turns: set[date] = set()
    for book in books:
        for services in book.services.values():
            for service in services:
                turns.add(service.validity.start)
                if service.validity.end is not None and service.validity.end < date.max:
                    turns.add(service.validity.end + timedelta(days=1))
    return tuple(sorted(turns))


def count_promised(by_period: Sums, before: Book, after: Book) -> dict[PaperFields, PromisedDays]:
    """The days by paper (territory, agency, document); ``by_period`` is the tally's table of that name.

    Where only one side promises a time for a paper that both ask for, nobody knows what is saved.
    """
    found: dict[PaperFields, PromisedDays] = {}
    for (territory, agency, document, first), (was, is_now) in sorted(by_period.items()):
        day = date.fromisoformat(first)
        one, two = (book.promise(territory, agency, document, day) for book in (before, after))
        days = [0, 0, 0]
        if (was and one is None) or (is_now and two is None):
            days[2] = max(was, is_now)
        else:
            days[0] = was * one.days if one is not None else 0
            days[1] = is_now * two.days if two is not None else 0
        paper = (territory, agency, document)
        held = found.get(paper, PromisedDays(0, 0, 0))
        found[paper] = PromisedDays(held.before + days[0], held.after + days[1], held.without + days[2])
    return found


def add_promised(days: Iterable[PromisedDays]) -> PromisedDays:
    """The days of several papers together."""
    each = list(days)
    return PromisedDays(sum(d.before for d in each), sum(d.after for d in each), sum(d.without for d in each))


def promise_json(days: dict[PaperFields, PromisedDays] | None, paper: PaperFields) -> dict[str, Any] | None:
    """The days of one paper, null where no agency promises anything."""
    return None if not days or paper not in days else days[paper].as_json()
