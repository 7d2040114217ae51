"""The codes of a schedule as entries: every code that a line or a rule has, and when it is a declarable line.

An *entry* is a code of a schedule, in order; the first one is the empty code. What holds for an entry holds for
every code that starts with it and with no longer entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import entry_status
from ewtp.core.compiled.format.entry_key import MOST_DIGITS, SUBHEADING_DIGITS, entry_key
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, day_after, day_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.rulebook.territory import TariffLine, Territory

_SHORTEST_LINE = 4

# From a day on: the status, and for ONE_BELOW how far below the line's entry is, for COVERED the line's digits.
Run = tuple[tuple[int, int, int], ...]
_Period = tuple[int, int]
# Periods of lines that cover an entry or are below it, with their digits, or how far below they are.
_Cover = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The entries of a schedule, sorted, and for each the nearest entry that it starts with.

    ``tariff`` is None for those economies whose tariff is not known. ``places`` are where the codes stand, ``ends``
    where the entries end that start with each of them.
    """

    tariff: Territory | None
    codes: list[str]
    places: dict[str, int]
    keys: NDArray[np.int64]
    ends: NDArray[np.int64]
    parents: NDArray[np.int32]

    def owners(self, marked: Iterable[str]) -> NDArray[np.int32]:
        """For every entry, itself or the nearest entry above it that is marked; the first entry is always."""
        owner = np.full(len(self.codes), -1, np.int32)
        owner[0] = 0
        at = [self.places[code] for code in marked]
        owner[at] = at
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
    keys = np.array([entry_key(code) for code in ordered], np.int64)
    # The last key that starts with a code has nines for the digits that the code leaves open.
    open_digits = np.array([10 ** (MOST_DIGITS - digits) for digits in range(MOST_DIGITS + 1)], np.int64)
    ends = np.searchsorted(keys, ((keys >> 4) + open_digits[keys & 15] - 1 << 4) + 15, side="right")
    parents = np.zeros(len(ordered), np.int32)
    above: list[tuple[int, int]] = [(0, len(ordered))]
    for place, end in enumerate(ends.tolist()[1:], 1):
        while above[-1][1] <= place:
            above.pop()
        parents[place] = above[-1][0]
        above.append((place, end))
    return Schedule(tariff, ordered, {code: place for place, code in enumerate(ordered)}, keys, ends, parents)


def runs_of(schedule: Schedule, lines: Sequence[TariffLine], start: date | None, runs: Pool) -> list[int]:
    """For every entry the number of its run among ``runs``.

    A run says from which day on the entry is a line, leads to the one line below it, or does neither.
    """
    if schedule.tariff is None:
        return [runs.place(((FIRST_DAY, entry_status.NO_SCHEDULE, 0),))] * len(schedule.codes)
    periods = _periods(lines)
    declared = sorted(schedule.places[code] for code in periods)
    marks = np.zeros(len(schedule.codes) + 1, np.int64)
    marks[[place + 1 for place in declared]] = 1
    before = np.cumsum(marks)
    begin = day_number(start) if start is not None else None
    # Covers and the periods of lines, each kept once, under numbers.
    covers, owns = Pool(()), Pool(())
    cover_of: list[int] = []
    found: list[int] = []
    known: dict[tuple[int, ...], tuple[int, int]] = {}
    known_runs: dict[tuple[_Cover, _Cover], int] = {}
    rows = zip(schedule.codes, schedule.parents.tolist(), before.tolist(), before[schedule.ends].tolist(), strict=False)
    for place, (code, parent, low, high) in enumerate(rows):
        own = periods.get(code, ())
        above = cover_of[parent] if place else 0
        digits = len(code)
        # Nearly every entry has no line below it but the one that it may be itself.
        alone = high - low == (own != ()) or digits < SUBHEADING_DIGITS
        key = (above, owns.place(own), digits) if alone else ()
        both = known.get(key) if alone else None
        if both is None:
            cover: _Cover = covers.listed[above]
            if own and digits >= _SHORTEST_LINE:
                cover = (*((first, until, digits) for first, until in own), *cover)
            below: _Cover = ()
            if digits >= SUBHEADING_DIGITS:
                inner = [(line - place, schedule.codes[line]) for line in declared[low:high]]
                below = tuple([(first, until, away) for away, line in inner for first, until in periods[line]])
            run = known_runs.get((cover, below))
            if run is None:
                run = known_runs[cover, below] = runs.place(_run(cover, below, begin))
            both = (covers.place(cover), run)
            if alone:
                known[key] = both
        cover_of.append(both[0])
        found.append(both[1])
    return found


def _periods(lines: Sequence[TariffLine]) -> dict[str, tuple[_Period, ...]]:
    """For every code that is a line, from which day on and until before which one."""
    periods: dict[str, tuple[_Period, ...]] = {}
    known: dict[tuple[date, date | None], tuple[_Period]] = {}
    for line in lines:
        validity = line.validity
        days = (validity.start, validity.end)
        period = known.get(days)
        if period is None:
            end = day_after(days[1]) if days[1] is not None else None
            period = known[days] = ((day_number(days[0]), day_number(end) if end is not None else 2**31),)
        periods[line.code] = periods[line.code] + period if line.code in periods else period
    return periods


def _run(
    cover: _Cover,
    below: _Cover,
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
            state = (entry_status.COVERED, digits)
        elif begin is None or day < begin:
            state = (entry_status.NO_SCHEDULE, 0)
        elif len(found) == 1:
            state = (entry_status.ONE_BELOW, found[0])
        else:
            state = (entry_status.UNSETTLED, 0)
        if not run or run[-1][1:] != state:
            run.append((day, *state))
    return tuple(run)
