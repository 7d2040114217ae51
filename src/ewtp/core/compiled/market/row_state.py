"""The states of a row of the market finder: its day and question, its best claim, or what it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ewtp.core.compiled.format.kernel_arrays import DECIMALS
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ewtp.core.assessment.exchange import RateTable, RateUsed
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.market.currency_converter import CurrencyConverter
    from ewtp.core.compiled.market.kernel_lines import KernelAnswers
    from ewtp.core.compiled.market.row_request import MarketDestination
    from ewtp.core.compiled.market.sentence_cache import SentenceCache, SentenceKey
    from ewtp.core.rulebook.book import Book

# By line, then by number of claim: the saving and the list of lower duties.
OptionsByLine = dict[int, dict[int, tuple[int, int]]]


@dataclass(slots=True)
class MarketDay:
    """The state that all questions about a day share; ``number`` counts days as Arrow does."""

    day: date
    number: int
    sentences: SentenceCache
    destinations: dict[str, MarketDestination] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rates: dict[tuple[str, str, tuple[str, ...]], RateUsed | None] = field(default_factory=dict)


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
    its ends and its code; ``currencies`` are those of answers, by number. ``texts`` and ``converters`` are filled on
    demand.
    """

    question: Question
    day: MarketDay
    answers: KernelAnswers
    book: Book
    rates: RateTable
    options: OptionsByLine
    terms: SentenceKey
    currencies: Sequence[str]
    claimed: KernelAnswers | None = None
    claimed_at: Mapping[int, int] = field(default_factory=dict)
    texts: dict[int, list[Any]] = field(default_factory=dict)
    converters: dict[tuple[int, tuple[str, ...]], CurrencyConverter] = field(default_factory=dict)

    def find_worth(self, line: int) -> Money:
        """The price of a line's goods in the currency of its answer; the finder's questions state no other cost."""
        answers = self.answers
        amount = answers.landed[line] - sum(amounts[line] for amounts in answers.totals.values())
        return Money(Decimal(amount).scaleb(-DECIMALS), self.currencies[answers.currency[line]])


def group_options(answers: KernelAnswers) -> OptionsByLine:
    """The options by line; a claim counts once, with the first rule that knows it."""
    options: OptionsByLine = {}
    for line, rows in groupby(answers.options, key=lambda option: option.line):
        own: dict[int, tuple[int, int]] = {}
        for option in rows:
            own.setdefault(option.claim, (option.saving, option.listed))
        options[line] = own
    return options
