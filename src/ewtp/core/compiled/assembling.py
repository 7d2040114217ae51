"""The arrays of a compiled book, gathered piece by piece."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.entries import FIRST_DAY, SUBHEADING_DIGITS, Run, Schedule, day_number
from ewtp.core.compiled.tables import CompiledBook, Names, Tables, column
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.compiled.origins import Origins
    from ewtp.core.compiled.outcomes import Decider
    from ewtp.core.rulebook.book import Book

SUBHEADINGS = 10**SUBHEADING_DIGITS
# A day that is never reached: the schedule of a destination without one.
_NEVER = 2**31 - 1


class Draft:
    """Schedules, destinations, lists and spans as they are added."""

    def __init__(self) -> None:
        self.subheading_entry: list[NDArray[np.int32]] = []
        self.entry_digits: list[int] = []
        self.entry_tail: list[int] = []
        self.entry_below: list[int] = []
        self.entry_run: list[int] = []
        self.run_start: list[int] = [0]
        self.run_day: list[int] = []
        self.run_status: list[int] = []
        self.run_entry: list[int] = []
        self.schedule_entry: list[int] = []
        self.schedule_day: list[int] = []
        self.destinations: dict[str, tuple[int, int, int, int, int]] = {}
        self.rows: list[NDArray[np.int32]] = []
        self.lists: list[tuple[bool, bool, int, tuple[int, ...]]] = []
        self.list_spans: list[int] = []
        self.list_modes: list[int] = []
        self.span_day: list[int] = []
        self.span_classes: list[int] = []
        self.span_outcome: list[int] = []
        self.case_outcome: list[int] = []
        self._width = 0
        self._runs: dict[tuple[tuple[int, int, int], ...], int] = {}

    def add_schedule(self, schedule: Schedule, runs: list[Run], start: date | None) -> int:
        """Add a schedule's entries; returns its number."""
        codes = schedule.codes
        offset = len(self.entry_digits)
        places = {code: place for place, code in enumerate(codes)}
        for place, code in enumerate(codes):
            tail = code[SUBHEADING_DIGITS:]
            below = bisect_left(codes, code + ":") - place - 1
            self.entry_digits.append(len(code))
            self.entry_tail.append(int(tail) if tail else 0)
            self.entry_below.append(below if len(code) >= SUBHEADING_DIGITS else 0)
            self.entry_run.append(
                self._run(
                    tuple((day, status, places[target] - place) for day, status, target in runs[place]),
                ),
            )
        self.subheading_entry.append(_by_subheading(codes))
        self.schedule_entry.append(offset)
        self.schedule_day.append(day_number(start) if start else _NEVER)
        return len(self.schedule_entry) - 1

    def _run(self, run: tuple[tuple[int, int, int], ...]) -> int:
        """A run of days; its targets are counted from the entry, so that most entries share one."""
        number = self._runs.get(run)
        if number is None:
            number = self._runs[run] = len(self._runs)
            for day, status, target in run:
                self.run_day.append(day)
                self.run_status.append(status)
                self.run_entry.append(target)
            self.run_start.append(len(self.run_day))
        return number

    def add_destination(
        self,
        economy: str,
        schedule: int,
        rows: NDArray[np.int32],
        *,
        flags: int,
        unknowns: int,
        no_tax: int,
    ) -> None:
        """Add a destination; ``rows`` gives the list of each facet at each entry of its schedule."""
        self.destinations[economy] = (schedule, self._width, flags, unknowns, no_tax)
        # The four lists of an entry lie side by side, for a line reads all of them.
        self.rows.append(np.ascontiguousarray(rows.T).reshape(-1))
        self._width += rows.size

    def add_list(self, *, buyer: bool, transport: bool, currency: int, limits: tuple[int, ...]) -> None:
        """Begin a list; its spans follow."""
        self.lists.append((buyer, transport, currency, limits))
        self.list_spans.append(len(self.span_day))
        modes = (3 if buyer else 1) * (6 if transport else 1) * (2 * len(limits) + 1)
        self.list_modes.append(modes)

    def add_span(self, day: int, row: int, outcomes: list[int]) -> None:
        """From this day on, the outcome of each class of origins, mode by mode."""
        self.span_day.append(day)
        self.span_classes.append(row)
        self.span_outcome.append(len(self.case_outcome))
        self.case_outcome.extend(outcomes)


def _by_subheading(codes: list[str]) -> NDArray[np.int32]:
    """For each of the million subheadings, the longest entry of at most six digits that it starts with."""
    found = np.zeros(SUBHEADINGS, np.int32)
    # Shorter entries are written first, so that longer ones overwrite their part.
    for place in sorted(range(len(codes)), key=lambda place: len(codes[place])):
        code = codes[place]
        if code and len(code) <= SUBHEADING_DIGITS:
            low = int(code.ljust(SUBHEADING_DIGITS, "0"))
            found[low : low + 10 ** (SUBHEADING_DIGITS - len(code))] = place
    return found


