"""Equivalence classes of origins: on a day, economies that belong to the same named groups are one class."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import day_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.rulebook.territory import Group


class Classes(NamedTuple):
    """The classes on a day: ``row`` numbers the row that gives each economy its class.

    ``memberships`` has for each class the names, among those asked for, that its economies have or belong to.
    """

    row: int
    memberships: list[frozenset[str]]


class OriginClasses:
    """Finds the classes of all economies for sets of names of economies and groups, once for each period.

    ``rows`` interns rows: the class of each economy, in the order of ``economies``. Row 0 has one class, for rules that
    name nobody.
    """

    def __init__(
        self, groups: Mapping[str, Group], economies: tuple[str, ...], rows: Pool[tuple[int, ...]] | None = None
    ) -> None:
        self.rows = rows or Pool(tuple(0 for _ in economies))
        self.groups = groups
        self._numbers = {economy: number for number, economy in enumerate(economies)}
        self._found: dict[tuple[frozenset[str], int], Classes] = {}
        self._turns: dict[frozenset[str], list[date]] = {}
        self._arrays: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def find_turns(self, names: frozenset[str]) -> list[date]:
        """The days, in order, on which a membership in one of the groups begins or has ended."""
        found = self._turns.get(names)
        if found is None:
            periods = [m.validity for name in names if name in self.groups for m in self.groups[name].memberships]
            ends = {day_after(p.end) for p in periods if p.end is not None}
            found = sorted({p.start for p in periods} | {end for end in ends if end})
            self._turns[names] = found
        return found

    def find_classes(self, names: frozenset[str], day: date) -> Classes:
        """The classes on a day; they are the same until the next turn of one of the groups."""
        if not names:
            return Classes(0, [frozenset()])
        key = (names, bisect_right(self.find_turns(names), day))
        found = self._found.get(key)
        if found is None:
            held: list[list[str]] = [[] for _ in self._numbers]
            for name in sorted(names):
                if name in self._numbers:
                    held[self._numbers[name]].append(name)
                group = self.groups.get(name)
                for member in group.memberships if group else ():
                    if day in member.validity and member.economy in self._numbers:
                        held[self._numbers[member.economy]].append(name)
            classes: Pool[frozenset[str]] = Pool()
            row = tuple(classes.place(frozenset(names_held)) for names_held in held)
            found = self._found[key] = Classes(self.rows.place(row), classes.listed)
        return found

    def read_row(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The class of every economy in a row [economy] int64, and an economy of every class [class] int64."""
        found = self._arrays.get(number)
        if found is None:
            classes = np.array(self.rows.listed[number], np.int64)
            found = self._arrays[number] = (classes, np.unique(classes, return_index=True)[1])
        return found
