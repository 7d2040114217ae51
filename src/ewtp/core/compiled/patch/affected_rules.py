"""The rules at and around the codes of a change, read from the law after it and numbered on demand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.rule_lists import facet_of, find_claims
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.patch.code_insertion import find_entries_below
from ewtp.core.rulebook.measure import Direction
from ewtp.core.rulebook.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.entry_law import EntryLaw
    from ewtp.core.compiled.compile.rule_lists import RuleList, RuleTable
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure


class ListKind(NamedTuple):
    """The lists of a facet; among lower duties, those that ``claim`` brings in."""

    facet: Facet
    claim: str = ""


def find_list_kinds(measure: Measure) -> list[ListKind]:
    """The kinds of lists that have the measure."""
    facet = facet_of(measure)
    if facet is Facet.LOWER:
        return [ListKind(facet, claim) for claim in find_claims(measure)]
    return [ListKind(facet)]


class AffectedRules:
    """The law around a change of ``measures``: each of them is either in the law before or in the law ``after``.

    ``ids`` are the ids of these measures, and ``lengths`` the distinct lengths of the ids in UTF-8; ``relieves_papers``
    says whether one of them is a relief of requirements. ``added`` are the numbers, in ``table``, of the rules that the
    change adds; it grows as rules are read.
    """

    def __init__(self, after: Book, measures: Sequence[Measure], table: RuleTable) -> None:
        self._after = after
        self._table = table
        self._by_id: dict[str, list[Measure]] = defaultdict(list)
        for measure in measures:
            self._by_id[measure.id].append(measure)
        self.ids = frozenset(self._by_id)
        self.relieves_papers = any(measure.relieves_papers for measure in measures)
        self.lengths = np.array(sorted({len(measure.id.encode()) for measure in measures}), np.int64)
        self.added: set[int] = set()
        self._removed: dict[str, list[int]] = {}
        self._facets: dict[str, set[Facet]] = defaultdict(set)
        self._read: dict[tuple[EntryLaw, str, ListKind], tuple[RuleList, bool]] = {}

    def find_removed(self, measure_id: str) -> list[int]:
        """The numbers of the rules with this id that the change removes."""
        found = self._removed.get(measure_id)
        if found is None:
            _, removed = self.split_measures(self._by_id.get(measure_id, ()))
            found = self._removed[measure_id] = [self._table.add(Rule(measure)) for measure in removed]
        return found

    def split_measures(self, measures: Sequence[Measure]) -> tuple[list[Measure], list[Measure]]:
        """Split measures of the change into those that it adds and those that it removes."""
        added: list[Measure] = []
        removed: list[Measure] = []
        for measure in measures:
            rules = self._after.rules.get((measure.territory, measure.product.prefix), ())
            there = any(rule.measure.id == measure.id and rule.measure == measure for rule in rules)
            (added if there else removed).append(measure)
        return added, removed

    def is_of_one_territory(self, laws: Sequence[EntryLaw], facet: Facet) -> bool:
        """Whether at most one of the territories has rules of the facet after the change."""
        if len(laws) < 2:  # noqa: PLR2004 - one or none
            return True
        if not self._facets:
            for (territory, _), rules in self._after.rules.items():
                self._facets[territory].update(facet_of(rule.measure) for rule in rules)
        return sum(facet in self._facets.get(law.territory, ()) for law in laws) < 2  # noqa: PLR2004 - as above

    def find_reaching(self, code: str, laws: Sequence[EntryLaw], kind: ListKind) -> RuleList:
        """The rules of this law that reach a code, in the order of the scalar path."""
        found: RuleList = ()
        for law in laws:
            for digits in range(len(code) + 1):
                own, excluding = self.read_rules(law, code[:digits], kind)
                found += self._find_covering_rules(own, code) if excluding else own
        return found

    def read_rules(self, law: EntryLaw, prefix: str, kind: ListKind) -> tuple[RuleList, bool]:
        """The rules at a prefix, and whether one of them has exclusions."""
        found = self._read.get((law, prefix, kind))
        if found is None:
            rules = [
                rule
                for rule in self._after.rules.get((law.territory, prefix), ())
                if rule.measure.direction is Direction.IMPORT
                and law.has(rule.measure)
                and facet_of(rule.measure) is kind.facet
                and (not kind.claim or kind.claim in find_claims(rule.measure))
            ]
            own = tuple([self._table.add(rule) for rule in rules])
            self.added.update(
                n for n, rule in zip(own, rules, strict=True) if rule.measure in self._by_id.get(rule.measure.id, ())
            )
            found = (own, any(rule.measure.product.exclusions for rule in rules))
            self._read[law, prefix, kind] = found
        return found

    def number_added(
        self, keys: NDArray[np.int64], laws: Sequence[EntryLaw], kind: ListKind, measures: Sequence[Measure]
    ) -> NDArray[np.int64]:
        """By entry, a number for the rules at the prefixes of ``measures`` that reach it; 0 where none is added.

        ``measures`` are those that the change adds. Entries of the same number, other than 0, have all rules at these
        prefixes in common, and therefore also the order of the added rules among the others there.
        """
        placed: dict[str, RuleList] = {}
        marked: set[str] = set()
        for law in laws:
            for prefix in sorted({m.product.prefix for m in measures if m.territory == law.territory}):
                own, _ = self.read_rules(law, prefix, kind)
                placed[prefix] = placed.get(prefix, ()) + own
                marked.add(prefix)
                marked.update(out for n in own for out in self._table.excluding.get(n, ()))
        numbers: Pool[RuleList] = Pool(())
        found = np.zeros(len(keys), np.int64)
        # A code is sorted after its prefixes, so the longest marked code of an entry is the last to set its number.
        for code in sorted(marked):
            every = tuple([n for digits in range(len(code) + 1) for n in placed.get(code[:digits], ())])
            here = self._find_covering_rules(every, code)
            found[find_entries_below(keys, code)] = 0 if self.added.isdisjoint(here) else numbers.place(here)
        return found

    def _find_covering_rules(self, listed: RuleList, code: str) -> RuleList:
        rules, excluding = self._table.rules, self._table.excluding
        return tuple([n for n in listed if n not in excluding or rules[n].measure.product.covers(code)])


def count_removed(keys: NDArray[np.int64], measures: Sequence[Measure]) -> NDArray[np.int64]:
    """By entry, the number of the removed ``measures`` that reach it."""
    found = np.zeros(len(keys), np.int64)
    for measure in measures:
        below = find_entries_below(keys, measure.product.prefix)
        if not measure.product.exclusions:
            found[below] += 1
            continue
        reached = np.zeros(len(keys), np.bool_)
        reached[below] = True
        for out in measure.product.exclusions:
            reached[find_entries_below(keys, out)] = False
        found += reached
    return found
