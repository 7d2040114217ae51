"""Inserts codes into the code tree of a compiled schedule; rules of the entry above apply to the new entries, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.format import entry_status
from ewtp.core.compiled.format.entry_key import LENGTH_BITS, LENGTH_MASK, MOST_DIGITS, SUBHEADING_DIGITS, entry_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.code_tree import StatusRun


def decode_key(key: int) -> str:
    """The code whose ``entry_key`` is the key."""
    return str(key >> LENGTH_BITS).zfill(MOST_DIGITS)[: key & LENGTH_MASK]


def find_entries_below(keys: NDArray[np.int64], code: str) -> slice:
    """The entries that begin with a code; ``keys`` are those of one schedule."""
    first = entry_key(code)
    last = (int(code.ljust(MOST_DIGITS, "9")) << LENGTH_BITS) + LENGTH_MASK
    return slice(int(np.searchsorted(keys, first)), int(np.searchsorted(keys, last, side="right")))


def find_missing_codes(keys: NDArray[np.int64], codes: Iterable[str]) -> list[str]:
    """The codes, and the subheadings above them, that are not entries yet, in order."""
    wanted = set(codes)
    wanted |= {code[:SUBHEADING_DIGITS] for code in wanted if len(code) > SUBHEADING_DIGITS}
    ordered = sorted(wanted)
    sought = np.array([entry_key(code) for code in ordered], np.int64)
    # The first key of a schedule is that of the empty code, so none is sought before it.
    held = keys[np.searchsorted(keys, sought, side="right") - 1] == sought
    return [code for code, there in zip(ordered, held.tolist(), strict=True) if not there]


def insert_entries(arrays: dict[str, Any], schedule: int, codes: list[str]) -> NDArray[np.int64]:
    """Insert codes, in order and without duplicates of entries; replaces items of ``arrays``, never their contents.

    Returns for every entry of the longer schedule its own former number, or that of the entry above it.
    """
    first, last = (int(entry) for entry in arrays["schedule_entry"][schedule : schedule + 2])
    inserter = _EntryInserter(arrays, slice(first, last), codes)
    for code in codes:
        inserter.insert(code)
    runs, entry_run = inserter.build_runs()
    arrays |= runs
    for name, rows in (
        ("entry_key", inserter.keys),
        ("entry_parent", inserter.parents.astype(np.int32)),
        ("entry_run", entry_run.astype(np.int32)),
    ):
        arrays[name] = np.concatenate([arrays[name][:first], rows, arrays[name][last:]])
    after = np.arange(len(arrays["schedule_entry"])) > schedule
    arrays["schedule_entry"] = (arrays["schedule_entry"] + after * len(codes)).astype(np.int32)
    return inserter.source


class _EntryInserter:
    """Inserts codes into one schedule; entries are numbered from its first.

    ``source`` has for every new entry number the former number of the entry, or of the nearest former entry above it.
    """

    def __init__(self, arrays: dict[str, Any], where: slice, codes: list[str]) -> None:
        self._arrays = arrays
        old: NDArray[np.int64] = arrays["entry_key"][where]
        self.keys = np.sort(np.concatenate([old, np.array([entry_key(code) for code in codes], np.int64)]))
        # By former entry, its new number.
        self._moved = np.searchsorted(self.keys, old)
        self.source = np.zeros(len(self.keys), np.int64)
        self.source[self._moved] = np.arange(len(old))
        self.parents = np.zeros(len(self.keys), np.int64)
        self.parents[self._moved] = self._moved[arrays["entry_parent"][where]]
        self._run_of = np.zeros(len(self.keys), np.int64)
        self._run_of[self._moved] = arrays["entry_run"][where]
        self._is_old = np.zeros(len(self.keys), np.bool_)
        self._is_old[self._moved] = True
        # The runs that differ from the former ones, by entry.
        self._runs: dict[int, StatusRun] = {}

    def insert(self, code: str) -> None:
        """Link one code into the tree; the codes before it in order are linked already."""
        at = int(np.searchsorted(self.keys, entry_key(code)))
        above = at - 1
        while not code.startswith(decode_key(int(self.keys[above]))):
            above = int(self.parents[above])
        self.parents[at] = above
        self.source[at] = self.source[above]
        below = find_entries_below(self.keys, code)
        children = np.arange(at + 1, below.stop)
        children = children[self._is_old[children] & (self.parents[children] == above)]
        self.parents[children] = at
        self._runs[at] = self._build_run(at, above, range(at + 1, below.stop if len(code) >= SUBHEADING_DIGITS else at))
        # Where an entry above has a single line below it, the distance of that line has grown.
        while above:
            if above not in self._runs:
                self._runs[above] = self._stretch_run(above)
            above = int(self.parents[above])

    def build_runs(self) -> tuple[dict[str, Any], NDArray[np.int64]]:
        """The arrays of runs with the new ones appended, and each entry's run."""
        arrays = self._arrays
        entry_run = self._run_of.copy()
        numbers: dict[StatusRun, int] = {}
        for entry, run in self._runs.items():
            entry_run[entry] = len(arrays["run_start"]) - 1 + numbers.setdefault(run, len(numbers))
        rows = [row for run in numbers for row in run]
        ends = np.cumsum([len(run) for run in numbers])
        found = {"run_start": np.concatenate([arrays["run_start"], arrays["run_start"][-1] + ends]).astype(np.int32)}
        for name, field in (("run_day", 0), ("run_status", 1), ("run_value", 2)):
            own = np.array([row[field] for row in rows], arrays[name].dtype)
            found[name] = np.concatenate([arrays[name], own])
        return found, entry_run

    def _read_run(self, entry: int) -> StatusRun:
        found = self._runs.get(entry)
        if found is not None:
            return found
        first, last = self._arrays["run_start"][self._run_of[entry] : self._run_of[entry] + 2].tolist()
        fields = (self._arrays[name][first:last].tolist() for name in ("run_day", "run_status", "run_value"))
        return tuple(zip(*fields, strict=True))

    def _stretch_run(self, entry: int) -> StatusRun:
        """The run of a former entry with the new distances of the lines below it."""
        before = int(self.source[entry])
        return tuple(
            (day, status, int(self._moved[before + value]) - entry if status == entry_status.ONE_BELOW else value)
            for day, status, value in self._read_run(entry)
        )

    def _build_run(self, entry: int, above: int, below: range) -> StatusRun:
        """The run of a code that is not a line, from the runs of the entry above it and of the lines below it."""
        over = self._read_run(above)
        lines = []
        for line in below:
            digits = int(self.keys[line]) & LENGTH_MASK
            run = self._read_run(line) if self._is_old[line] else ()
            if any(row[1:] == (entry_status.COVERED, digits) for row in run):
                lines.append((line, digits, run))
        turns = {day for run in (over, *(run for _, _, run in lines)) for day, _, _ in run}
        found: list[tuple[int, int, int]] = []
        for day in sorted(turns):
            status, value = _find_state(over, day)
            if status not in (entry_status.COVERED, entry_status.NO_SCHEDULE):
                declared = [
                    line for line, digits, run in lines if _find_state(run, day) == (entry_status.COVERED, digits)
                ]
                only = len(declared) == 1
                status, value = (entry_status.ONE_BELOW, declared[0] - entry) if only else (entry_status.UNSETTLED, 0)
            if not found or found[-1][1:] != (status, value):
                found.append((day, status, value))
        return tuple(found)


def _find_state(run: StatusRun, day: int) -> tuple[int, int]:
    """The status and the value of a run on a day."""
    # Every run begins on the first day of all.
    _, status, value = next(row for row in reversed(run) if row[0] <= day)
    return status, value
