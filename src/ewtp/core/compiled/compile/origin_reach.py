"""Which rules of a list reach which origins, on every day: what comes before asking what the rules say.

Lists whose rules differ in nothing but what they charge have this in common, so that it is found once for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from ewtp.core.assessment.matched_rules import sort_rules
from ewtp.core.compiled.compile.rule_shapes import named_by
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, day_number, day_of
from ewtp.core.rulebook.measure import Origins as Origin
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.compiled.compile.origin_classes import Origins
    from ewtp.core.compiled.compile.rule_shapes import Shape
    from ewtp.core.rulebook.book import Rule

    FactsOf = Callable[[frozenset[str]], LineFacts]

# The day after the last one that there is.
AFTER_ALL = day_number(date.max) + 1


@dataclass(frozen=True, slots=True)
class Situation:
    """The places of the rules that are in force and reach an origin, each with the entries through which it does.

    ``memberships`` are those of one such origin; among the gates, all such origins have the same ones.
    """

    reached: list[tuple[int, tuple[str, ...]]]
    memberships: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """The situations of a list; and from each day on, the row of classes with the situation of every class."""

    situations: list[Situation]
    spans: list[tuple[int, int, list[int]]]


class Scope(dict[frozenset[str], tuple[str, ...]]):
    """Rules of the same origins as far as a claim brings them in: the entries through which they reach memberships.

    There are no entries where they do not; ``names`` are those that an origin's memberships are looked for among.
    """

    def __init__(self, rule: Rule, facts_of: FactsOf) -> None:
        super().__init__()
        self.names = named_by(rule)
        self._rule = rule
        self._facts_of = facts_of

    def __missing__(self, memberships: frozenset[str]) -> tuple[str, ...]:
        matched = chain.from_iterable(sort_rules((self._rule,), self._facts_of(memberships)).values())
        found = self[memberships] = next((m.entries for m in matched), ())
        return found


Lasting = tuple[int, int, Scope]


class Reaches:
    """Finds what lists of rules reach, once for all whose rules have the same origins and days.

    ``facts_of`` gives facts of goods from origins with the memberships given.
    """

    def __init__(self, origins: Origins, facts_of: FactsOf) -> None:
        self.origins = origins
        self._facts_of = facts_of
        self._known: dict[tuple[tuple[int, ...], frozenset[str]], Reach] = {}
        self._scopes: dict[Origin, Scope] = {}
        # By claim and reach of a shape: a number for what becomes of the two, and the scope.
        self._claimed: dict[tuple[str, int], tuple[int, Scope]] = {}
        self._numbers = Pool()
        self._lasting: dict[tuple[str, int], Lasting] = {}

    def of(self, shapes: Sequence[Shape], claim: str, gates: frozenset[str]) -> Reach:
        """What a list of rules of these shapes reaches, which ``claim`` brings in.

        Apart from what reaches them, origins are told apart by the ``gates`` that they belong to.
        """
        both = [self._claimed.get((claim, shape.reach)) or self._claiming(shape, claim) for shape in shapes]
        key = (tuple([number for number, _ in both]), gates)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._found(shapes, [scope for _, scope in both], gates)
        return found

    def lasting(self, shape: Shape, claim: str) -> Lasting:
        """The first and the last day of a shape's rules, and their origins as far as ``claim`` brings them in."""
        found = self._lasting.get((claim, shape.reach))
        if found is None:
            scope = (self._claimed.get((claim, shape.reach)) or self._claiming(shape, claim))[1]
            found = (day_number(shape.first_day), day_number(shape.last_day), scope)
            self._lasting[claim, shape.reach] = found
        return found

    def _claiming(self, shape: Shape, claim: str) -> tuple[int, Scope]:
        origins = shape.rule.measure.origins
        if claim in shape.names and claim in origins.include:
            # A claim brings a rule in through the one group that it names, whatever others the rule names.
            origins = Origin(include=(claim,), exclude=origins.exclude)
        scope = self._scopes.get(origins)
        if scope is None:
            # The rule is in force on any day here; when it really is, is looked at apart.
            always = Period(date.min, None)
            rule = replace(shape.rule, measure=replace(shape.rule.measure, validity=always, origins=origins))
            scope = self._scopes[origins] = Scope(rule, self._facts_of)
        number = self._numbers.place((origins, shape.first_day, shape.last_day))
        found = self._claimed[claim, shape.reach] = (number, scope)
        return found

    def _found(self, shapes: Sequence[Shape], scopes: Sequence[Scope], gates: frozenset[str]) -> Reach:
        names = gates.union(*(scope.names for scope in scopes))
        days = [(day_number(shape.first_day), day_number(shape.last_day)) for shape in shapes]
        turns = {turn for first, last in days for turn in (first, last + 1)}
        turns.discard(AFTER_ALL)
        turns.update(map(day_number, self.origins.turns(names)))
        numbers: dict[tuple[object, ...], int] = {}
        known: dict[tuple[object, ...], list[int]] = {}
        situations: list[Situation] = []
        spans: list[tuple[int, int, list[int]]] = []
        for start in [FIRST_DAY, *sorted(turns)]:
            here = [(place, scopes[place]) for place, (first, last) in enumerate(days) if first <= start <= last]
            row, classes = self.origins.classes(names if here else frozenset(), day_of(start))
            # The same rules may be in force among the same classes from several days on. Other memberships may
            # part the economies alike.
            same = (row, *classes, *[place for place, _ in here])
            if same in known:
                spans.append((start, row, known[same]))
                continue
            of_class = known[same] = []
            for memberships in classes:
                reached = [(place, own) for place, scope in here if (own := scope[memberships])]
                # What a claim opens depends on the memberships too.
                key = (*reached, memberships & gates)
                number = numbers.setdefault(key, len(situations))
                if number == len(situations):
                    situations.append(Situation(reached, memberships))
                of_class.append(number)
            spans.append((start, row, of_class))
        return Reach(situations, spans)
