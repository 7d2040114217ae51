"""Classes of origins: economies that the same named groups hold on a day are one class for the rules that name them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import day_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.rulebook.territory import Group

# The number of the row that gives every economy its class, and each class's memberships among the names asked about.
Classes = tuple[int, list[frozenset[str]]]


class Origins:
    """Finds, once for each set of names and era, the classes of all economies."""

    def __init__(self, groups: Mapping[str, Group], economies: tuple[str, ...], rows: Pool | None = None) -> None:
        # Row 0 is that of rules which name nobody: one class.
        self.rows = rows or Pool(tuple(0 for _ in economies))
        self.groups = groups
        self._places = {economy: place for place, economy in enumerate(economies)}
        self._found: dict[tuple[frozenset[str], int], Classes] = {}
        self._turns: dict[frozenset[str], list[date]] = {}
        # By number, a row as an array with an economy of each class.
        self._arrays: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def turns(self, names: frozenset[str]) -> list[date]:
        """The days on which a membership in one of the groups begins, or is over, in order."""
        found = self._turns.get(names)
        if found is None:
            periods = [m.validity for name in names if name in self.groups for m in self.groups[name].members]
            ends = {day_after(p.end) for p in periods if p.end is not None}
            found = sorted({p.start for p in periods} | {end for end in ends if end})
            self._turns[names] = found
        return found

    def classes(self, names: frozenset[str], day: date) -> Classes:
        """The classes on a day; they stay the same until the next turn of one of the groups."""
        if not names:
            return 0, [frozenset()]
        key = (names, bisect_right(self.turns(names), day))
        found = self._found.get(key)
        if found is None:
            held: list[list[str]] = [[] for _ in self._places]
            for name in sorted(names):
                if name in self._places:
                    held[self._places[name]].append(name)
                group = self.groups.get(name)
                for member in group.members if group else ():
                    if day in member.validity and member.economy in self._places:
                        held[self._places[member.economy]].append(name)
            classes = Pool()
            row = tuple(classes.place(frozenset(names_held)) for names_held in held)
            found = self._found[key] = (self.rows.place(row), classes.listed)
        return found

    def row(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The class of every economy in a row, and an economy of every class."""
        found = self._arrays.get(number)
        if found is None:
            classes = np.array(self.rows.listed[number], np.int64)
            found = self._arrays[number] = (classes, np.unique(classes, return_index=True)[1])
        return found
