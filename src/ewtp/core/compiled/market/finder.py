"""The market finder on the compiled rulebook: one kernel run answers all rows, the scalar path the unsettled ones.

The rows equal those of ``core.markets.finder`` in every field.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.kernel.book_packer import pack_book
from ewtp.core.compiled.machine.epoch_days import day_number
from ewtp.core.compiled.market.kernel_lines import MarketKernel
from ewtp.core.compiled.market.open_statements import OpenStatementFinder
from ewtp.core.compiled.market.option_proofs import ProofFinder
from ewtp.core.compiled.market.row_builder import RowBuilder
from ewtp.core.compiled.market.row_request import MarketDestination, RowRequest, describe_destination
from ewtp.core.compiled.market.row_state import MarketDay, QuestionAnswers, UnsettledRow, group_options
from ewtp.core.compiled.market.sentence_cache import SentenceCache
from ewtp.core.compiled.market.set_texts import SetTexts
from ewtp.core.compiled.table.frames import FrameMaker, Framer
from ewtp.core.markets.finder import (
    by_best_cost,
    by_landed_cost,
    destinations,
    is_carried,
    scalar_row,
    six_digits,
    unknown_everywhere,
)
from ewtp.core.markets.market_row import CodeResolved, MarketRow
from ewtp.core.rulebook.correlation import EDITIONS, in_edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from ewtp.core.assessment.consignment import HsTexts
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.format.kernel_arrays import Frames, Lines
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.compiled.market.row_state import BestClaim
    from ewtp.core.compiled.market.texts import MarketTexts
    from ewtp.core.rulebook.book import Book
    from ewtp.core.values.refusal import Refusal

    # Returns the law on codes in economies, for rows of the scalar path; None where the rulebook has changed since.
    LawReader = Callable[[Sequence[tuple[str, str]]], Book | None]

_MOST_DAYS = 8
_MOST_FRAMES = 64
_NOT_IN_SCHEDULE = ("code_unknown", "code_wrong_edition")


class MarketFinder:
    """Finds markets and origins for questions, on one version of the rulebook; threads may share it.

    ``left`` is the number of rows of the last question that the scalar path answered.
    """

    def __init__(self, book: CompiledBook, texts: MarketTexts, scalar: FrameMaker) -> None:
        names, tables = book.names, book.tables
        self.version = names.version
        self.left = 0
        self._tables = tables
        self._scalar = scalar
        self._framer = Framer(book, scalar)
        self._numbers = {economy: number for number, economy in enumerate(names.economies)}
        self._kernel = MarketKernel(tables, pack_book(tables), names.quantities)
        self._builder = RowBuilder(names.claims, self._framer, SetTexts(tables, texts), ProofFinder(tables, texts))
        self._statements = OpenStatementFinder(tables, texts)
        self._days: OrderedDict[date, MarketDay] = OrderedDict()
        self._frames: OrderedDict[tuple[int, str, str], Frames] = OrderedDict()
        self._lock = Lock()
        self._destinations: tuple[str, ...] = ()

    def find_markets(
        self, question: Question, book: Book, texts: HsTexts, read_law: LawReader
    ) -> tuple[MarketRow, ...] | Refusal | None:
        """The rows of ``core.markets.finder.find_markets``; None where the caller has to ask that instead.

        ``book`` needs only the territories, the groups, the code in other editions, and the rules of origin of which
        some are not agreed; ``read_law`` returns the law for rows that the kernel does not settle.
        """
        asked = six_digits(question)
        missing = unknown_everywhere(asked, book, texts)
        if missing is not None:
            return missing
        if asked.lines[0].origin != asked.origin:
            # Each of the finder's lines originates where it is sent from.
            return None
        if not self._destinations:
            self._destinations = destinations(book)
        ends = [(economy, asked.origin, economy) for economy in self._destinations if economy != asked.origin]
        rows = self._find_rows(asked, ends, book, texts, read_law)
        return None if rows is None else tuple(sorted(rows, key=by_landed_cost))

    def find_origins(
        self,
        question: Question,
        origins: Iterable[str],
        book: Book,
        texts: HsTexts,
        read_law: LawReader,
    ) -> tuple[MarketRow, ...] | Refusal | None:
        """The rows of ``core.markets.finder.find_origins``, on the same terms as ``find_markets``."""
        asked = six_digits(question)
        missing = unknown_everywhere(asked, book, texts)
        if missing is not None:
            return missing
        ends = [(origin, origin, asked.destination) for origin in origins if origin != asked.destination]
        rows = self._find_rows(asked, ends, book, texts, read_law)
        return None if rows is None else tuple(sorted(rows, key=by_best_cost))

    def _find_rows(
        self,
        question: Question,
        ends: Sequence[tuple[str, str, str]],
        book: Book,
        texts: HsTexts,
        read_law: LawReader,
    ) -> list[MarketRow] | None:
        """The rows of ``ends`` (economy, origin, destination); None as in ``find_markets``."""
        if not ends:
            return []
        line = question.lines[0]
        if line.claims or line.parts or is_carried(question) or question.known_at:
            return None
        day = self._day(question.day)
        requests, lines = self._build_requests(question, ends, book, day)
        batch = self._kernel.build_lines(question, lines, day.number, texts)
        if batch is None:
            return None
        found, bests = self._ask_kernel(question, requests, batch, day, book)
        built = [self._builder.build_row(found, request, best) for request, best in zip(requests, bests, strict=True)]
        rows = [row for row in built if isinstance(row, MarketRow)]
        unsettled = [
            (request, row) for request, row in zip(requests, built, strict=True) if isinstance(row, UnsettledRow)
        ]
        refused: dict[int, Refusal] = {}
        # Where a schedule lacks the code, one row answers for a whole union, and the law of the others is not read.
        for part in _split_alike(unsettled):
            needed = [
                request for request, row in part if not (_is_alike(request, row) and _schedule(request) in refused)
            ]
            law = read_law(_codes_by_economy(line.hs, needed, book)) if needed else book
            if law is None or law.version != self.version:
                return None
            rows += [self._ask_scalar(found, request, row, law=(law, texts), refused=refused) for request, row in part]
        self.left = len(unsettled)
        return rows

    def _ask_kernel(
        self,
        question: Question,
        requests: Sequence[RowRequest],
        batch: Lines,
        day: MarketDay,
        book: Book,
    ) -> tuple[QuestionAnswers, list[BestClaim | None]]:
        """The kernel's answers, with the claim that saves most of each row."""
        line = question.lines[0]
        # Either all destinations are listed in the rulebook, or all rows have the same one.
        target = requests[0].ends[1]
        where = "" if target in self._destinations else target
        numbers = [request.destination.number for request in requests]
        frames = self._find_frames(day.number, line.value.currency, where, numbers)
        answers = self._kernel.assess(batch, frames)
        terms = (question.buyer, question.transport, line.value, tuple(line.quantities.items()))
        rates, currencies = self._scalar.rates, self._framer.currencies
        found = QuestionAnswers(question, day, answers, book, rates, group_options(answers), terms, currencies)
        bests = [self._builder.find_best_claim(found, request) for request in requests]
        again = [(number, best.claim) for best in bests if best for number in best.open_lines]
        if again:
            chosen, claims = zip(*again, strict=True)
            claiming = self._kernel.select_with_claims(batch, chosen, claims)
            found.claimed = self._kernel.assess(claiming, frames, options=False)
            found.claimed_at = {number: at for at, (number, _) in enumerate(again)}
        return found, bests

    def _ask_scalar(
        self,
        asked: QuestionAnswers,
        request: RowRequest,
        row: UnsettledRow,
        *,
        law: tuple[Book, HsTexts],
        refused: dict[int, Refusal],
    ) -> MarketRow:
        """The scalar path's row, unless the missing statements have been learnt from another row meanwhile.

        A code that a schedule lacks is refused alike for all economies that use the schedule; ``refused`` has such
        refusals by schedule.
        """
        if not row.by_kernel:
            again = self._builder.build_row(asked, request, self._builder.find_best_claim(asked, request))
            if isinstance(again, MarketRow):
                return again
            row = again
        schedule, is_alike = _schedule(request), _is_alike(request, row)
        if is_alike and schedule in refused:
            return request.refuse(refused[schedule])
        origin, destination = request.ends
        line = replace(asked.question.lines[0], origin=origin)
        question = replace(asked.question, origin=origin, destination=destination, lines=(line,))
        found = scalar_row(question, request.economy, law[0], self._scalar.rates, law[1])
        asked.day.sentences.learn(found, row.missing, row.option)
        if is_alike and found.refusal is not None and found.refusal.code in _NOT_IN_SCHEDULE:
            refused[schedule] = found.refusal
        return found

    def _build_requests(
        self, question: Question, ends: Sequence[tuple[str, str, str]], book: Book, day: MarketDay
    ) -> tuple[list[RowRequest], list[tuple[int, int, str]]]:
        """The requests of the rows, and the kernel's lines as origin, destination and code."""
        code = question.lines[0].hs
        by_schedule: dict[tuple[int, str], tuple[tuple[str, ...], CodeResolved | None]] = {}
        requests = []
        lines: list[tuple[int, int, str]] = []
        for economy, source, target in ends:
            destination = self._destination(target, book, day)
            key = (destination.schedule, destination.edition)
            known = by_schedule.get(key)
            if known is None:
                known = by_schedule[key] = self._find_codes(code, destination, book, day.number)
            codes, resolved = known
            first = len(lines)
            origin = self._numbers.get(source, -1)
            if destination.number >= 0 and origin >= 0:
                lines.extend([(origin, destination.number, each) for each in codes])
            unions = day.unions.get(economy)
            if unions is None:
                unions = tuple(t.code for t in book.territories_of(economy) if len(t.members) > 1)
                day.unions[economy] = unions
            used = resolved.used if resolved else code
            own = range(first, len(lines))
            requests.append(RowRequest(economy, (source, target), destination, used, resolved, codes, own, unions))
        return requests, lines

    def _find_codes(
        self, code: str, destination: MarketDestination, book: Book, day: int
    ) -> tuple[tuple[str, ...], CodeResolved | None]:
        """The national lines of six digits, converted to the tariff's edition where necessary."""
        has_tariff, schedule = destination.has_tariff, destination.schedule
        edition = destination.edition if has_tariff else EDITIONS[0]
        found = self._kernel.find_national_codes(schedule, code, day) if has_tariff else ()
        used = None
        if not found and (not has_tariff or destination.in_force):
            used = in_edition(book, code, edition)
            found = self._kernel.find_national_codes(schedule, used, day) if has_tariff and used else ()
        resolved = CodeResolved(code, used, edition) if used and (found or not has_tariff) else None
        return found or (resolved.used if resolved else code,), resolved

    def _destination(self, economy: str, book: Book, day: MarketDay) -> MarketDestination:
        found = day.destinations.get(economy)
        if found is None:
            number = self._numbers.get(economy, -1)
            schedule = int(self._tables.destination_schedule[number]) if number >= 0 else -1
            in_force = schedule >= 0 and int(self._tables.schedule_day[schedule]) <= day.number
            found = describe_destination(economy, number, schedule, book, day.day, in_force=in_force)
            day.destinations[economy] = found
        return found

    def _day(self, day: date) -> MarketDay:
        with self._lock:
            found = self._days.get(day)
            if found is None:
                found = MarketDay(day, day_number(day), SentenceCache(self._tables.outcome_unknowns, self._statements))
                self._days[day] = found
                while len(self._days) > _MOST_DAYS:
                    self._days.popitem(last=False)
            return found

    def _find_frames(self, day: int, currency: str, where: str, numbers: Sequence[int]) -> Frames:
        """The frames of all destinations, or of ``where``, which the rulebook does not list; cached."""
        key = (day, currency, where)
        with self._lock:
            found = self._frames.get(key)
            if found is None:
                listed = [self._numbers[e] for e in self._destinations if e in self._numbers]
                wanted = sorted({number for number in (numbers if where else listed) if number >= 0})
                pairs = [(number, 0) for number in wanted]
                found = self._frames[key] = self._framer.frames(pairs, (currency,), np.array([day], np.int32))
                while len(self._frames) > _MOST_FRAMES:
                    self._frames.popitem(last=False)
            return found


