"""The lists that entries have after a change, made from those that they had.

Lists of one pattern are alike: what becomes of one of them where a measure goes or comes becomes of all. So the law
is asked about one example of all lists alike, and the others are made as that one was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.compile.reused_outcomes import Earlier
from ewtp.core.compiled.compile.rule_lists import split_by_origin
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.tables import EMPTY_DUTIES, EMPTY_LIST
from ewtp.core.compiled.patch.affected_rules import going
from ewtp.core.compiled.patch.inserted_codes import code_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.rule_lists import RuleList
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.patch.affected_rules import Subject, Surroundings
    from ewtp.core.compiled.patch.appended_arrays import Addition
    from ewtp.core.rulebook.measure import Measure

# The number of no list, where nothing is in force that a claim would bring in.
NO_LIST = -1
# Where a rule of a new list is from: the slot of a list before and the place in it, or NEW and the rule's number.
_Cell = tuple[int, int]
_NEW = -1
_LARGEST = 2**62
# So few kinds of entries are looked at one by one sooner than found out whether they need to be.
_FEW = 200


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a destination by key, and the territories whose rules reach them."""

    keys: NDArray[np.int64]
    territories: tuple[str, ...]


class Relisting:
    """Makes rows of lists; what it adds is put behind the lists of ``tables`` through ``addition``."""

    def __init__(self, tables: Tables, addition: Addition, around: Surroundings) -> None:
        self._tables = tables
        self._addition = addition
        self._around = around
        self._ids: dict[int, str] = {}

    def rows(
        self, entries: Entries, subject: Subject, before: Sequence[NDArray[np.int32]], measures: Sequence[Measure]
    ) -> list[NDArray[np.int32]]:
        """The rows after the change of ``measures``, one number for each entry; additional duties have two rows."""
        coming, going_away = self._around.parted(measures)
        gone = going(entries.keys, going_away)
        come = self._around.coming(entries.keys, entries.territories, subject, coming)
        reached = np.flatnonzero((gone > 0) | (come > 0))
        # Entries of one kind had the same lists and have the same ones afterwards.
        kinds = together([*(row[reached] for row in before), gone[reached], come[reached]])
        _, examples, back = np.unique(kinds, return_index=True, return_inverse=True)
        at = reached[examples]
        turns = np.stack([gone[at], come[at]])
        numbers = self._numbers(entries, subject, at, np.stack([row[at] for row in before], axis=1), turns)
        found = []
        for slot, row in enumerate(before):
            after = row.copy()
            after[reached] = numbers[back, slot]
            found.append(after)
        return found

    def _numbers(
        self,
        entries: Entries,
        subject: Subject,
        at: NDArray[np.int64],
        lists: NDArray[np.int32],
        turns: NDArray[np.int64],
    ) -> NDArray[np.int32]:
        """The new lists of kinds of entries in the shape of ``lists``, which has a row for each kind.

        ``at`` are entries of the kinds; ``turns`` says how many rules go there, and in a second row which ones come.
        """
        gone, come = turns
        alike, leaving = self._alike(lists)
        # Of several territories' rules a pattern does not say whose they are, and so not where new ones belong. Where
        # other rules have the id of one that goes, it is not told from them here.
        apart = leaving != gone
        if len(at) <= _FEW or not self._around.of_one_territory(entries.territories, subject.facet):
            apart |= len(entries.territories) > 1
        alike = together([alike, come, np.where(apart, np.arange(len(at)), -1)])
        numbers = lists.copy()
        for kinds in _members(alike):
            targets = self._targets(entries, at[kinds[0]], subject)
            cells = self._cells(lists[kinds[0]], targets)
            if cells is None:
                for kind in kinds.tolist():
                    numbers[kind] = self._anew(self._targets(entries, at[kind], subject), subject)
                continue
            for slot, target in enumerate(targets):
                numbers[kinds, slot] = self._made(lists[kinds], slot, target, cells[slot], subject)
        return numbers

    def _alike(self, lists: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For rows of lists: numbers that are equal where patterns are and where the rules stand whose ids change.

        Also how many such rules the lists of a row have.
        """
        tables = self._tables
        columns: list[NDArray[Any]] = []
        leaving = np.zeros(len(lists), np.int64)
        for slot in lists.T:
            own, back = np.unique(np.maximum(slot, EMPTY_LIST), return_inverse=True)
            first = tables.list_rules_start[own].astype(np.int64)
            lengths = tables.list_rules_start[own + 1] - first
            owner = np.repeat(np.arange(len(own)), lengths)
            places = np.arange(len(owner)) - (np.cumsum(lengths) - lengths)[owner]
            named = np.flatnonzero(self._named(tables.list_rules[first[owner] + places]))
            rank = np.arange(len(named)) - np.searchsorted(owner[named], owner[named])
            at = np.full((len(own), int(rank.max(initial=-1)) + 1), -1, np.int64)
            at[owner[named], rank] = places[named]
            columns += [tables.list_pattern[own][back], *at[back].T]
            leaving += np.bincount(owner[named], minlength=len(own))[back]
        return together(columns), leaving

    def _named(self, rules: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which rules have the id of a measure that changes."""
        starts = self._tables.measure_start
        found = np.isin(starts[rules + 1] - starts[rules], self._around.lengths)
        alike = np.flatnonzero(found)
        own, back = np.unique(rules[alike], return_inverse=True)
        found[alike] = np.array([self._id(rule) in self._around.ids for rule in own.tolist()], np.bool_)[back]
        return found

    def _id(self, rule: int) -> str:
        found = self._ids.get(rule)
        if found is None:
            first, last = self._tables.measure_start[rule : rule + 2].tolist()
            found = self._ids[rule] = self._tables.measure_text[first:last].tobytes().decode()
        return found

    def _targets(self, entries: Entries, at: int, subject: Subject) -> list[RuleList]:
        """The lists of an entry after the change, of numbers that rules have around it."""
        rules = self._around.reaching(code_of(int(entries.keys[at])), entries.territories, subject)
        if subject.facet is not Facet.ADDITIONAL:
            return [rules]
        wide = split_by_origin(rules, self._addition.rules)
        return [
            tuple([n for n, out in zip(rules, wide, strict=True) if not out]),
            tuple([n for n, out in zip(rules, wide, strict=True) if out]),
        ]

    def _cells(self, before: NDArray[np.int32], targets: list[RuleList]) -> list[list[_Cell]] | None:
        """Where the rules of lists are from; None where ids do not tell which rule is which."""
        ids, changing = self._ids, self._around.ids
        held = {
            name: (slot, place)
            for slot, number in enumerate(before.tolist())
            for place, rule in enumerate(self._rules_of(number))
            if (name := ids.get(rule) or self._id(rule)) not in changing
        }
        fresh, rules = self._around.fresh, self._addition.rules.rules
        found: list[list[_Cell]] = []
        # All that does not change is in the new lists, so that the second rule of an id is looked for in vain.
        for target in targets:
            cells = [(_NEW, n) if n in fresh else held.pop(rules[n].measure.id, None) for n in target]
            whole = [cell for cell in cells if cell is not None]
            if len(whole) < len(cells):
                return None
            found.append(whole)
        return found

    def _rules_of(self, number: int) -> list[int]:
        if number < 0:
            return []
        first, last = self._tables.list_rules_start[number : number + 2].tolist()
        found: list[int] = self._tables.list_rules[first:last].tolist()
        return found

    def _made(
        self, lists: NDArray[np.int32], slot: int, target: RuleList, cells: list[_Cell], subject: Subject
    ) -> NDArray[np.int32]:
        """The numbers of new lists in a slot, made of these alike rows as ``target`` is of the first one."""
        same = cells == [(slot, place) for place in range(len(cells))]
        if same and len(cells) == len(self._rules_of(int(lists[0, slot]))):
            return lists[:, slot]
        if not target:
            return np.full(len(lists), _empty(subject), np.int32)
        sources = np.array([source for source, _ in cells], np.int64)
        places = np.array([place for _, place in cells], np.int64)
        new = np.flatnonzero(sources == _NEW)
        rules = np.empty((len(lists), len(cells)), np.int32)
        if len(new) < len(cells):
            # What is taken for new rules does not matter.
            at = self._tables.list_rules_start[lists][:, sources] + places
            self._tables.list_rules.take(at, out=rules, mode="clip")
        rules[:, new] = [self._addition.rule_number(n) for n in places[new].tolist()]
        pattern = self._addition.pattern(
            subject, target, lambda: self._earlier(int(lists[0, slot]), slot, target, cells)
        )
        return self._addition.list_numbers(pattern, rules)

    def _earlier(self, before: int, slot: int, target: RuleList, cells: list[_Cell]) -> Earlier | None:
        """The pattern of a list before, where the new list differs from it in rules that change alone."""
        moved = {cell[1]: place for place, cell in enumerate(cells) if cell[0] == slot}
        new = [n for n, cell in zip(target, cells, strict=True) if cell[0] == _NEW]
        gone = [self._id(rule) for place, rule in enumerate(self._rules_of(before)) if place not in moved]
        if not moved or len(moved) + len(new) < len(cells) or not self._around.ids.issuperset(gone):
            # Additional duties have come over from the other list, or go to it.
            return None
        changing = (*new, *(n for name in gone for n in self._around.going(name)))
        shapes = [self._addition.shape(n) for n in changing]
        return Earlier(self._tables, int(self._tables.list_pattern[before]), moved, shapes)

    def _anew(self, targets: list[RuleList], subject: Subject) -> list[int]:
        """The numbers of lists that have nothing of those before."""
        addition = self._addition
        found = []
        for target in targets:
            number = _empty(subject)
            if target:
                rules = np.array([[addition.rule_number(n) for n in target]], np.int32)
                number = int(addition.list_numbers(addition.pattern(subject, target), rules)[0])
            found.append(number)
        return found


def together(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Numbers that are equal where all columns are."""
    found = np.zeros(len(columns[0]), np.int64)
    width = 1
    for each in columns:
        low, high = (int(each.min()), int(each.max())) if len(each) else (0, 0)
        span = high - low + 1
        if width * span > _LARGEST:
            found = np.unique(found, return_inverse=True)[1].astype(np.int64)
            width = len(found) + 1
        found = found * span + (each - low)
        width *= span
    return found


def _members(numbers: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The places of each number."""
    order = np.argsort(numbers, kind="stable")
    turns = np.flatnonzero(np.diff(numbers[order])) + 1
    return np.split(order, turns) if len(order) else []


def _empty(subject: Subject) -> int:
    """What stands for a list without a rule."""
    if subject.claim:
        return NO_LIST
    return EMPTY_DUTIES if subject.facet is Facet.DUTY else EMPTY_LIST
