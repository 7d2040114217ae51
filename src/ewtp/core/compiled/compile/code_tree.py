"""The code tree of a schedule: every code that a line or a rule has, and when each is a declarable line.

An *entry* is a code of a schedule; entries are sorted, and the first one is the empty code. The rules of an entry apply
to every code that begins with it and with no longer entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import entry_status
from ewtp.core.compiled.format.entry_key import LENGTH_BITS, LENGTH_MASK, MOST_DIGITS, SUBHEADING_DIGITS, entry_key
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, day_after, day_number
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.rulebook.territory import TariffLine, Territory

_SHORTEST_LINE = 4
_NO_END = 2**31

# The status of an entry over time: (first day, status, value), as ``entry_status`` describes status and value.
StatusRun = tuple[tuple[int, int, int], ...]
# First day, and the first day after the period.
_LineDays = tuple[int, int]
# Periods of lines above or at an entry with their digits, or of lines below it with their distance in entries.
_LinePeriods = tuple[tuple[int, int, int], ...]


@immutable
class CodeTree:
    """The entries of a schedule; arrays are indexed by entry.

    ``tariff`` is None where the tariff of the economies is unknown. ``numbers`` gives the entry of a code. ``ends`` is
    the first entry after those that begin with the entry's code, ``parents`` the longest entry that it begins with.
    """

    tariff: Territory | None
    codes: list[str]
    numbers: dict[str, int]
    keys: NDArray[np.int64]
    ends: NDArray[np.int64]
    parents: NDArray[np.int32]

    def find_marked(self, marked: Iterable[str]) -> NDArray[np.int32]:
        """By entry, the entry itself or its nearest ancestor among the ``marked`` codes; the root is always marked."""
        nearest = np.full(len(self.codes), -1, np.int32)
        nearest[0] = 0
        at = [self.numbers[code] for code in marked]
        nearest[at] = at
        unmarked = np.flatnonzero(nearest < 0)
        above = self.parents.copy()
        while len(unmarked):
            found = nearest[above[unmarked]]
            nearest[unmarked] = found
            unmarked = unmarked[found < 0]
            above[unmarked] = self.parents[above[unmarked]]
        return nearest


def build_code_tree(tariff: Territory | None, codes: Iterable[str]) -> CodeTree:
    """The tree of these codes and of the subheadings that the longer ones begin with."""
    wanted = {"", *codes}
    wanted |= {code[:SUBHEADING_DIGITS] for code in wanted if len(code) > SUBHEADING_DIGITS}
    ordered = sorted(wanted)
    keys = np.array([entry_key(code) for code in ordered], np.int64)
    # The last key that begins with a code has nines for the remaining digits.
    open_digits = np.array([10 ** (MOST_DIGITS - digits) for digits in range(MOST_DIGITS + 1)], np.int64)
    last = (keys >> LENGTH_BITS) + open_digits[keys & LENGTH_MASK] - 1
    ends = np.searchsorted(keys, (last << LENGTH_BITS) + LENGTH_MASK, side="right")
    parents = np.zeros(len(ordered), np.int32)
    above: list[tuple[int, int]] = [(0, len(ordered))]
    for entry, end in enumerate(ends.tolist()[1:], 1):
        while above[-1][1] <= entry:
            above.pop()
        parents[entry] = above[-1][0]
        above.append((entry, end))
    return CodeTree(tariff, ordered, {code: entry for entry, code in enumerate(ordered)}, keys, ends, parents)


def number_runs(tree: CodeTree, lines: Sequence[TariffLine], start: date | None, runs: Pool[StatusRun]) -> list[int]:
    """By entry, the number of its run in the pool ``runs``; ``start`` is the first day of the schedule."""
    if tree.tariff is None:
        return [runs.place(((FIRST_DAY, entry_status.NO_SCHEDULE, 0),))] * len(tree.codes)
    return _RunBuilder(tree, _read_periods(lines), start, runs).number_all()


class _RunBuilder:
    """Builds the runs of a tree's entries in order, so that a parent's cover is known before those of its children.

    The *cover* of an entry is the periods of lines whose codes it begins with, the longest code first.
    """

    def __init__(
        self, tree: CodeTree, periods: dict[str, tuple[_LineDays, ...]], start: date | None, runs: Pool[StatusRun]
    ) -> None:
        self._tree = tree
        self._periods = periods
        self._start = day_number(start) if start is not None else None
        self._runs = runs
        self._declared = sorted(tree.numbers[code] for code in periods)
        self._covers: Pool[_LinePeriods] = Pool(())
        # By cover and periods of lines below, the number of the run.
        self._known: dict[tuple[_LinePeriods, _LinePeriods], int] = {}

    def number_all(self) -> list[int]:
        """By entry, the number of its run."""
        tree, periods = self._tree, self._periods
        marks = np.zeros(len(tree.codes) + 1, np.int64)
        marks[[entry + 1 for entry in self._declared]] = 1
        before = np.cumsum(marks)
        owns: Pool[tuple[_LineDays, ...]] = Pool(())
        cover_of: list[int] = []
        found: list[int] = []
        known: dict[tuple[int, ...], tuple[int, int]] = {}
        rows = zip(tree.codes, tree.parents.tolist(), before.tolist(), before[tree.ends].tolist(), strict=False)
        for entry, (code, parent, low, high) in enumerate(rows):
            own = periods.get(code, ())
            above = cover_of[parent] if entry else 0
            # Nearly every entry has no line below it, apart from the line that it may be itself.
            if high - low == (own != ()) or len(code) < SUBHEADING_DIGITS:
                key = (above, owns.place(own), len(code))
                both = known.get(key)
                if both is None:
                    both = known[key] = self._cover_and_run(above, own, entry, range(low, high))
            else:
                both = self._cover_and_run(above, own, entry, range(low, high))
            cover_of.append(both[0])
            found.append(both[1])
        return found

    def _cover_and_run(self, above: int, own: tuple[_LineDays, ...], entry: int, inside: range) -> tuple[int, int]:
        """The numbers of an entry's cover and run; ``inside`` are the lines that begin with its code."""
        codes, digits = self._tree.codes, len(self._tree.codes[entry])
        cover: _LinePeriods = self._covers.listed[above]
        if own and digits >= _SHORTEST_LINE:
            cover = (*((first, until, digits) for first, until in own), *cover)
        below: _LinePeriods = ()
        if digits >= SUBHEADING_DIGITS:
            lines = [(line - entry, codes[line]) for line in self._declared[inside.start : inside.stop]]
            below = tuple([(first, until, away) for away, line in lines for first, until in self._periods[line]])
        run = self._known.get((cover, below))
        if run is None:
            run = self._known[cover, below] = self._runs.place(_build_run(cover, below, self._start))
        return self._covers.place(cover), run