def finished(
    draft: Draft,
    decider: Decider,
    origins: Origins,
    book: Book,
    *,
    economies: tuple[str, ...],
    exists: Callable[[str], bool],
) -> CompiledBook:
    """The draft as arrays."""
    count = len(economies)
    ordered = [draft.destinations[economy] for economy in economies]
    members = [{t.code for t in book.territories_of(e) if len(t.members) > 1} for e in economies]
    inside = np.array([[bool(a & b) for b in members] for a in members], np.bool_)
    exporting = {
        territory
        for (territory, _), rules in book.rules.items()
        if any(rule.measure.direction is Direction.EXPORT for rule in rules)
    }
    leaving = [any(t.code in exporting for t in book.territories_of(e)) for e in economies]
    listed = [exists(f"{number:06d}") for number in range(SUBHEADINGS)]
    programs = decider.programs.listed()
    instructions = [instruction for program in programs for instruction in program]
    outcomes = decider.outcomes.listed()
    dues = [due for outcome in outcomes for due in outcome.dues]
    limits = [limit for *_, own in draft.lists for limit in own]
    tables = Tables(
        subheading_entry=np.concatenate(draft.subheading_entry),
        entry_digits=column(draft.entry_digits, np.int8),
        entry_tail=column(draft.entry_tail, np.int64),
        entry_below=column(draft.entry_below, np.int32),
        entry_run=column(draft.entry_run, np.int32),
        run_start=column(draft.run_start, np.int32),
        run_day=column(draft.run_day, np.int32),
        run_status=column(draft.run_status, np.int8),
        run_entry=column(draft.run_entry, np.int32),
        subheading_exists=column(listed, np.bool_),
        destination_schedule=column([d[0] for d in ordered], np.int32),
        destination_lists=column([d[1] for d in ordered], np.int64),
        schedule_entry=column(draft.schedule_entry, np.int32),
        schedule_day=column(draft.schedule_day, np.int32),
        destination_unknowns=column([d[3] for d in ordered], np.int64),
        destination_no_tax=column([d[4] for d in ordered], np.int64),
        destination_flags=column([d[2] for d in ordered], np.int8),
        inside_union=np.ascontiguousarray(inside.reshape(count, count)),
        exports_rules=column(leaving, np.bool_),
        origin_is_union=column([len(book.members_of(e)) > 1 for e in economies], np.bool_),
        entry_list=np.concatenate(draft.rows),
        list_spans=column([*draft.list_spans, len(draft.span_day)], np.int32),
        list_modes=column(draft.list_modes, np.int32),
        list_buyer=column([own[0] for own in draft.lists], np.bool_),
        list_transport=column([own[1] for own in draft.lists], np.bool_),
        list_currency=column([own[2] for own in draft.lists], np.int32),
        list_limits=_starts([len(own[3]) for own in draft.lists]),
        limit_minor=column(limits, np.int64),
        span_day=column(draft.span_day, np.int32),
        span_classes=column(draft.span_classes, np.int32),
        span_outcome=column(draft.span_outcome, np.int32),
        origin_class=column(origins.rows.listed(), np.int16).reshape(-1),
        case_outcome=column(draft.case_outcome, np.int32),
        outcome_dues=_starts([len(outcome.dues) for outcome in outcomes]),
        outcome_unknowns=column([outcome.unknowns for outcome in outcomes], np.int64),
        outcome_tax_unknowns=column([outcome.tax_unknowns for outcome in outcomes], np.int64),
        outcome_flags=column([outcome.flags for outcome in outcomes], np.int8),
        outcome_sets=column([outcome.sets for outcome in outcomes], np.int32).reshape(-1, 4),
        due_fields=column([(*due[:4], due[6]) for due in dues], np.int32).reshape(-1, 5),
        due_bounds=column([due[4:6] for due in dues], np.int64).reshape(-1, 2),
        program_start=_starts([len(program) for program in programs]),
        instruction_fields=column([(i[0], i[2], i[3]) for i in instructions], np.int32).reshape(-1, 3),
        instruction_figure=column([i[1] for i in instructions], np.int64),
    )
    names = Names(
        book.version,
        economies,
        decider.currencies.listed(),
        decider.quantities.listed(),
        tuple(" ".join(sorted(ids)) for ids in decider.sets.listed()),
    )
    assert draft.span_day[0] == FIRST_DAY  # noqa: S101 - every list begins with the time before anything is in force
    return CompiledBook(names, tables)


def _starts(lengths: list[int]) -> NDArray[np.int32]:
    """Where each of several runs begins, and where the last one ends."""
    starts: NDArray[np.int32] = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]).astype(np.int32)
    return starts
