"""Reuses the outcomes of a compiled decision table for lists of which few rules change.

Where no changing rule reaches an origin on a day, the outcomes of the prior table remain valid.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.condition_axes import ConditionAxes
from ewtp.core.compiled.compile.origin_reach import Situation
from ewtp.core.compiled.compile.rule_days import AFTER_ALL
from ewtp.core.compiled.format import pattern_field
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, day_number, day_of
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.origin_reach import ReachFinder
    from ewtp.core.compiled.compile.rule_shapes import RuleShape
    from ewtp.core.compiled.format.tables import Tables


@immutable
class PriorTable:
    """The decision table of a pattern in a compiled book, from which that of another pattern is derived.

    ``moved`` maps indices in lists of the prior pattern to indices in lists of the new one; ``changing`` are the shapes
    of all rules that only one of the two patterns has. Outcomes of the prior table are given as ``-1 - number``, so
    that they differ from numbers of new outcomes.
    """

    tables: Tables
    pattern: int
    moved: Mapping[int, int]
    changing: Sequence[RuleShape]

    def read_axes(self) -> ConditionAxes:
        """The axes of the pattern."""
        tables = self.tables
        fields = tables.pattern_fields[self.pattern].tolist()
        limits = tables.limit_minor[fields[pattern_field.LIMITS] : fields[pattern_field.LIMITS_END]].tolist()
        claims = tables.pattern_claim[fields[pattern_field.CLAIMS] : fields[pattern_field.CLAIMS_END]].tolist()
        return ConditionAxes(
            bool(fields[pattern_field.BUYER]),
            bool(fields[pattern_field.TRANSPORT]),
            fields[pattern_field.CURRENCY],
            tuple(limits),
            tuple(claims),
        )

    def read_sets(self) -> Iterator[tuple[int, ...]]:
        """The sets from number 1 on, as indices in lists of the new pattern; rules that it lacks are left out."""
        tables = self.tables
        begin, end = tables.pattern_sets[self.pattern : self.pattern + 2].tolist()
        for number in range(begin + 1, end):
            first, last = tables.set_places_start[number : number + 2].tolist()
            indices = tables.set_places[first:last].tolist()
            yield tuple([self.moved[index] for index in indices if index in self.moved])

    def read_spans(self) -> tuple[int, list[int], list[int]]:
        """The number of the first span, and the first day and the row of classes of each span."""
        tables = self.tables
        fields: list[int] = tables.pattern_fields[self.pattern].tolist()
        first, last = fields[pattern_field.SPANS], fields[pattern_field.SPANS_END]
        return first, tables.span_day[first:last].tolist(), tables.span_classes[first:last].tolist()

    def read_all_outcomes(self, span: int, classes: int) -> list[int]:
        """The outcomes of the first ``classes`` classes of a span, by class and mode."""
        tables = self.tables
        first = int(tables.span_cases[span])
        last = first + classes * int(tables.pattern_fields[self.pattern, pattern_field.MODES])
        found: list[int] = (-1 - tables.case_outcome[first:last]).tolist()
        return found

    def read_outcomes(self, span: int, classes: NDArray[np.int64]) -> list[int]:
        """The outcomes of these classes of a span, by class and mode."""
        tables = self.tables
        modes = int(tables.pattern_fields[self.pattern, pattern_field.MODES])
        first = int(tables.span_cases[span]) + classes * modes
        found: list[int] = (-1 - tables.case_outcome[first[:, None] + np.arange(modes)]).ravel().tolist()
        return found


class ReusedSpan(NamedTuple):
    """From a day on: the row of classes, the prior outcomes by class and mode, and the classes to decide again.

    ``decided`` has the index of such a class and the number of its situation.
    """

    first_day: int
    row: int
    outcomes: list[int]
    decided: list[tuple[int, int]]


@immutable
class OutcomeReuse:
    """The situations to decide again, and the spans of the new table."""

    situations: list[Situation]
    spans: list[ReusedSpan]


def find_reuse(
    prior: PriorTable, reaches: ReachFinder, shapes: Sequence[RuleShape], claim: str, gates: frozenset[str]
) -> OutcomeReuse:
    """The outcomes that a list of rules of these shapes can reuse; arguments as in ``ReachFinder.find_reach``."""
    return _ReuseFinder(prior, reaches, shapes, claim, gates).find()


class _ReuseFinder:
    """Finds the spans of the new table and the classes of each that a changing rule reaches."""

    def __init__(
        self, prior: PriorTable, reaches: ReachFinder, shapes: Sequence[RuleShape], claim: str, gates: frozenset[str]
    ) -> None:
        self._prior = prior
        self._origins = reaches.origins
        self._gates = gates
        self._rules = [reaches.find_scope(shape, claim) for shape in shapes]
        self._changing = [reaches.find_scope(shape, claim) for shape in prior.changing]
        self._names = gates.union(*(rule.scope.names for rule in self._rules))
        self._situations: list[Situation] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self._outcomes: dict[int, list[int]] = {}

    def find(self) -> OutcomeReuse:
        """Every span, in order of days."""
        spans: list[ReusedSpan] = []
        first, days, rows = self._prior.read_spans()
        for start in [FIRST_DAY, *self._turns()]:
            index = bisect_right(days, start) - 1
            span, row = first + index, rows[index]
            touched = self._mask_touched(start)
            if touched is None:
                spans.append(ReusedSpan(start, row, self._all_outcomes(span, row), []))
            else:
                spans.append(self._find_changed_span(start, span, row, touched))
        return OutcomeReuse(self._situations, spans)

    def _turns(self) -> list[int]:
        """The days on which a rule, or a membership that one depends on, begins or has ended."""
        dated = (*self._rules, *self._changing)
        turns = {turn for rule in dated for turn in rule.days.turns}
        turns.discard(AFTER_ALL)
        names = self._names.union(*(rule.scope.names for rule in dated))
        turns.update(map(day_number, self._origins.find_turns(names)))
        return sorted(turns)

    def _find_changed_span(self, start: int, span: int, row: int, touched: NDArray[np.bool_]) -> ReusedSpan:
        """A span of which some origins are ``touched``; ``span`` and ``row`` are those of the prior table."""
        origins = self._origins
        here = [(at, rule.scope) for at, rule in enumerate(self._rules) if rule.days.covers(start)]
        own, classes = origins.find_classes(self._names if here else frozenset(), day_of(start))
        number, example = origins.read_row(own)
        outcomes = self._all_outcomes(span, row)
        if own != row:
            outcomes = self._prior.read_outcomes(span, origins.read_row(row)[0][example])
        decided = []
        for index in np.unique(number[touched]).tolist():
            memberships = classes[index]
            reached = [(at, entries) for at, scope in here if (entries := scope[memberships])]
            decided.append((index, self._number(Situation(reached, memberships))))
        return ReusedSpan(start, own, outcomes, decided)

    def _mask_touched(self, start: int) -> NDArray[np.bool_] | None:
        """Mask of the origins [economy] that a changing rule reaches on a day; None where it reaches none."""
        found: NDArray[np.bool_] | None = None
        for days, scope in self._changing:
            if days.covers(start):
                row, classes = self._origins.find_classes(scope.names, day_of(start))
                is_reached = np.array([bool(scope[memberships]) for memberships in classes])
                reached = is_reached[self._origins.read_row(row)[0]]
                found = reached if found is None else found | reached
        return found if found is not None and found.any() else None

    def _all_outcomes(self, span: int, row: int) -> list[int]:
        """The outcomes of all classes of a span of the prior table."""
        found = self._outcomes.get(span)
        if found is None:
            found = self._outcomes[span] = self._prior.read_all_outcomes(span, len(self._origins.read_row(row)[1]))
        return found

    def _number(self, situation: Situation) -> int:
        key = (*situation.reached, situation.memberships & self._gates)
        number = self._numbers.setdefault(key, len(self._situations))
        if number == len(self._situations):
            self._situations.append(situation)
        return number