def _read_periods(lines: Sequence[TariffLine]) -> dict[str, tuple[_LineDays, ...]]:
    """By code of a line, its periods of validity."""
    periods: dict[str, tuple[_LineDays, ...]] = {}
    known: dict[tuple[date, date | None], tuple[_LineDays]] = {}
    for line in lines:
        validity = line.validity
        days = (validity.start, validity.end)
        period = known.get(days)
        if period is None:
            end = day_after(days[1]) if days[1] is not None else None
            period = known[days] = ((day_number(days[0]), day_number(end) if end is not None else _NO_END),)
        periods[line.code] = periods[line.code] + period if line.code in periods else period
    return periods


def _build_run(cover: _LinePeriods, below: _LinePeriods, start: int | None) -> StatusRun:
    """The run of an entry from the lines that cover it and those below it; ``start`` is that of the schedule."""
    turns = {turn for first, until, _ in (*cover, *below) for turn in (first, until) if turn < _NO_END}
    if start is not None:
        turns.add(start)
    run: list[tuple[int, int, int]] = []
    for day in [FIRST_DAY, *sorted(turns)]:
        # The longest covering line comes first.
        digits = next((digits for first, until, digits in cover if first <= day < until), 0)
        found = [away for first, until, away in below if first <= day < until]
        if digits:
            state = (entry_status.COVERED, digits)
        elif start is None or day < start:
            state = (entry_status.NO_SCHEDULE, 0)
        elif len(found) == 1:
            state = (entry_status.ONE_BELOW, found[0])
        else:
            state = (entry_status.UNSETTLED, 0)
        if not run or run[-1][1:] != state:
            run.append((day, *state))
    return tuple(run)
