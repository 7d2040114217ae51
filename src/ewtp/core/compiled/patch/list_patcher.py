"""The lists of entries after a change, derived from their lists before it.

Lists of one pattern are alike: a measure that is added to or removed from one of them has the same effect on all. So
the law is read for one example of alike lists, and the others are derived in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.outcome_reuse import PriorTable
from ewtp.core.compiled.compile.rule_lists import split_by_origin
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.tables import EMPTY_DUTIES, EMPTY_LIST
from ewtp.core.compiled.machine.combinations import number_combinations
from ewtp.core.compiled.patch.affected_rules import count_removed
from ewtp.core.compiled.patch.code_insertion import decode_key
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.entry_law import EntryLaw
    from ewtp.core.compiled.compile.rule_lists import RuleList
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.patch.affected_rules import AffectedRules, ListKind
    from ewtp.core.compiled.patch.array_extension import AppendedArrays
    from ewtp.core.rulebook.measure import Measure

# The number of no list, where a claim brings nothing in.
NO_LIST = -1
# The slot of an added rule.
_ADDED = -1
# Up to this number of groups of entries, reading the law for each is faster than finding out whether it is necessary.
_FEW_GROUPS = 200


class _RuleSource(NamedTuple):
    """The source of a rule of a new list: a former list by slot and the offset in it; or ``_ADDED`` and its number."""

    slot: int
    offset: int


@immutable
class DestinationEntries:
    """The entries of a destination by key, and the law whose rules reach them."""

    keys: NDArray[np.int64]
    laws: tuple[EntryLaw, ...]


class ListPatcher:
    """Derives rows of lists; new lists are appended to those of ``tables`` through ``appended``.

    A *slot* numbers the lists that an entry has of one facet: additional duties have two, all other facets one.
    ``reuses`` says whether the outcomes of former lists may be those of new ones.
    """

    def __init__(self, tables: Tables, appended: AppendedArrays, affected: AffectedRules, *, reuses: bool) -> None:
        self._tables = tables
        self._appended = appended
        self._affected = affected
        self._reuses = reuses
        self._ids: dict[int, str] = {}

    def patch_rows(
        self,
        entries: DestinationEntries,
        kind: ListKind,
        before: Sequence[NDArray[np.int32]],
        measures: Sequence[Measure],
    ) -> list[NDArray[np.int32]]:
        """The rows of lists [entry] int32 after the change of ``measures``, one for each slot of ``before``."""
        added, removed = self._affected.split_measures(measures)
        removals = count_removed(entries.keys, removed)
        additions = self._affected.number_added(entries.keys, entries.laws, kind, added)
        reached = np.flatnonzero((removals > 0) | (additions > 0))
        # Entries of one group had the same lists and get the same ones.
        groups = number_combinations([*(row[reached] for row in before), removals[reached], additions[reached]])
        _, examples, back = np.unique(groups, return_index=True, return_inverse=True)
        at = reached[examples]
        turns = np.stack([removals[at], additions[at]])
        numbers = self._patch_groups(entries, kind, at, np.stack([row[at] for row in before], axis=1), turns)
        found = []
        for slot, row in enumerate(before):
            after = row.copy()
            after[reached] = numbers[back, slot]
            found.append(after)
        return found

    def _patch_groups(
        self,
        entries: DestinationEntries,
        kind: ListKind,
        at: NDArray[np.int64],
        lists: NDArray[np.int32],
        turns: NDArray[np.int64],
    ) -> NDArray[np.int32]:
        """The new lists [group, slot] int32 of groups of entries; ``lists`` are the former ones.

        ``at`` has an example entry of each group; ``turns`` [2, group] the number of rules removed and
        ``number_added``.
        """
        removals, additions = turns
        alike, leaving = self._number_alike(lists)
        # Where rules that stay have the id of a removed one, ids do not tell them from it.
        apart = leaving != removals
        # A pattern does not tell which territory a rule belongs to, and so not where among several an added one goes.
        if len(at) <= _FEW_GROUPS or not self._affected.is_of_one_territory(entries.laws, kind.facet):
            apart |= len(entries.laws) > 1
        # Lists of one pattern may ask for different papers, and then a relief that comes selects others in each.
        apart |= kind.facet is Facet.PAPERS and self._affected.relieves_papers
        alike = number_combinations([alike, additions, np.where(apart, np.arange(len(at)), -1)])
        numbers = lists.copy()
        for groups in _group_indices(alike):
            targets = self._find_targets(entries, at[groups[0]], kind)
            sources = self._find_sources(lists[groups[0]], targets)
            if sources is None:
                for group in groups.tolist():
                    numbers[group] = self._build_lists(self._find_targets(entries, at[group], kind), kind)
                continue
            for slot, target in enumerate(targets):
                numbers[groups, slot] = self._derive_lists(lists[groups], slot, target, sources[slot], kind)
        return numbers

    def _number_alike(self, lists: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For rows of lists, numbers that are equal where their patterns and the indices of changing ids are equal.

        Also the number of rules with a changing id in each row.
        """
        tables = self._tables
        columns: list[NDArray[Any]] = []
        leaving = np.zeros(len(lists), np.int64)
        for slot in lists.T:
            own, back = np.unique(np.maximum(slot, EMPTY_LIST), return_inverse=True)
            first = tables.list_rules_start[own].astype(np.int64)
            lengths = tables.list_rules_start[own + 1] - first
            owner = np.repeat(np.arange(len(own)), lengths)
            indices = np.arange(len(owner)) - (np.cumsum(lengths) - lengths)[owner]
            changing = np.flatnonzero(self._have_changing_id(tables.list_rules[first[owner] + indices]))
            rank = np.arange(len(changing)) - np.searchsorted(owner[changing], owner[changing])
            at = np.full((len(own), int(rank.max(initial=-1)) + 1), -1, np.int64)
            at[owner[changing], rank] = indices[changing]
            columns += [tables.list_pattern[own][back], *at[back].T]
            leaving += np.bincount(owner[changing], minlength=len(own))[back]
        return number_combinations(columns), leaving

    def _have_changing_id(self, rules: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Mask of the rules that have the id of a changing measure."""
        starts = self._tables.measure_start
        # Most rules differ from all of them in the length of the id, which needs no text.
        found = np.isin(starts[rules + 1] - starts[rules], self._affected.lengths)
        candidates = np.flatnonzero(found)
        own, back = np.unique(rules[candidates], return_inverse=True)
        found[candidates] = np.array([self._id(rule) in self._affected.ids for rule in own.tolist()], np.bool_)[back]
        return found

    def _id(self, rule: int) -> str:
        found = self._ids.get(rule)
        if found is None:
            first, last = self._tables.measure_start[rule : rule + 2].tolist()
            found = self._ids[rule] = self._tables.measure_text[first:last].tobytes().decode()
        return found

    def _find_targets(self, entries: DestinationEntries, at: int, kind: ListKind) -> list[RuleList]:
        """The lists of an entry after the change, by slot, as numbers of rules read from the law."""
        rules = self._affected.find_reaching(decode_key(int(entries.keys[at])), entries.laws, kind)
        if kind.facet is not Facet.ADDITIONAL:
            return [rules]
        wide = split_by_origin(rules, self._appended.rules)
        return [
            tuple([n for n, out in zip(rules, wide, strict=True) if not out]),
            tuple([n for n, out in zip(rules, wide, strict=True) if out]),
        ]

    def _find_sources(self, before: NDArray[np.int32], targets: list[RuleList]) -> list[list[_RuleSource]] | None:
        """The sources of the rules of the target lists; None where ids do not identify them."""
        ids, changing = self._ids, self._affected.ids
        held = {
            name: _RuleSource(slot, index)
            for slot, number in enumerate(before.tolist())
            for index, rule in enumerate(self._rules_of(number))
            if (name := ids.get(rule) or self._id(rule)) not in changing
        }
        added, rules = self._affected.added, self._appended.rules.rules
        found: list[list[_RuleSource]] = []
        # Every rule that stays is in the targets, so a second rule with the same id finds no source.
        for target in targets:
            sources = [_RuleSource(_ADDED, n) if n in added else held.pop(rules[n].measure.id, None) for n in target]
            known = [source for source in sources if source is not None]
            if len(known) < len(sources):
                return None
            found.append(known)
        return found

    def _rules_of(self, number: int) -> list[int]:
        if number < 0:
            return []
        first, last = self._tables.list_rules_start[number : number + 2].tolist()
        found: list[int] = self._tables.list_rules[first:last].tolist()
        return found

    def _derive_lists(
        self, lists: NDArray[np.int32], slot: int, target: RuleList, sources: list[_RuleSource], kind: ListKind
    ) -> NDArray[np.int32]:
        """The numbers of the new lists of a slot, derived from alike ``lists`` as ``target`` is from the first."""
        same = sources == [(slot, index) for index in range(len(sources))]
        if same and len(sources) == len(self._rules_of(int(lists[0, slot]))):
            return lists[:, slot]
        if not target:
            return np.full(len(lists), _empty_list(kind), np.int32)
        slots = np.array([source.slot for source in sources], np.int64)
        indices = np.array([source.offset for source in sources], np.int64)
        added = np.flatnonzero(slots == _ADDED)
        rules = np.empty((len(lists), len(sources)), np.int32)
        if len(added) < len(sources):
            # The columns of added rules hold arbitrary values here and are overwritten below.
            at = self._tables.list_rules_start[lists][:, slots] + indices
            self._tables.list_rules.take(at, out=rules, mode="clip")
        rules[:, added] = [self._appended.rule_number(n) for n in indices[added].tolist()]
        pattern = self._appended.pattern(
            kind, target, lambda: self._find_prior(int(lists[0, slot]), slot, target, sources)
        )
        return self._appended.number_lists(pattern, rules)

    def _find_prior(self, before: int, slot: int, target: RuleList, sources: list[_RuleSource]) -> PriorTable | None:
        """The table of a former list, if the target differs from it by changing rules only."""
        moved = {source.offset: index for index, source in enumerate(sources) if source.slot == slot}
        added = [n for n, source in zip(target, sources, strict=True) if source.slot == _ADDED]
        removed = [self._id(rule) for index, rule in enumerate(self._rules_of(before)) if index not in moved]
        if (
            not self._reuses
            or not moved
            or len(moved) + len(added) < len(sources)
            or not self._affected.ids.issuperset(removed)
        ):
            # Additional duties have moved between the two lists.
            return None
        changing = (*added, *(n for name in removed for n in self._affected.find_removed(name)))
        shapes = [self._appended.shape(n) for n in changing]
        return PriorTable(self._tables, int(self._tables.list_pattern[before]), moved, shapes)

    def _build_lists(self, targets: list[RuleList], kind: ListKind) -> list[int]:
        """The numbers of target lists that are derived from nothing."""
        appended = self._appended
        found = []
        for target in targets:
            number = _empty_list(kind)
            if target:
                rules = np.array([[appended.rule_number(n) for n in target]], np.int32)
                number = int(appended.number_lists(appended.pattern(kind, target), rules)[0])
            found.append(number)
        return found


def _group_indices(numbers: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The indices of each distinct number."""
    order = np.argsort(numbers, kind="stable")
    turns = np.flatnonzero(np.diff(numbers[order])) + 1
    return np.split(order, turns) if len(order) else []


def _empty_list(kind: ListKind) -> int:
    """The number of the list without rules."""
    if kind.claim:
        return NO_LIST
    return EMPTY_DUTIES if kind.facet is Facet.DUTY else EMPTY_LIST
