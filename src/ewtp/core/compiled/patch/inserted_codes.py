"""Codes put among the entries of a compiled schedule: what held for the entry above holds for them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.format import entry_status
from ewtp.core.compiled.format.entry_key import MOST_DIGITS, SUBHEADING_DIGITS, entry_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.code_tree import Run

_LENGTH = 15


def code_of(key: int) -> str:
    """The code that ``entry_key`` made the key of."""
    return str(key >> 4).zfill(MOST_DIGITS)[: key & _LENGTH]


def places_below(keys: NDArray[np.int64], code: str) -> slice:
    """Where the entries are that start with a code; ``keys`` are those of one schedule."""
    first, last = entry_key(code), int(code.ljust(MOST_DIGITS, "9")) * 16 + _LENGTH
    return slice(int(np.searchsorted(keys, first)), int(np.searchsorted(keys, last, side="right")))


def missing_codes(keys: NDArray[np.int64], codes: Iterable[str]) -> list[str]:
    """The codes that are no entries yet, and the subheadings above them, in order."""
    wanted = set(codes)
    wanted |= {code[:SUBHEADING_DIGITS] for code in wanted if len(code) > SUBHEADING_DIGITS}
    ordered = sorted(wanted)
    sought = np.array([entry_key(code) for code in ordered], np.int64)
    # The first key of a schedule is that of the empty code, so that none is sought before it.
    held = keys[np.searchsorted(keys, sought, side="right") - 1] == sought
    return [code for code, there in zip(ordered, held.tolist(), strict=True) if not there]


def insert_entries(arrays: dict[str, Any], schedule: int, codes: list[str]) -> NDArray[np.int64]:
    """Make entries of the codes, which are in order and none yet; changes ``arrays``, not what is in them.

    Gives for every entry of the longer schedule its own place before, or that of the entry above it.
    """
    first, last = (int(place) for place in arrays["schedule_entry"][schedule : schedule + 2])
    inserting = _Inserting(arrays, slice(first, last), codes)
    for code in codes:
        inserting.insert(code)
    runs, entry_run = inserting.runs()
    arrays |= runs
    for name, rows in (
        ("entry_key", inserting.keys),
        ("entry_parent", inserting.parents.astype(np.int32)),
        ("entry_run", entry_run.astype(np.int32)),
    ):
        arrays[name] = np.concatenate([arrays[name][:first], rows, arrays[name][last:]])
    after = np.arange(len(arrays["schedule_entry"])) > schedule
    arrays["schedule_entry"] = (arrays["schedule_entry"] + after * len(codes)).astype(np.int32)
    return inserting.source


class _Inserting:
    """One schedule on its way; entries are counted from its first."""

    def __init__(self, arrays: dict[str, Any], where: slice, codes: list[str]) -> None:
        self._arrays = arrays
        old: NDArray[np.int64] = arrays["entry_key"][where]
        self.keys = np.sort(np.concatenate([old, np.array([entry_key(code) for code in codes], np.int64)]))
        self._moved = np.searchsorted(self.keys, old)
        self.source = np.zeros(len(self.keys), np.int64)
        self.source[self._moved] = np.arange(len(old))
        self.parents = np.zeros(len(self.keys), np.int64)
        self.parents[self._moved] = self._moved[arrays["entry_parent"][where]]
        self._run_of = np.zeros(len(self.keys), np.int64)
        self._run_of[self._moved] = arrays["entry_run"][where]
        self._is_old = np.zeros(len(self.keys), np.bool_)
        self._is_old[self._moved] = True
        self._runs: dict[int, Run] = {}

    def insert(self, code: str) -> None:
        """Tie one code in; those before it in order are tied in already."""
        at = int(np.searchsorted(self.keys, entry_key(code)))
        above = at - 1
        while not code.startswith(code_of(int(self.keys[above]))):
            above = int(self.parents[above])
        self.parents[at] = above
        self.source[at] = self.source[above]
        below = places_below(self.keys, code)
        children = np.arange(at + 1, below.stop)
        children = children[self._is_old[children] & (self.parents[children] == above)]
        self.parents[children] = at
        self._runs[at] = self._run_below(at, above, range(at + 1, below.stop if len(code) >= SUBHEADING_DIGITS else at))
        # A line that is the only one below an entry above lies further away now.
        while above:
            if above not in self._runs:
                self._runs[above] = self._stretched(above)
            above = int(self.parents[above])

    def runs(self) -> tuple[dict[str, Any], NDArray[np.int64]]:
        """The arrays of runs with the new ones behind, and each entry's run."""
        arrays = self._arrays
        entry_run = self._run_of.copy()
        numbers: dict[Run, int] = {}
        for place, run in self._runs.items():
            entry_run[place] = len(arrays["run_start"]) - 1 + numbers.setdefault(run, len(numbers))
        rows = [row for run in numbers for row in run]
        ends = np.cumsum([len(run) for run in numbers])
        found = {"run_start": np.concatenate([arrays["run_start"], arrays["run_start"][-1] + ends]).astype(np.int32)}
        for name, field in (("run_day", 0), ("run_status", 1), ("run_value", 2)):
            own = np.array([row[field] for row in rows], arrays[name].dtype)
            found[name] = np.concatenate([arrays[name], own])
        return found, entry_run

    def _run(self, place: int) -> Run:
        found = self._runs.get(place)
        if found is not None:
            return found
        first, last = self._arrays["run_start"][self._run_of[place] : self._run_of[place] + 2].tolist()
        fields = (self._arrays[name][first:last].tolist() for name in ("run_day", "run_status", "run_value"))
        return tuple(zip(*fields, strict=True))

    def _stretched(self, place: int) -> Run:
        before = int(self.source[place])
        return tuple(
            (day, status, int(self._moved[before + value]) - place if status == entry_status.ONE_BELOW else value)
            for day, status, value in self._run(place)
        )

    def _run_below(self, place: int, above: int, below: range) -> Run:
        """The run of a code that is no line, from those of the entry above it and of the lines below it."""
        over = self._run(above)
        lines = []
        for line in below:
            digits = int(self.keys[line]) & _LENGTH
            run = self._run(line) if self._is_old[line] else ()
            if any(row[1:] == (entry_status.COVERED, digits) for row in run):
                lines.append((line, digits, run))
        turns = {day for run in (over, *(run for _, _, run in lines)) for day, _, _ in run}
        found: list[tuple[int, int, int]] = []
        for day in sorted(turns):
            status, value = _state(over, day)
            if status not in (entry_status.COVERED, entry_status.NO_SCHEDULE):
                declared = [line for line, digits, run in lines if _state(run, day) == (entry_status.COVERED, digits)]
                status, value = (
                    (entry_status.ONE_BELOW, declared[0] - place) if len(declared) == 1 else (entry_status.UNSETTLED, 0)
                )
            if not found or found[-1][1:] != (status, value):
                found.append((day, status, value))
        return tuple(found)


def _state(run: Run, day: int) -> tuple[int, int]:
    """Status and value on a day."""
    # Every run begins on the first day of all.
    _, status, value = next(row for row in reversed(run) if row[0] <= day)
    return status, value
