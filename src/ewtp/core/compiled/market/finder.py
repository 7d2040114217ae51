"""The market finder on the compiled rulebook: one pass of the kernel for all rows, the scalar path for what it leaves.

The rows are those of ``core.assessment.markets``, field by field.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.kernel.book_packer import pack_book
from ewtp.core.compiled.machine.epoch_days import day_number
from ewtp.core.compiled.market.lines import Lister
from ewtp.core.compiled.market.row_builder import Built, Day, Draft, Left, Place, RowBuilder, options_of, place_of
from ewtp.core.compiled.market.sentence_cache import Sentences, SetTexts
from ewtp.core.compiled.table.frames import FrameMaker, Framer
from ewtp.core.markets.finder import (
    EDITIONS,
    by_best_cost,
    by_landed_cost,
    destinations,
    in_edition,
    scalar_row,
    six_digits,
    unknown_everywhere,
)
from ewtp.core.markets.market_row import CodeResolved, MarketRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from ewtp.core.assessment.consignment import HsTexts
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.format.kernel_arrays import Frames
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.compiled.market.texts import MarketTexts
    from ewtp.core.rulebook.book import Book
    from ewtp.core.values.refusal import Refusal

_DAYS_KEPT = 8
_FRAMES_KEPT = 64
_NOT_IN_SCHEDULE = ("code_unknown", "code_wrong_edition")
if TYPE_CHECKING:
    # Gives the law on codes in economies for rows that the scalar path has to answer; None once that has changed.
    More = Callable[[Sequence[tuple[str, str]]], Book | None]


class MarketFinder:
    """Finds markets and origins for questions, on one version of the rulebook; threads may share it."""

    def __init__(self, book: CompiledBook, texts: MarketTexts, scalar: FrameMaker) -> None:
        names, tables = book.names, book.tables
        self.version = names.version
        self._tables = tables
        self._scalar = scalar
        self._framer = Framer(book, scalar)
        self._number = {economy: place for place, economy in enumerate(names.economies)}
        self._lister = Lister(tables, pack_book(tables), names.quantities, len(names.currencies))
        self._builder = RowBuilder(names.claims, self._framer, SetTexts(tables, texts))
        self._days: OrderedDict[date, Day] = OrderedDict()
        self._frames: OrderedDict[tuple[int, str, str], Frames] = OrderedDict()
        self._lock = Lock()
        self._destinations: tuple[str, ...] = ()
        # How many rows of the last question the scalar path answered.
        self.left = 0

    def find_markets(
        self, question: Question, book: Book, texts: HsTexts, more: More
    ) -> tuple[MarketRow, ...] | Refusal | None:
        """The rows of ``core.assessment.markets.find_markets``; None where that has to be asked.

        ``book`` needs hold only the territories, the groups and what other editions call the code; ``more`` gives the
        law on codes in economies for rows that the kernel leaves, or None where the rulebook has changed.
        """
        asked = six_digits(question)
        missing = unknown_everywhere(asked, book, texts)
        if missing is not None:
            return missing
        if not self._destinations:
            self._destinations = destinations(book)
        ends = [(economy, asked.origin, economy) for economy in self._destinations if economy != asked.origin]
        rows = self._rows(asked, ends, book, texts, more)
        return None if rows is None else tuple(sorted(rows, key=by_landed_cost))

    def find_origins(
        self,
        question: Question,
        origins: Iterable[str],
        book: Book,
        texts: HsTexts,
        more: More,
    ) -> tuple[MarketRow, ...] | Refusal | None:
        """The rows of ``core.assessment.markets.find_origins``, on the same terms."""
        asked = six_digits(question)
        missing = unknown_everywhere(asked, book, texts)
        if missing is not None:
            return missing
        ends = [(origin, origin, asked.destination) for origin in origins if origin != asked.destination]
        rows = self._rows(asked, ends, book, texts, more)
        return None if rows is None else tuple(sorted(rows, key=by_best_cost))

    def _rows(
        self,
        asked: Question,
        ends: Sequence[tuple[str, str, str]],
        book: Book,
        texts: HsTexts,
        more: More,
    ) -> list[MarketRow] | None:
        if not ends:
            return []
        line = asked.lines[0]
        if line.claims or line.parts or asked.freight or asked.insurance or asked.known_at:
            return None
        day = self._day(asked.day)
        drafts, lines = self._drafts(asked, ends, book, day)
        batch = self._lister.lines(asked, lines, day.number, texts)
        if batch is None:
            return None
        where = "" if ends[0][2] in self._destinations else ends[0][2]
        frames = self._frames_of(day.number, line.value.currency, where, [draft.place.number for draft in drafts])
        found = self._lister.assessed(batch, frames)
        terms = (asked.buyer, asked.transport, line.value, tuple(line.quantities.items()))
        built = Built(asked, day, found, book, self._scalar.rates, options_of(found), terms)
        bests = [self._builder.best(built, draft) for draft in drafts]
        again = [(number, best.claim) for best in bests if best for number in best.open_lines]
        if again:
            chosen, claims = zip(*again, strict=True)
            built.claimed = self._lister.assessed(self._lister.claiming(batch, chosen, claims), frames, options=False)
            built.claimed_at = {number: place for place, (number, _) in enumerate(again)}
        made = [self._builder.row(built, draft, best) for draft, best in zip(drafts, bests, strict=True)]
        rows = [row for row in made if isinstance(row, MarketRow)]
        left = [(draft, row) for draft, row in zip(drafts, made, strict=True) if isinstance(row, Left)]
        if left:
            codes = sorted(
                {line.hs, *(c for draft, _ in left for c in draft.codes), *(draft.code for draft, _ in left)}
            )
            codes += [
                name for edition in EDITIONS if (name := in_edition(book, line.hs, edition)) and name not in codes
            ]
            wider = more([(economy, code) for draft, _ in left for economy in draft.ends for code in codes])
            if wider is None or wider.version != self.version:
                return None
            refused: dict[int, Refusal] = {}
            rows += [self._left(built, draft, row, law=(wider, texts), refused=refused) for draft, row in left]
        self.left = len(left)
        return rows

    def _left(
        self, built: Built, draft: Draft, row: Left, *, law: tuple[Book, HsTexts], refused: dict[int, Refusal]
    ) -> MarketRow:
        """The scalar path's row, unless what was missing has been learnt from another row meanwhile.

        A code that one schedule does not have is refused in the same words for everybody who uses the schedule.
        """
        if not row.unsettled:
            again = self._builder.row(built, draft, self._builder.best(built, draft))
            if isinstance(again, MarketRow):
                return again
            row = again
        alike = row.unsettled and draft.place.schedule >= 0 and len(draft.lines) == 1
        if alike and draft.place.schedule in refused:
            return draft.refused(refused[draft.place.schedule])
        source, destination = draft.ends
        line = replace(built.asked.lines[0], origin=source)
        question = replace(built.asked, origin=source, destination=destination, lines=(line,))
        scalar = scalar_row(question, draft.economy, law[0], self._scalar.rates, law[1])
        built.day.sentences.learn(scalar, row.missing, row.option)
        if alike and scalar.refusal is not None and scalar.refusal.code in _NOT_IN_SCHEDULE:
            refused[draft.place.schedule] = scalar.refusal
        return scalar

    def _drafts(
        self, asked: Question, ends: Sequence[tuple[str, str, str]], book: Book, day: Day
    ) -> tuple[list[Draft], list[tuple[int, int, str]]]:
        """What is known of each row before the kernel is asked, and the kernel's lines."""
        code = asked.lines[0].hs
        by_schedule: dict[tuple[int, str], tuple[tuple[str, ...], CodeResolved | None]] = {}
        drafts = []
        lines: list[tuple[int, int, str]] = []
        for economy, source, destination in ends:
            place = self._place(destination, book, day)
            key = (place.schedule, place.edition)
            known = by_schedule.get(key)
            if known is None:
                known = by_schedule[key] = self._codes(code, place, book, day.number)
            codes, resolved = known
            first = len(lines)
            origin = self._number.get(source, -1)
            if place.number >= 0 and origin >= 0:
                lines.extend([(origin, place.number, each) for each in codes])
            unions = day.unions.get(economy)
            if unions is None:
                unions = tuple(t.code for t in book.territories_of(economy) if len(t.members) > 1)
                day.unions[economy] = unions
            used = resolved.used if resolved else code
            drafts.append(
                Draft(economy, (source, destination), place, used, resolved, codes, range(first, len(lines)), unions)
            )
        return drafts, lines

    def _codes(self, code: str, place: Place, book: Book, day: int) -> tuple[tuple[str, ...], CodeResolved | None]:
        """The national lines that the six digits may mean, after a step to the tariff's edition if need be."""
        edition = place.edition if place.tariff else EDITIONS[0]
        found = self._lister.national_codes(place.schedule, code, day) if place.tariff else ()
        used = None
        if not found and (not place.tariff or place.in_force):
            used = in_edition(book, code, edition)
            found = self._lister.national_codes(place.schedule, used, day) if place.tariff and used else ()
        resolved = CodeResolved(code, used, edition) if used and (found or not place.tariff) else None
        return found or (resolved.used if resolved else code,), resolved

    def _place(self, destination: str, book: Book, day: Day) -> Place:
        found = day.places.get(destination)
        if found is None:
            number = self._number.get(destination, -1)
            schedule = int(self._tables.destination_schedule[number]) if number >= 0 else -1
            in_force = schedule >= 0 and int(self._tables.schedule_day[schedule]) <= day.number
            found = day.places[destination] = place_of(destination, number, schedule, book, day.day, in_force=in_force)
        return found

    def _day(self, day: date) -> Day:
        with self._lock:
            found = self._days.get(day)
            if found is None:
                found = self._days[day] = Day(day, day_number(day), Sentences(self._tables.outcome_unknowns))
                while len(self._days) > _DAYS_KEPT:
                    self._days.popitem(last=False)
            return found

    def _frames_of(self, day: int, currency: str, where: str, numbers: Sequence[int]) -> Frames:
        """The frames of all destinations, or of one that the rulebook does not know, kept for questions to come."""
        key = (day, currency, where)
        with self._lock:
            found = self._frames.get(key)
            if found is None:
                all_of_them = [self._number[e] for e in self._destinations if e in self._number]
                wanted = sorted({number for number in (numbers if where else all_of_them) if number >= 0})
                pairs = [(number, 0) for number in wanted]
                found = self._frames[key] = self._framer.frames(pairs, (currency,), np.array([day], np.int32))
                while len(self._frames) > _FRAMES_KEPT:
                    self._frames.popitem(last=False)
            return found
