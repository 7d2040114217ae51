"""Decision tables: the outcomes of rule lists by day, class of origins and mode.

A *pattern* is a sequence of rule shapes; lists with the same pattern share one decision table. A table has *spans* of
days, a span has classes of origins, and each class has an outcome for every mode of the pattern's condition axes.
"""

from __future__ import annotations

import copy
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.compiled.compile.condition_axes import SOME_VALUE, ConditionAxes, find_axes
from ewtp.core.compiled.compile.levy_columns import LevySets
from ewtp.core.compiled.compile.levy_outcomes import LevyDecider, find_situation
from ewtp.core.compiled.compile.origin_reach import ReachFinder
from ewtp.core.compiled.compile.outcome_draft import ChargeWriter, OutcomeDue
from ewtp.core.compiled.compile.outcome_reuse import PriorTable, find_reuse
from ewtp.core.compiled.compile.outcomes import ListOutcome, Mode, OutcomeDecider
from ewtp.core.compiled.format import outcome_flag
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY
from ewtp.core.rulebook.duty_rank import Matched
from ewtp.core.rulebook.measure import EVERY_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.compiled.compile.intern_pools import InternPools
    from ewtp.core.compiled.compile.levy_columns import LevyColumns
    from ewtp.core.compiled.compile.origin_classes import OriginClasses
    from ewtp.core.compiled.compile.origin_reach import Situation
    from ewtp.core.compiled.compile.outcomes import RuleIndices
    from ewtp.core.compiled.compile.rule_shapes import RuleShapes
    from ewtp.core.rulebook.book import Book
    from ewtp.core.values.money import Money

_EVERYONE = (EVERY_ORIGIN,)
_NO_CLAIMS: frozenset[str] = frozenset()

PriorTableFinder = Callable[[], PriorTable | None]

# A mode as its buyer, transport, value's amount and currency, and claim.
ModeKey = tuple[str | Decimal | None, ...]


class NumberedOutcome(NamedTuple):
    """A ``ListOutcome`` whose sets and claims are numbers: of sets of the pattern, and in the intern pool."""

    dues: tuple[OutcomeDue, ...] = ()
    unknowns: int = 0
    fee_unknowns: int = 0
    tax_unknowns: int = 0
    flags: int = 0
    sets: tuple[int, int, int, int] = (0, 0, 0, 0)
    offers: tuple[int, ...] = ()


class TableSpan(NamedTuple):
    """From a day on: the row of classes, and the numbers of outcomes by class and mode.

    The numbers are 32-bit ones. Those below zero are outcomes of a prior table, as ``PriorTable`` gives them.
    """

    first_day: int
    classes: int
    outcomes: bytes


def find_no_prior() -> None:
    """The finder of a prior table where there is none."""


