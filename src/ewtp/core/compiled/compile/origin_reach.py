"""The reach of a rule list: which of its rules reach which origins, on every day.

Lists whose rules differ only in what they charge have the same reach, so it is found once for all of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.rule_matches import sort_rules
from ewtp.core.compiled.compile.rule_days import AFTER_ALL, RuleDays, find_days
from ewtp.core.compiled.compile.rule_shapes import find_named_origins
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, day_number, day_of
from ewtp.core.rulebook.measure import Origins
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.compiled.compile.origin_classes import OriginClasses
    from ewtp.core.compiled.compile.rule_shapes import RuleShape
    from ewtp.core.rulebook.rule import Rule

    FactsOf = Callable[[frozenset[str]], LineFacts]


@immutable
class Situation:
    """The rules in force that reach an origin: by index in the list, the named entries of origins that match.

    ``memberships`` are those of one such origin; all such origins have the same ones among the gates.
    """

    reached: list[tuple[int, tuple[str, ...]]]
    memberships: frozenset[str]


class ReachSpan(NamedTuple):
    """From a day on: the row of classes, and by class the number of its situation."""

    first_day: int
    row: int
    situations: list[int]


@immutable
class ListReach:
    """The situations of a list, and its spans of days."""

    situations: list[Situation]
    spans: list[ReachSpan]


class OriginScope(dict[frozenset[str], tuple[str, ...]]):
    """The origins of rules, as far as a claim brings the rules in: by memberships, the entries that match, if any.

    ``names`` are the names that memberships are restricted to.
    """

    def __init__(self, rule: Rule, facts_of: FactsOf) -> None:
        super().__init__()
        self.names = find_named_origins(rule)
        self._rule = rule
        self._facts_of = facts_of

    def __missing__(self, memberships: frozenset[str]) -> tuple[str, ...]:
        matched = chain.from_iterable(sort_rules((self._rule,), self._facts_of(memberships)).values())
        found = self[memberships] = next((m.entries for m in matched), ())
        return found


class DatedScope(NamedTuple):
    """The days of a shape's rules, and their origins."""

    days: RuleDays
    scope: OriginScope


class ReachFinder:
    """Finds the reach of lists, once for all lists whose rules have the same origins and days.

    ``facts_of`` returns the facts of goods from origins with the given memberships.
    """

    def __init__(self, origins: OriginClasses, facts_of: FactsOf) -> None:
        self.origins = origins
        self._facts_of = facts_of
        self._known: dict[tuple[tuple[int, ...], frozenset[str]], ListReach] = {}
        self._scopes: dict[Origins, OriginScope] = {}
        # By claim and reach of a shape: a number that equal origins and days share, and the scope.
        self._claimed: dict[tuple[str, int], tuple[int, OriginScope]] = {}
        self._numbers: Pool[tuple[object, ...]] = Pool()
        self._dated: dict[tuple[str, int], DatedScope] = {}

    def find_reach(self, shapes: Sequence[RuleShape], claim: str, gates: frozenset[str]) -> ListReach:
        """The reach of a list of rules of these shapes, which ``claim`` brings in.

        ``gates`` are groups whose members alone may make a claim: situations distinguish them in addition to the rules.
        """
        both = [self._claimed.get((claim, shape.reach)) or self._restrict(shape, claim) for shape in shapes]
        key = (tuple([number for number, _ in both]), gates)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._build(shapes, [scope for _, scope in both], gates)
        return found

    def find_scope(self, shape: RuleShape, claim: str) -> DatedScope:
        """The days of a shape's rules, and their origins as far as ``claim`` brings the rules in."""
        found = self._dated.get((claim, shape.reach))
        if found is None:
            scope = (self._claimed.get((claim, shape.reach)) or self._restrict(shape, claim))[1]
            found = DatedScope(find_days(shape.rule), scope)
            self._dated[claim, shape.reach] = found
        return found

    def _restrict(self, shape: RuleShape, claim: str) -> tuple[int, OriginScope]:
        origins = shape.rule.measure.origins
        if claim in shape.names and claim in origins.include:
            # A claim brings a rule in through the one group that it names, whatever other groups the rule names.
            origins = Origins(include=(claim,), exclude=origins.exclude)
        scope = self._scopes.get(origins)
        if scope is None:
            # The rule of a scope is always in force; its days, and so its season, are considered separately.
            always = Period(date.min, None)
            measure = replace(shape.rule.measure, validity=always, origins=origins, conditions=())
            rule = replace(shape.rule, measure=measure)
            scope = self._scopes[origins] = OriginScope(rule, self._facts_of)
        number = self._numbers.place((origins, shape.first_day, shape.last_day, shape.rule.seasons))
        found = self._claimed[claim, shape.reach] = (number, scope)
        return found

    def _build(self, shapes: Sequence[RuleShape], scopes: Sequence[OriginScope], gates: frozenset[str]) -> ListReach:
        names = gates.union(*(scope.names for scope in scopes))
        days = [find_days(shape.rule) for shape in shapes]
        turns = {turn for each in days for turn in each.turns}
        turns.discard(AFTER_ALL)
        turns.update(map(day_number, self.origins.find_turns(names)))
        numbers: dict[tuple[object, ...], int] = {}
        known: dict[tuple[object, ...], list[int]] = {}
        situations: list[Situation] = []
        spans: list[ReachSpan] = []
        for start in [FIRST_DAY, *sorted(turns)]:
            here = [(index, scopes[index]) for index, own in enumerate(days) if own.covers(start)]
            row, classes = self.origins.find_classes(names if here else frozenset(), day_of(start))
            # Several spans may have the same rules and classes. Other memberships may give the same row.
            same = (row, *classes, *[index for index, _ in here])
            if same in known:
                spans.append(ReachSpan(start, row, known[same]))
                continue
            of_class = known[same] = []
            for memberships in classes:
                reached = [(index, own) for index, scope in here if (own := scope[memberships])]
                # The claims that are open depend on the memberships, too.
                key = (*reached, memberships & gates)
                number = numbers.setdefault(key, len(situations))
                if number == len(situations):
                    situations.append(Situation(reached, memberships))
                of_class.append(number)
            spans.append(ReachSpan(start, row, of_class))
        return ListReach(situations, spans)
