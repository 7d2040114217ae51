"""A row of the market finder before it is answered: its destination on a day, and its request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import age_days
from ewtp.core.markets.market_row import MarketOutcome, MarketRow
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.markets.market_row import CodeResolved
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.territory import Territory
    from ewtp.core.values.refusal import Refusal


@immutable
class MarketDestination:
    """A destination on a day; ``number`` is -1 where the compiled book lacks it, ``schedule`` where none applies.

    ``preferred`` are the sources of exchange rates that it prefers.
    """

    number: int
    schedule: int
    tariff: Territory | None
    in_force: bool
    edition: str
    source: Source | None
    age_days: int | None
    preferred: tuple[str, ...]

    @property
    def has_tariff(self) -> bool:
        """Whether some tariff applies."""
        return self.tariff is not None


def describe_destination(
    destination: str, number: int, schedule: int, book: Book, day: date, *, in_force: bool
) -> MarketDestination:
    """A destination on a day, read from the territories of the book.

    ``schedule`` is its schedule on any day: a territory may apply that of another only from a day on.
    """
    territories = book.territories_of(destination, day)
    tariff = next((t for t in territories if t.nomenclature), None)
    source = tariff.schedule if tariff else None
    practice = next((p for t in territories if (p := t.practice("rate_source", day)) is not None), None)
    return MarketDestination(
        number,
        schedule if tariff else -1,
        tariff,
        in_force,
        tariff.hs_edition if tariff else "",
        source,
        age_days(source, day) if source else None,
        tuple(practice.value.split()) if practice else (),
    )


@dataclass(slots=True)
class RowRequest:
    """A row before the kernel runs: its national lines, and their numbers among the kernel's lines.

    ``ends`` are origin and destination; the row is about ``economy``, which is one of the two.
    """

    economy: str
    ends: tuple[str, str]
    destination: MarketDestination
    code: str
    resolved: CodeResolved | None
    codes: tuple[str, ...]
    lines: range
    unions: tuple[str, ...]

    def refuse(self, refusal: Refusal) -> MarketRow:
        """The row where the question cannot be answered."""
        return MarketRow(
            economy=self.economy,
            outcome=MarketOutcome.REFUSED,
            code=self.code,
            edition=self.destination.edition,
            unions=self.unions,
            resolved=self.resolved,
            lines=len(self.codes),
            schedule=self.destination.source,
            schedule_age_days=self.destination.age_days,
            refusal=refusal,
        )
