"""The states of a row of the market finder: its destination, its request, its best claim, or what it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.answer import age_days
from ewtp.core.markets.market_row import MarketOutcome, MarketRow
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.core.assessment.exchange import RateTable, RateUsed
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.market.currency_converter import CurrencyConverter
    from ewtp.core.compiled.market.kernel_lines import KernelAnswers
    from ewtp.core.compiled.market.sentence_cache import SentenceCache, SentenceKey
    from ewtp.core.markets.market_row import CodeResolved
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.refusal import Refusal

# By line, then by number of claim: the saving and the list of lower duties.
OptionsByLine = dict[int, dict[int, tuple[int, int]]]


@immutable
class MarketDestination:
    """A destination on a day; ``number`` is -1 where the compiled book lacks it, ``schedule`` where none applies.

    ``preferred`` are the sources of exchange rates that it prefers.
    """

    number: int
    schedule: int
    has_tariff: bool
    in_force: bool
    edition: str
    source: Source | None
    age_days: int | None
    preferred: tuple[str, ...]


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
        tariff is not None,
        in_force,
        tariff.hs_edition if tariff else "",
        source,
        age_days(source, day) if source else None,
        tuple(practice.value.split()) if practice else (),
    )


@dataclass(slots=True)
class MarketDay:
    """The state that all questions about a day share; ``number`` counts days as Arrow does."""

    day: date
    number: int
    sentences: SentenceCache
    destinations: dict[str, MarketDestination] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rates: dict[tuple[str, str, tuple[str, ...]], RateUsed | None] = field(default_factory=dict)


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


@immutable
class BestClaim:
    """The claim that saves most: its savings by line, the first line and its list, and the lines that may claim it."""

    claim: int
    savings: tuple[int, ...]
    first: int
    listed: int
    open_lines: tuple[int, ...]


@immutable
class UnsettledRow:
    """A row for the scalar path, with the sentences and the option to learn from its answer.

    ``by_kernel`` says that the kernel did not settle the line; only then can the row not be built once the sentences
    are known.
    """

    missing: tuple[tuple[str, SentenceKey], ...] = ()
    option: SentenceKey | None = None
    by_kernel: bool = False


@dataclass(slots=True)
class QuestionAnswers:
    """A question with the kernel's answers; ``claimed`` has the answers with the best claim of each row.

    ``claimed_at`` gives the number in ``claimed`` of a line. ``terms`` is everything that the question states besides
    its ends and its code. ``texts`` and ``converters`` are filled on demand.
    """

    question: Question
    day: MarketDay
    answers: KernelAnswers
    book: Book
    rates: RateTable
    options: OptionsByLine
    terms: SentenceKey
    claimed: KernelAnswers | None = None
    claimed_at: Mapping[int, int] = field(default_factory=dict)
    texts: dict[int, list[Any]] = field(default_factory=dict)
    converters: dict[tuple[int, tuple[str, ...]], CurrencyConverter] = field(default_factory=dict)


def group_options(answers: KernelAnswers) -> OptionsByLine:
    """The options by line; a claim counts once, with the first rule that knows it."""
    options: OptionsByLine = {}
    for line, rows in groupby(answers.options, key=lambda option: option.line):
        own: dict[int, tuple[int, int]] = {}
        for option in rows:
            own.setdefault(option.claim, (option.saving, option.listed))
        options[line] = own
    return options