def _schedule(request: RowRequest) -> int:
    return request.destination.schedule


def _is_alike(request: RowRequest, row: UnsettledRow) -> bool:
    """Whether the row is refused like others of its schedule if the schedule lacks the code."""
    return row.by_kernel and _schedule(request) >= 0 and len(request.lines) == 1


def _split_alike(
    unsettled: Sequence[tuple[RowRequest, UnsettledRow]],
) -> Iterator[list[tuple[RowRequest, UnsettledRow]]]:
    """First the rows that may answer for others, and those that none answers for; then the others."""
    seen: set[int] = set()
    first: list[tuple[RowRequest, UnsettledRow]] = []
    rest: list[tuple[RowRequest, UnsettledRow]] = []
    for request, row in unsettled:
        alike = _is_alike(request, row)
        (rest if alike and _schedule(request) in seen else first).append((request, row))
        if alike:
            seen.add(_schedule(request))
    yield from (part for part in (first, rest) if part)


def _codes_by_economy(code: str, requests: Sequence[RowRequest], book: Book) -> list[tuple[str, str]]:
    """The codes, each with an economy, whose law the scalar path needs for these rows."""
    codes = sorted({code, *(c for request in requests for c in request.codes), *(each.code for each in requests)})
    codes += [name for edition in EDITIONS if (name := in_edition(book, code, edition)) and name not in codes]
    return [(economy, each) for request in requests for economy in request.ends for each in codes]
