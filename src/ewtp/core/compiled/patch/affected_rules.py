"""The rules around a change of law, found by code and numbered as they are met."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.rule_lists import FACET_OF, claims_of
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.patch.inserted_codes import places_below
from ewtp.core.rulebook.book import prepare
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.rule_lists import RuleList, RuleTable
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure


class Subject(NamedTuple):
    """Which lists are meant: those of a facet; of the lower duties, those that ``claim`` brings in."""

    facet: Facet
    claim: str = ""


def subjects_of(measure: Measure) -> list[Subject]:
    """The lists that have the measure in them where it reaches."""
    facet = FACET_OF[measure.kind]
    if facet is Facet.LOWER:
        return [Subject(facet, claim) for claim in claims_of(measure)]
    return [Subject(facet)]


class Surroundings:
    """The changed law around ``measures``, which only one of the law before and ``after`` has."""

    def __init__(self, after: Book, measures: Sequence[Measure], table: RuleTable) -> None:
        self._after = after
        self._table = table
        self._named: dict[str, list[Measure]] = defaultdict(list)
        for measure in measures:
            self._named[measure.id].append(measure)
        # The ids of the measures, and how long they are as UTF-8.
        self.ids = frozenset(self._named)
        self.lengths = np.array(sorted({len(measure.id.encode()) for measure in measures}), np.int64)
        # The numbers of rules that the change brings.
        self.fresh: set[int] = set()
        self._going: dict[str, list[int]] = {}
        self._facets: dict[str, set[Facet]] = defaultdict(set)
        self._placed: dict[tuple[str, str, Subject], tuple[RuleList, bool]] = {}

    def going(self, measure_id: str) -> list[int]:
        """The numbers of rules that go and have this id."""
        found = self._going.get(measure_id)
        if found is None:
            _, gone = self.parted(self._named.get(measure_id, ()))
            found = self._going[measure_id] = [self._table.add(prepare(measure)) for measure in gone]
        return found

    def parted(self, measures: Sequence[Measure]) -> tuple[list[Measure], list[Measure]]:
        """Those of the measures that come, which the law has after the change, and those that go."""
        come: list[Measure] = []
        go: list[Measure] = []
        for measure in measures:
            rules = self._after.rules.get((measure.territory, measure.product.prefix), ())
            there = any(rule.measure.id == measure.id and rule.measure == measure for rule in rules)
            (come if there else go).append(measure)
        return come, go

    def of_one_territory(self, territories: Sequence[str], facet: Facet) -> bool:
        """Whether not more than one of the territories has rules of the facet."""
        if len(territories) < 2:  # noqa: PLR2004 - one or none
            return True
        if not self._facets:
            for (territory, _), rules in self._after.rules.items():
                self._facets[territory].update(FACET_OF[rule.measure.kind] for rule in rules)
        return sum(facet in self._facets.get(territory, ()) for territory in territories) < 2  # noqa: PLR2004 - as above

    def reaching(self, code: str, territories: Sequence[str], subject: Subject) -> RuleList:
        """The rules that reach a code in these territories, in the order in which the scalar path meets them."""
        found: RuleList = ()
        for territory in territories:
            for digits in range(len(code) + 1):
                own, excluding = self.at(territory, code[:digits], subject)
                found += self._covering(own, code) if excluding else own
        return found

    def at(self, territory: str, prefix: str, subject: Subject) -> tuple[RuleList, bool]:
        """The rules at a prefix, and whether one of them names exclusions."""
        found = self._placed.get((territory, prefix, subject))
        if found is None:
            rules = [
                rule
                for rule in self._after.rules.get((territory, prefix), ())
                if rule.measure.direction is Direction.IMPORT
                and FACET_OF[rule.measure.kind] is subject.facet
                and (not subject.claim or subject.claim in claims_of(rule.measure))
            ]
            own = tuple([self._table.add(rule) for rule in rules])
            self.fresh.update(
                n for n, rule in zip(own, rules, strict=True) if rule.measure in self._named.get(rule.measure.id, ())
            )
            found = (own, any(rule.measure.product.exclusions for rule in rules))
            self._placed[territory, prefix, subject] = found
        return found

    def coming(
        self, keys: NDArray[np.int64], territories: Sequence[str], subject: Subject, measures: Sequence[Measure]
    ) -> NDArray[np.int64]:
        """Numbers that tell entries apart by what comes to them, 0 where nothing does.

        ``measures`` are those that come. Entries of one number, other than 0, have all rules at the places of these
        measures in common, and so also the order of the new rules among the old ones there.
        """
        placed: dict[str, RuleList] = {}
        marked: set[str] = set()
        for territory in territories:
            for prefix in sorted({m.product.prefix for m in measures if m.territory == territory}):
                own, _ = self.at(territory, prefix, subject)
                placed[prefix] = placed.get(prefix, ()) + own
                marked.add(prefix)
                marked.update(out for n in own for out in self._table.excluding.get(n, ()))
        numbers = Pool(())
        found = np.zeros(len(keys), np.int64)
        # The codes above another come before it, so that the longest one is the last to say what comes.
        for code in sorted(marked):
            every = tuple([n for digits in range(len(code) + 1) for n in placed.get(code[:digits], ())])
            here = self._covering(every, code)
            found[places_below(keys, code)] = 0 if self.fresh.isdisjoint(here) else numbers.place(here)
        return found

    def _covering(self, listed: RuleList, code: str) -> RuleList:
        rules, excluding = self._table.rules, self._table.excluding
        return tuple([n for n in listed if n not in excluding or rules[n].measure.product.covers(code)])


def going(keys: NDArray[np.int64], measures: Sequence[Measure]) -> NDArray[np.int64]:
    """How many of these measures, which go, reach each entry."""
    found = np.zeros(len(keys), np.int64)
    for measure in measures:
        below = places_below(keys, measure.product.prefix)
        if not measure.product.exclusions:
            found[below] += 1
            continue
        reached = np.zeros(len(keys), np.bool_)
        reached[below] = True
        for out in measure.product.exclusions:
            reached[places_below(keys, out)] = False
        found += reached
    return found
