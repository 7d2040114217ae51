"""What stays of a pattern where few of its rules change: all outcomes of days and origins that those do not reach."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.compile.condition_axes import Modes
from ewtp.core.compiled.compile.origin_reach import AFTER_ALL, Situation
from ewtp.core.compiled.format import pattern_field
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, day_number, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.origin_reach import Reaches
    from ewtp.core.compiled.compile.rule_shapes import Shape
    from ewtp.core.compiled.format.tables import Tables


@dataclass(frozen=True, slots=True)
class Earlier:
    """A pattern of a compiled book, from which another one is made.

    ``moved`` gives for places in lists of the pattern those in lists of the other one; ``changing`` are the shapes of
    all rules that only one of the two has.
    """

    tables: Tables
    pattern: int
    moved: Mapping[int, int]
    changing: Sequence[Shape]

    def modes(self) -> Modes:
        """The modes of the pattern."""
        tables = self.tables
        fields = tables.pattern_fields[self.pattern].tolist()
        limits = tables.limit_minor[fields[pattern_field.LIMITS] : fields[pattern_field.LIMITS_END]].tolist()
        claims = tables.pattern_claim[fields[pattern_field.CLAIMS] : fields[pattern_field.CLAIMS_END]].tolist()
        currency = fields[pattern_field.CURRENCY]
        return Modes(
            bool(fields[pattern_field.BUYER]),
            bool(fields[pattern_field.TRANSPORT]),
            currency,
            tuple(limits),
            tuple(claims),
        )

    def sets(self) -> Iterator[tuple[int, ...]]:
        """The sets of places from number 1 on, as places of the other pattern; what has none there is left out."""
        tables = self.tables
        begin, end = tables.pattern_sets[self.pattern : self.pattern + 2].tolist()
        for number in range(begin + 1, end):
            first, last = tables.set_places_start[number : number + 2].tolist()
            places = tables.set_places[first:last].tolist()
            yield tuple([self.moved[place] for place in places if place in self.moved])

    def spans(self) -> tuple[int, list[int], list[int]]:
        """The number of the first span, and the first day and the row of classes of each."""
        tables = self.tables
        fields: list[int] = tables.pattern_fields[self.pattern].tolist()
        first, last = fields[pattern_field.SPANS], fields[pattern_field.SPANS_END]
        return first, tables.span_day[first:last].tolist(), tables.span_classes[first:last].tolist()

    def all_outcomes(self, span: int, classes: int) -> list[int]:
        """The outcomes of all classes of a span, as ``outcomes`` gives them."""
        tables = self.tables
        first = int(tables.span_cases[span])
        last = first + classes * int(tables.pattern_fields[self.pattern, pattern_field.MODES])
        found: list[int] = (-1 - tables.case_outcome[first:last]).tolist()
        return found

    def outcomes(self, span: int, classes: NDArray[np.int64]) -> list[int]:
        """The outcomes of all modes for each of these classes of a span, one class after the other.

        They are told from those that are made anew by standing below zero, the first one as -1.
        """
        tables = self.tables
        modes = int(tables.pattern_fields[self.pattern, pattern_field.MODES])
        first = int(tables.span_cases[span]) + classes * modes
        found: list[int] = (-1 - tables.case_outcome[first[:, None] + np.arange(modes)]).ravel().tolist()
        return found


# A first day, a row of classes, the outcomes of an earlier pattern for every class and mode, and the classes that are
# decided anew, each with the number of its situation.
Span = tuple[int, int, list[int], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The situations that are decided anew, and from each day on what there was before and which classes have them."""

    situations: list[Situation]
    spans: list[Span]


def kept_of(earlier: Earlier, reaches: Reaches, shapes: Sequence[Shape], claim: str, gates: frozenset[str]) -> Kept:
    """What stays of an earlier pattern in that of a list of rules of these shapes; see ``Reaches.of``."""
    return _Keeping(earlier, reaches, shapes, claim, gates).kept()


class _Keeping:
    """What stays, on its way."""

    def __init__(
        self, earlier: Earlier, reaches: Reaches, shapes: Sequence[Shape], claim: str, gates: frozenset[str]
    ) -> None:
        self._earlier = earlier
        self._origins = reaches.origins
        self._gates = gates
        self._rules = [reaches.lasting(shape, claim) for shape in shapes]
        self._changing = [reaches.lasting(shape, claim) for shape in earlier.changing]
        self._names = gates.union(*(scope.names for _, _, scope in self._rules))
        self._situations: list[Situation] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self._before: dict[int, list[int]] = {}

    def kept(self) -> Kept:
        """The whole of it."""
        origins = self._origins
        lasting = (*self._rules, *self._changing)
        turns = {turn for first, last, _ in lasting for turn in (first, last + 1)}
        turns.discard(AFTER_ALL)
        turns.update(map(day_number, origins.turns(self._names.union(*(scope.names for _, _, scope in lasting)))))
        spans: list[Span] = []
        first, days, rows = self._earlier.spans()
        for start in [FIRST_DAY, *sorted(turns)]:
            place = bisect_right(days, start) - 1
            span, row = first + place, rows[place]
            touched = self._touched(start)
            if touched is None:
                spans.append((start, row, self._all(span, row), []))
                continue
            here = [(place, scope) for place, (first, last, scope) in enumerate(self._rules) if first <= start <= last]
            own, classes = origins.classes(self._names if here else frozenset(), day_of(start))
            number, example = origins.row(own)
            before = self._all(span, row)
            if own != row:
                before = self._earlier.outcomes(span, origins.row(row)[0][example])
            anew = []
            for place in np.unique(number[touched]).tolist():
                memberships = classes[place]
                reached = [(at, entries) for at, scope in here if (entries := scope[memberships])]
                anew.append((place, self._number(Situation(reached, memberships))))
            spans.append((start, own, before, anew))
        return Kept(self._situations, spans)

    def _touched(self, start: int) -> NDArray[np.bool_] | None:
        """Which origins a rule that changes reaches from a day on; None for none."""
        found: NDArray[np.bool_] | None = None
        for first, last, scope in self._changing:
            if first <= start <= last:
                row, classes = self._origins.classes(scope.names, day_of(start))
                reached = np.array([bool(scope[memberships]) for memberships in classes])[self._origins.row(row)[0]]
                found = reached if found is None else found | reached
        return found if found is not None and found.any() else None

    def _all(self, span: int, row: int) -> list[int]:
        """The outcomes of all classes of a span."""
        found = self._before.get(span)
        if found is None:
            found = self._before[span] = self._earlier.all_outcomes(span, len(self._origins.row(row)[1]))
        return found

    def _number(self, situation: Situation) -> int:
        key = (*situation.reached, situation.memberships & self._gates)
        number = self._numbers.setdefault(key, len(self._situations))
        if number == len(self._situations):
            self._situations.append(situation)
        return number