@dataclass(slots=True)
class DecisionTables:
    """The decision tables of all patterns, by number of the pattern; pattern 0 is that of the empty list.

    ``sets`` has by pattern the sets of indices that its outcomes refer to; the first set is empty.
    """

    book: Book
    origins: OriginClasses
    shapes: RuleShapes
    pools: InternPools
    outcomes: Pool[NumberedOutcome] = field(default_factory=Pool)
    axes: list[ConditionAxes] = field(default_factory=list)
    sets: list[list[tuple[int, ...]]] = field(default_factory=list)
    spans: list[list[TableSpan]] = field(default_factory=list)
    # Outcomes of single lower duties, by everything that affects them except the number of the program.
    single_outcomes: dict[tuple[object, ...], ListOutcome] = field(default_factory=dict)
    # Outcomes by facet, claim, the rules that reach the line and the claims open to its origin; then by mode. Their
    # sets are indices among the rules that reach the line.
    known_outcomes: dict[tuple[object, ...], dict[ModeKey, ListOutcome]] = field(default_factory=dict)
    # Outcomes of levies, by row, by whether a tax reaches the line and by the numbers of their sets.
    levy_outcomes: dict[tuple[object, ...], int] = field(default_factory=dict)
    # The outcomes of spans, each kept once: two thirds of them are equal to those of other spans.
    cases: dict[bytes, bytes] = field(default_factory=dict)
    # By facet, the number of the outcome where no rule of a list reaches the line.
    unreached: dict[Facet, int] = field(default_factory=dict)
    reaches: ReachFinder = field(init=False)
    levies: LevyDecider = field(init=False)
    _numbers: dict[tuple[Facet, str], dict[tuple[int, ...], int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.levies = LevyDecider(self.book, ChargeWriter(self.pools))
        self.reaches = ReachFinder(self.origins, Mode(None, None, SOME_VALUE[0], None).circumstances)

    def number(
        self,
        facet: Facet,
        shapes: tuple[int, ...],
        claim: str = "",
        find_prior: PriorTableFinder = find_no_prior,
    ) -> int:
        """The number of a pattern; ``claim`` is the claim that brings a list of lower duties in.

        ``find_prior`` is called for a new pattern and returns a table that its own may be derived from.
        """
        # The two lists of additional duties are decided in the same way.
        facet = Facet.ADDITIONAL if facet is Facet.BY_ORIGIN else facet
        known = self._numbers.setdefault((facet, claim), {})
        found = known.get(shapes)
        if found is None:
            found = known[shapes] = len(self.axes)
            self._add(facet, shapes, claim, find_prior())
        return found

    def _add(self, facet: Facet, numbers: tuple[int, ...], claim: str, prior: PriorTable | None) -> None:
        shapes = [self.shapes[n] for n in numbers]
        sets: Pool[tuple[int, ...]] = Pool(())
        read = find_axes(facet, shapes, self.pools)
        if read is None:
            self.axes.append(ConditionAxes())
            self.sets.append([()])
            scalar = self.outcomes.place(NumberedOutcome(flags=outcome_flag.SCALAR))
            self.spans.append([TableSpan(FIRST_DAY, 0, array("i", [scalar]).tobytes())])
            return
        axes, values = read
        if prior is not None and prior.read_axes() != axes:
            prior = None
        if prior is not None:
            for indices in prior.read_sets():
                sets.append(indices)
        self.axes.append(axes)
        self.spans.append(_DecisionTableBuilder(self, facet, numbers, claim, sets).build(axes, values, prior))
        self.sets.append(sets.listed)


class _DecisionTableBuilder:
    """Builds the table of one pattern; ``sets`` interns its sets of indices."""

    def __init__(
        self, tables: DecisionTables, facet: Facet, numbers: tuple[int, ...], claim: str, sets: Pool[tuple[int, ...]]
    ) -> None:
        self._tables = tables
        self._claim = claim
        self._numbers = numbers
        self._sets = sets
        self._keys: list[ModeKey] = []
        # The place of each claim among the modes of one buyer, transport and value; that of no claim is first.
        self._places: dict[str | None, int] = {}
        self._modes: list[Mode] = []
        self._columns: LevyColumns | None = None
        # By the claims that rules hear, the modes to decide, and by mode which of these gives the outcome.
        self._places_heard: dict[frozenset[str], tuple[list[int], list[int]]] = {}
        self._shapes = [tables.shapes[n] for n in numbers]
        claims = {claim}.union(*(shape.claims for shape in self._shapes))
        # Whether any rule hears a claim.
        self._hears = any(shape.claims for shape in self._shapes)
        # Claims that only members of a group may make.
        self._gates = frozenset(c for c in claims if c in tables.book.groups)
        # A rule is identified by being the same object, so rules of one shape in a list are copies.
        first = {number: index for index, number in reversed([*enumerate(numbers)])}
        self._rules = [
            shape.rule if first[number] == index else copy.copy(shape.rule)
            for index, (number, shape) in enumerate(zip(numbers, self._shapes, strict=True))
        ]
        indices = {id(rule): index for index, rule in enumerate(self._rules)}
        self._facet = facet
        # It refers to the dictionary alone: a builder that referred to itself would stay until the end of compiling.
        self._decider = OutcomeDecider(
            facet, tables.book, tables.levies.writer, lambda rule: indices[id(rule)], numbers
        )

    def build(self, axes: ConditionAxes, values: tuple[Money, ...], prior: PriorTable | None) -> list[TableSpan]:
        """The spans; ``values`` has one value for each interval of the axis of values."""
        names = self._tables.pools.claims.listed
        claims = (self._claim,) if self._claim else (None, *(names[n] for n in axes.claims))
        modes = [
            Mode(buyer, transport, value, claim)
            for buyer in (BUYERS if axes.buyer else BUYERS[:1])
            for transport in (TRANSPORTS if axes.transport else TRANSPORTS[:1])
            for value in values
            for claim in claims
        ]
        self._places = {each: place for place, each in enumerate(claims)}
        self._keys = [
            (mode.buyer, mode.transport, mode.value.amount, mode.value.currency, mode.claim) for mode in modes
        ]
        self._modes = modes
        if self._facet is Facet.LEVIES:
            self._columns = self._tables.levies.find_columns(axes, modes)
        if prior is not None:
            return self._build_from(prior, modes)
        reach = self._tables.reaches.find_reach(self._shapes, self._claim, self._gates)
        outcomes = [array("i", self._decide(situation, modes)).tobytes() for situation in reach.situations]
        spans: list[TableSpan] = []
        for start, row, situations in reach.spans:
            self._append_span(spans, start, row, b"".join([outcomes[n] for n in situations]))
        return spans

    def _build_from(self, prior: PriorTable, modes: list[Mode]) -> list[TableSpan]:
        """The spans, reusing outcomes of the prior table that no changing rule affects."""
        reuse = find_reuse(prior, self._tables.reaches, self._shapes, self._claim, self._gates)
        outcomes = [self._decide(situation, modes) for situation in reuse.situations]
        spans: list[TableSpan] = []
        for start, row, reused, decided in reuse.spans:
            found = reused.copy()
            for index, n in decided:
                found[index * len(modes) : (index + 1) * len(modes)] = outcomes[n]
            self._append_span(spans, start, row, array("i", found).tobytes())
        return spans

    def _append_span(self, spans: list[TableSpan], first_day: int, classes: int, outcomes: bytes) -> None:
        """Append a span, unless it is like the one before it; equal outcomes of any two spans are kept once."""
        kept = self._tables.cases.setdefault(outcomes, outcomes)
        if not spans or spans[-1].classes != classes or spans[-1].outcomes is not kept:
            spans.append(TableSpan(first_day, classes, kept))

    def _decide(self, situation: Situation, modes: list[Mode]) -> list[int]:
        """The numbers of the outcomes of a situation, by mode."""
        if not situation.reached:
            return [self._find_unreached(modes[0])] * len(modes)
        if self._claim and len(self._shapes) == 1:
            return [self._decide_single(situation, modes[0])]
        indices = [index for index, _ in situation.reached]
        mentioned = frozenset().union(*[self._shapes[index].claims for index in indices]) if self._hears else _NO_CLAIMS
        opened = situation.memberships & self._gates
        # A claim that is not open to the origin is refused, whatever else would apply to a line with it.
        heard = mentioned - (self._gates - opened)
        if self._columns is not None:
            return self._decide_levies(situation, indices, self._columns, heard)
        # Except for lower duties, the only thing that matters of the entries is whether a rule names the origin.
        rules = tuple(
            [
                (self._numbers[index], entries if self._claim else entries == _EVERYONE)
                for index, entries in situation.reached
            ]
        )
        key = (self._facet, self._claim, rules, opened & mentioned if not self._claim else opened)
        known = self._tables.known_outcomes.setdefault(key, {})
        matched = [Matched(self._rules[index], entries) for index, entries in situation.reached]
        decided, places = self._find_places(heard)
        numbers: list[int] = []
        for place in decided:
            name = self._keys[place]
            outcome = known.get(name)
            if outcome is None:
                facts = modes[place].circumstances(situation.memberships)
                outcome = known[name] = self._decide_mode(matched, facts, indices)
            numbers.append(self._number(outcome, indices))
        return [numbers[n] for n in places]

    def _decide_levies(
        self, situation: Situation, indices: list[int], columns: LevyColumns, heard: frozenset[str]
    ) -> list[int]:
        """The numbers of the outcomes of a situation of levies, by mode."""
        matched = [Matched(self._rules[index], entries) for index, entries in situation.reached]
        levies = find_situation(matched, [self._numbers[index] for index in indices], situation.memberships)
        rows, by_mode = self._tables.levies.find_rows(levies, columns, columns.find_places(heard))
        is_taxed = levies.is_taxed
        known = self._tables.levy_outcomes
        sets = LevySets(lambda kind, row: self._place_set(self._tables.levies.find_charged(levies, kind, row), indices))
        numbers: list[int] = []
        for row in rows:
            own = sets.find(row)
            name = (row, is_taxed, own)
            number = known.get(name)
            if number is None:
                number = known[name] = self._place(self._tables.levies.decide(row, is_taxed=is_taxed), own)
            numbers.append(number)
        return [numbers[n] for n in by_mode]

    def _find_places(self, heard: frozenset[str]) -> tuple[list[int], list[int]]:
        """The modes to decide where rules hear these claims, and by mode the index of the one that has its outcome.

        A claim that no rule hears changes nothing.
        """
        found = self._places_heard.get(heard)
        if found is None:
            width = len(self._places)
            claimed = {self._places[claim] for claim in heard if claim in self._places} if width > 1 else set()
            places = [n if n % width in claimed else n - n % width for n in range(len(self._modes))]
            decided = list(dict.fromkeys(places))
            index = {place: n for n, place in enumerate(decided)}
            found = self._places_heard[heard] = decided, [index[place] for place in places]
        return found

    def _decide_mode(self, matched: list[Matched], facts: LineFacts, indices: list[int]) -> ListOutcome:
        """The outcome of a list that consists of the rules at ``indices`` only."""
        outcome = self._decider.decide(matched, facts)
        first, second, third, fourth = (tuple(map(indices.index, each)) for each in outcome.sets)
        return outcome.with_sets((first, second, third, fourth))

    def _find_unreached(self, mode: Mode) -> int:
        """The number of the outcome where no rule reaches the line, which depends on the facet alone."""
        known = self._tables.unreached
        found = known.get(self._facet)
        if found is None:
            decides = self._facet is not Facet.LEVIES
            nothing = self._decider.decide((), mode.circumstances(frozenset())) if decides else ListOutcome()
            found = known[self._facet] = self._number(nothing)
        return found

    def _decide_single(self, situation: Situation, mode: Mode) -> int:
        """The number of the outcome of a single lower duty.

        Its expression decides the number of the program only, since a claimed duty is not compared with another one.
        """
        rule = self._rules[0]
        program, number = self._tables.pools.program(self._numbers[0], rule)
        measure = rule.measure
        gates = situation.memberships & self._gates
        entries = situation.reached[0][1]
        terms = (measure.kind, measure.order_number, measure.conditions)
        key = (self._claim, *terms, entries, gates, program.refusal, program.scalar, number < 0)
        outcome = self._tables.single_outcomes.get(key)
        if outcome is None:
            matched = [Matched(rule, entries)]
            outcome = self._decider.decide(matched, mode.circumstances(situation.memberships))
            self._tables.single_outcomes[key] = outcome
        dues = tuple([due._replace(program=number) for due in outcome.dues])
        return self._number(replace(outcome, dues=dues))

    def _number(self, outcome: ListOutcome, indices: Sequence[int] = (0,)) -> int:
        """The number of an outcome whose sets are indices among ``indices``."""
        first, second, third, fourth = outcome.sets
        return self._place(
            outcome,
            (
                self._place_set(first, indices),
                self._place_set(second, indices),
                self._place_set(third, indices),
                self._place_set(fourth, indices),
            ),
        )

    def _place_set(self, own: RuleIndices, indices: Sequence[int]) -> int:
        """The number of a set of indices among ``indices``."""
        return self._sets.place(tuple([indices[n] for n in own])) if own else 0

    def _place(self, outcome: ListOutcome, sets: tuple[int, int, int, int]) -> int:
        """The number of an outcome with the numbers of its sets."""
        return self._tables.outcomes.place(
            NumberedOutcome(
                outcome.dues,
                outcome.unknowns,
                outcome.fee_unknowns,
                outcome.tax_unknowns,
                outcome.flags,
                sets,
                tuple(map(self._tables.pools.claims.place, outcome.offers)) if outcome.offers else (),
            )
        )
