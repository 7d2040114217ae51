"""Patterns: what lists of rules of the same shapes come to, on every day, for every class of origins and every mode.

A *mode* is what else conditions ask about: the buyer, the means of transport, where the value lies among limits, and
what is claimed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from ewtp.core.assessment.matched_rules import Matched
from ewtp.core.compiled.compile.condition_axes import SOME_VALUE, Modes, modes_of
from ewtp.core.compiled.compile.origin_reach import Reaches
from ewtp.core.compiled.compile.outcomes import Case, Decider, Outcome, Vocabulary
from ewtp.core.compiled.compile.reused_outcomes import Earlier, kept_of
from ewtp.core.compiled.format import outcome_flag
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY
from ewtp.core.rulebook.measure import EVERY_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.compiled.compile.origin_classes import Origins
    from ewtp.core.compiled.compile.origin_reach import Situation
    from ewtp.core.compiled.compile.rule_shapes import Shapes
    from ewtp.core.rulebook.book import Book
    from ewtp.core.values.money import Money

_EVERYONE = (EVERY_ORIGIN,)

# An outcome with its sets of places numbered: dues, three kinds of unknowns, flags, four sets, offers.
Settled = tuple[tuple[tuple[int, ...], ...], int, int, int, int, int, int, int, int, tuple[int, ...]]


EarlierOf = Callable[[], Earlier | None]

# A case's buyer, transport, value and its currency, and claim.
CaseName = tuple[str | None, str | None, Decimal, str, str | None]


def no_earlier() -> None:
    """No pattern to make another one from."""


@dataclass(slots=True)
class Patterns:
    """Every pattern met, in the columns of the compiled book; pattern 0 is that of the empty list of each facet."""

    book: Book
    origins: Origins
    shapes: Shapes
    words: Vocabulary
    outcomes: Pool = field(default_factory=Pool)
    modes: list[Modes] = field(default_factory=list)
    # Per pattern, the sets of places in the list that its outcomes speak of; the first one is empty.
    sets: list[list[tuple[int, ...]]] = field(default_factory=list)
    spans: list[list[tuple[int, int, list[int]]]] = field(default_factory=list)
    # Outcomes of single lower duties, by all that matters for them but the program's number.
    alone: dict[tuple[object, ...], Outcome] = field(default_factory=dict)
    # Outcomes by facet, claim, the rules that reach the line and what its origin may claim; then by case. Their sets
    # speak of the rules that reach the line by place among those.
    decided: dict[tuple[object, ...], dict[CaseName, Outcome]] = field(default_factory=dict)
    # By facet, the outcome where no rule of a list reaches the line.
    nothing: dict[Facet, int] = field(default_factory=dict)
    reaches: Reaches = field(init=False)
    _numbers: dict[tuple[Facet, str], dict[tuple[int, ...], int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reaches = Reaches(self.origins, Case(None, None, SOME_VALUE[0], None).circumstances)

    def number(self, facet: Facet, shapes: tuple[int, ...], claim: str = "", earlier: EarlierOf = no_earlier) -> int:
        """The number of a pattern; ``claim`` is the one that brings a list of lower duties in.

        ``earlier`` gives one that it may be made from; outcomes that stay stand below zero, as that one gives them.
        """
        # Two kinds of additional duty are decided alike.
        facet = Facet.ADDITIONAL if facet is Facet.BY_ORIGIN else facet
        alike = self._numbers.setdefault((facet, claim), {})
        found = alike.get(shapes)
        if found is None:
            found = alike[shapes] = len(self.modes)
            self._add(facet, shapes, claim, earlier())
        return found

    def _add(self, facet: Facet, numbers: tuple[int, ...], claim: str, earlier: Earlier | None) -> None:
        shapes = [self.shapes[n] for n in numbers]
        sets = Pool(())
        read = modes_of(facet, shapes, self.words)
        if read is None:
            self.modes.append(Modes())
            self.sets.append([()])
            self.spans.append(
                [
                    (
                        FIRST_DAY,
                        0,
                        [self.outcomes.place(_settled(Outcome(flags=outcome_flag.SCALAR), (), sets, self.words))],
                    )
                ]
            )
            return
        modes, values = read
        if earlier is not None:
            if earlier.modes() != modes:
                earlier = None
            else:
                for places in earlier.sets():
                    sets.append(places)
        self.modes.append(modes)
        self.spans.append(_Making(self, facet, numbers, claim, sets).spans(modes, values, earlier))
        self.sets.append(sets.listed)


class _Making:
    """One pattern on its way."""

    def __init__(self, patterns: Patterns, facet: Facet, numbers: tuple[int, ...], claim: str, sets: Pool) -> None:
        self._patterns = patterns
        self._claim = claim
        self._numbers = numbers
        self._sets = sets
        self._gates: frozenset[str] = frozenset()
        self._shapes = [patterns.shapes[n] for n in numbers]
        # Rules of one shape in one list are told apart by being copies.
        first = {number: place for place, number in reversed([*enumerate(numbers)])}
        self._rules = [
            shape.rule if first[number] == place else copy.copy(shape.rule)
            for place, (number, shape) in enumerate(zip(numbers, self._shapes, strict=True))
        ]
        self._places = {id(rule): place for place, rule in enumerate(self._rules)}
        self._decider = Decider(facet, patterns.book, patterns.words, lambda rule: self._places[id(rule)], numbers)

    def spans(
        self, modes: Modes, values: tuple[Money, ...], earlier: Earlier | None
    ) -> list[tuple[int, int, list[int]]]:
        """From each day on: the row of classes, and the outcomes of every class, mode by mode."""
        named = self._patterns.words.claims.listed
        each = (self._claim,) if self._claim else (None, *(named[n] for n in modes.claims))
        cases: list[tuple[Case, CaseName]] = [
            (Case(buyer, transport, value, claim), (buyer, transport, value.amount, value.currency, claim))
            for buyer in (BUYERS if modes.buyer else BUYERS[:1])
            for transport in (TRANSPORTS if modes.transport else TRANSPORTS[:1])
            for value in values
            for claim in each
        ]
        # Claims that only the members of a group may make.
        claims = {self._claim}.union(*(shape.claims for shape in self._shapes))
        self._gates = frozenset(c for c in claims if c in self._patterns.book.groups)
        if earlier is not None:
            return self._changed(earlier, cases)
        reach = self._patterns.reaches.of(self._shapes, self._claim, self._gates)
        outcomes = [self._outcomes(situation, cases) for situation in reach.situations]
        spans: list[tuple[int, int, list[int]]] = []
        for start, row, situations in reach.spans:
            found = list(chain.from_iterable([outcomes[n] for n in situations]))
            if not spans or spans[-1][1:] != (row, found):
                spans.append((start, row, found))
        return spans

    def _changed(self, earlier: Earlier, cases: list[tuple[Case, CaseName]]) -> list[tuple[int, int, list[int]]]:
        """The spans, with outcomes as they were where no rule that changes reaches."""
        kept = kept_of(earlier, self._patterns.reaches, self._shapes, self._claim, self._gates)
        outcomes = [self._outcomes(situation, cases) for situation in kept.situations]
        spans: list[tuple[int, int, list[int]]] = []
        for start, row, before, anew in kept.spans:
            found = before.copy()
            for place, n in anew:
                found[place * len(cases) : (place + 1) * len(cases)] = outcomes[n]
            if not spans or spans[-1][1:] != (row, found):
                spans.append((start, row, found))
        return spans

    def _outcomes(self, situation: Situation, cases: list[tuple[Case, CaseName]]) -> list[int]:
        if not situation.reached:
            return [self._nothing(cases[0][0])] * len(cases)
        if self._claim and len(self._shapes) == 1:
            return [self._alone(situation, cases[0][0])]
        places = [place for place, _ in situation.reached]
        asked = frozenset().union(*[self._shapes[place].claims for place in places])
        opened = situation.memberships & self._gates
        # Apart from lower duties, all that matters of the entries is whether a rule names the origin.
        what = tuple(
            [
                (self._numbers[place], entries if self._claim else entries == _EVERYONE)
                for place, entries in situation.reached
            ]
        )
        key = (self._decider.facet, self._claim, what, opened & asked if not self._claim else opened)
        alike = self._patterns.decided.setdefault(key, {})
        outcomes: list[int] = []
        unclaimed = 0
        for case, name in cases:
            if case.claim is None or self._claim or case.claim in asked:
                outcome = alike.get(name)
                if outcome is None:
                    outcome = alike[name] = self._decided(situation, case, places)
                outcomes.append(self._number(outcome, places))
                unclaimed = outcomes[-1] if case.claim is None else unclaimed
            else:
                # A claim that none of the rules knows changes nothing; the case without one came before.
                outcomes.append(unclaimed)
        return outcomes

    def _decided(self, situation: Situation, case: Case, places: list[int]) -> Outcome:
        """The outcome as for a list that has the rules at ``places`` alone."""
        matched = [Matched(self._rules[place], entries) for place, entries in situation.reached]
        outcome = self._decider.decide(matched, case.circumstances(situation.memberships))
        asked, forbidden, third, fourth = (tuple(map(places.index, each)) for each in outcome.sets)
        return replace(outcome, sets=(asked, forbidden, third, fourth))

    def _nothing(self, case: Case) -> int:
        """The outcome where no rule reaches the line: nothing about the line or the list matters then."""
        known = self._patterns.nothing
        found = known.get(self._decider.facet)
        if found is None:
            found = known[self._decider.facet] = self._number(self._decider.decide((), case.circumstances(frozenset())))
        return found

    def _alone(self, situation: Situation, case: Case) -> int:
        """The outcome of one rule that a claim brings in.

        What it charges decides the number of the program and nothing else: it is never measured against another duty.
        """
        rule = self._rules[0]
        program, place = self._patterns.words.program(self._numbers[0], rule)
        measure = rule.measure
        gates = situation.memberships & self._gates
        entries = situation.reached[0][1]
        what = (measure.kind, measure.order_number, measure.conditions)
        key = (self._claim, *what, entries, gates, program.refusal, program.scalar, place < 0)
        outcome = self._patterns.alone.get(key)
        if outcome is None:
            matched = [Matched(rule, entries)]
            outcome = self._decider.decide(matched, case.circumstances(situation.memberships))
            self._patterns.alone[key] = outcome
        dues = tuple([(place, *due[1:]) for due in outcome.dues])
        return self._number(replace(outcome, dues=dues))

    def _number(self, outcome: Outcome, places: Sequence[int] = (0,)) -> int:
        """The number of an outcome whose sets speak of the rules at ``places``."""
        return self._patterns.outcomes.place(_settled(outcome, places, self._sets, self._patterns.words))


def _settled(outcome: Outcome, places: Sequence[int], sets: Pool, words: Vocabulary) -> Settled:
    numbered = [sets.place(tuple([places[n] for n in each])) if each else 0 for each in outcome.sets]
    return (
        outcome.dues,
        outcome.unknowns,
        outcome.fee_unknowns,
        outcome.tax_unknowns,
        outcome.flags,
        numbered[0],
        numbered[1],
        numbered[2],
        numbered[3],
        tuple(words.claims.place(claim) for claim in outcome.offers),
    )
