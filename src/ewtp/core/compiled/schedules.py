"""The codes of a schedule as entries: every code that a line or a rule has, and when it is a declarable line.

An *entry* is a code of a schedule, in order; the first one is the empty code. What holds for an entry holds for
every code that starts with it and with no longer entry.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.days import FIRST_DAY, day_after, day_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.rulebook.territory import TariffLine, Territory

SUBHEADING_DIGITS = 6
MOST_DIGITS = 14
_SHORTEST_LINE = 4
UNSETTLED, COVERED, ONE_BELOW, NO_SCHEDULE = range(4)

# From a day on: the status, and for ONE_BELOW how far below the line's entry is, for COVERED the line's digits.
Run = tuple[tuple[int, int, int], ...]
_Period = tuple[int, int]


def entry_key(code: str) -> int:
    """A number in the order of the codes: their digits, filled up, then how many there are."""
    return int(code.ljust(MOST_DIGITS, "0")) * 16 + len(code) if code else 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The entries of a schedule, sorted, and for each the nearest entry that it starts with.

    ``tariff`` is None for those economies whose tariff is not known.
    """

    tariff: Territory | None
    codes: list[str]
    parents: NDArray[np.int32]

    def owners(self, marked: Iterable[str]) -> NDArray[np.int32]:
        """For every entry, itself or the nearest entry above it that is marked; the first entry is always."""
        places = {code: place for place, code in enumerate(self.codes)}
        owner = np.full(len(self.codes), -1, np.int32)
        owner[0] = 0
        for code in marked:
            owner[places[code]] = places[code]
        open_ones = np.flatnonzero(owner < 0)
        above = self.parents.copy()
        while len(open_ones):
            found = owner[above[open_ones]]
            owner[open_ones] = found
            open_ones = open_ones[found < 0]
            above[open_ones] = self.parents[above[open_ones]]
        return owner


def make_schedule(tariff: Territory | None, codes: Iterable[str]) -> Schedule:
    """A schedule with these codes and the subheadings above the longer ones."""
    wanted = {"", *codes}
    wanted |= {code[:SUBHEADING_DIGITS] for code in wanted if len(code) > SUBHEADING_DIGITS}
    ordered = sorted(wanted)
    parents = np.zeros(len(ordered), np.int32)
    above: list[int] = []
    for place, code in enumerate(ordered):
        while above and not code.startswith(ordered[above[-1]]):
            above.pop()
        parents[place] = above[-1] if above else 0
        above.append(place)
    return Schedule(tariff, ordered, parents)


def runs_of(schedule: Schedule, lines: Sequence[TariffLine], start: date | None) -> Iterator[Run]:
    """For every entry, from which day on it is a line, leads to the one line below it, or neither."""
    if schedule.tariff is None:
        for _ in schedule.codes:
            yield ((FIRST_DAY, NO_SCHEDULE, 0),)
        return
    periods: dict[str, list[_Period]] = {}
    for line in lines:
        end = day_after(line.validity.end) if line.validity.end is not None else None
        until = day_number(end) if end is not None else 2**31
        periods.setdefault(line.code, []).append((day_number(line.validity.start), until))
    declared = sorted(periods)
    places = {code: place for place, code in enumerate(schedule.codes)}
    known: dict[tuple[object, ...], Run] = {}
    covers: list[tuple[tuple[int, int, int], ...]] = []
    begin = day_number(start) if start is not None else None
    for place, code in enumerate(schedule.codes):
        cover = covers[schedule.parents[place]] if place else ()
        if code in periods and len(code) >= _SHORTEST_LINE:
            cover = (*((first, until, len(code)) for first, until in periods[code]), *cover)
        covers.append(cover)
        below: tuple[tuple[int, int, int], ...] = ()
        if len(code) >= SUBHEADING_DIGITS:
            low, high = bisect_left(declared, code), bisect_left(declared, code + ":")
            below = tuple(
                (first, until, places[own] - place) for own in declared[low:high] for first, until in periods[own]
            )
        key = (cover, below)
        if key not in known:
            known[key] = _run(cover, below, begin)
        yield known[key]


def _run(
    cover: tuple[tuple[int, int, int], ...],
    below: tuple[tuple[int, int, int], ...],
    begin: int | None,
) -> Run:
    turns = {turn for first, until, _ in (*cover, *below) for turn in (first, until) if turn < 2**31}
    if begin is not None:
        turns.add(begin)
    run: list[tuple[int, int, int]] = []
    for day in [FIRST_DAY, *sorted(turns)]:
        # The longest covering line comes first.
        digits = next((digits for first, until, digits in cover if first <= day < until), 0)
        found = [away for first, until, away in below if first <= day < until]
        if digits:
            state = (COVERED, digits)
        elif begin is None or day < begin:
            state = (NO_SCHEDULE, 0)
        elif len(found) == 1:
            state = (ONE_BELOW, found[0])
        else:
            state = (UNSETTLED, 0)
        if not run or run[-1][1:] != state:
            run.append((day, *state))
    return tuple(run)
