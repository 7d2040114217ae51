"""Patterns: what lists of rules of the same shapes come to, on every day, for every class of origins and every mode.

A *mode* is what else conditions ask about: the buyer, the means of transport, where the value lies among limits, and
what is claimed.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.duties import Matched, sort_rules
from ewtp.core.compiled.days import FIRST_DAY, day_after, day_number, day_of
from ewtp.core.compiled.lists import Facet, Pool
from ewtp.core.compiled.outcomes import SCALAR, Case, Decider, Outcome, Vocabulary
from ewtp.core.compiled.tables import BUYERS, TRANSPORTS
from ewtp.core.rulebook.measure import Origins as Origin
from ewtp.core.values.money import Money, minor_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.assessment.circumstances import Circumstances
    from ewtp.core.compiled.origins import Origins
    from ewtp.core.compiled.shapes import Shape, Shapes
    from ewtp.core.rulebook.book import Book, Rule

_VALUE_CONDITIONS = frozenset({"maximum_value", "below_value", "minimum_value"})
_SOME_VALUE = (Money(Decimal(1), "XXX"),)
# The facets whose rules are tested on more than origin and claim.
_TESTED = frozenset({Facet.DUTY, Facet.ADDITIONAL, Facet.BY_ORIGIN, Facet.LEVIES})

# An outcome with its sets of places numbered: dues, three kinds of unknowns, flags, four sets, offers.
Settled = tuple[tuple[tuple[int, ...], ...], int, int, int, int, int, int, int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Modes:
    """Which modes there are: whether buyer and transport count, the limits of value in minor units, the claims."""

    buyer: bool = False
    transport: bool = False
    currency: int = -1
    limits: tuple[int, ...] = ()
    claims: tuple[int, ...] = ()


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
    _numbers: dict[tuple[Facet, str, tuple[int, ...]], int] = field(default_factory=dict)

    def number(self, facet: Facet, shapes: tuple[int, ...], claim: str = "") -> int:
        """The number of a pattern; ``claim`` is the one that brings a list of lower duties in."""
        # Two kinds of additional duty are decided alike.
        key = (Facet.ADDITIONAL if facet is Facet.BY_ORIGIN else facet, claim, shapes)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.modes)
            self._add(key[0], shapes, claim)
        return found

    def _add(self, facet: Facet, numbers: tuple[int, ...], claim: str) -> None:
        shapes = [self.shapes[n] for n in numbers]
        sets = Pool(())
        read = _modes(facet, shapes, self.words)
        if read is None:
            self.modes.append(Modes())
            self.sets.append([()])
            self.spans.append(
                [(FIRST_DAY, 0, [self.outcomes.place(_settled(Outcome(flags=SCALAR), sets, self.words))])]
            )
            return
        modes, values = read
        self.modes.append(modes)
        spans: list[tuple[int, int, list[int]]] = []
        for span in _Making(self, facet, numbers, claim, sets).spans(modes, values):
            if not spans or spans[-1][1:] != span[1:]:
                spans.append(span)
        self.spans.append(spans)
        self.sets.append(sets.listed)


class _Making:
    """One pattern on its way."""

    def __init__(self, patterns: Patterns, facet: Facet, numbers: tuple[int, ...], claim: str, sets: Pool) -> None:
        self._patterns = patterns
        self._claim = claim or None
        self._sets = sets
        self._shapes = [patterns.shapes[n] for n in numbers]
        # Rules of one shape in one list are told apart by being copies.
        self._rules: list[Rule] = []
        names: set[str] = set()
        for place, shape in enumerate(self._shapes):
            rule = shape.timeless
            if claim in shape.names and claim in rule.measure.origins.include:
                # A claim brings a rule in through the one group that it names, whatever others the rule names.
                rule = _narrowed(rule, claim)
                names.update(rule.named, rule.measure.origins.exclude)
            else:
                names |= shape.names
                rule = copy.copy(rule) if numbers[place] in numbers[:place] else rule
            self._rules.append(rule)
        self._places = {id(rule): place for place, rule in enumerate(self._rules)}
        self._decider = Decider(facet, patterns.book, patterns.words, lambda rule: self._places[id(rule)], numbers)
        # Claims that only the members of a group may make.
        claims = {c for shape in self._shapes for c in (*shape.claims, claim)}
        self._gates = frozenset(c for c in claims if c in patterns.book.groups)
        self._names = self._gates.union(names)
        self._reached: dict[frozenset[str], tuple[list[Circumstances], dict[int, Matched]]] = {}
        self._decided: dict[tuple[object, ...], list[int]] = {}

    def spans(self, modes: Modes, values: tuple[Money, ...]) -> Iterator[tuple[int, int, list[int]]]:
        """From each day on: the row of classes, and the outcomes of every class, mode by mode."""
        origins = self._patterns.origins
        turns = {turn for shape in self._shapes for turn in (shape.first_day, day_after(shape.last_day)) if turn}
        turns.update(origins.turns(self._names))
        named = self._patterns.words.claims.listed
        each = (self._claim,) if self._claim else (None, *(named[n] for n in modes.claims))
        cases = [
            Case(buyer, transport, value, claim)
            for buyer in (BUYERS if modes.buyer else BUYERS[:1])
            for transport in (TRANSPORTS if modes.transport else TRANSPORTS[:1])
            for value in values
            for claim in each
        ]
        for start in [FIRST_DAY, *sorted(day_number(turn) for turn in turns)]:
            day = day_of(start)
            here = [shape.first_day <= day <= shape.last_day for shape in self._shapes]
            row, classes = origins.classes(self._names if any(here) else frozenset(), day)
            found: list[int] = []
            for memberships in classes:
                found += self._outcomes(here, memberships, cases)
            yield start, row, found

    def _outcomes(self, here: list[bool], memberships: frozenset[str], cases: list[Case]) -> list[int]:
        known = self._reached.get(memberships)
        if known is None:
            facts = [case.circumstances(memberships) for case in cases]
            known = self._reached[memberships] = (facts, self._reach(facts[0]))
        facts, reached = known
        found = tuple(place for place in reached if here[place])
        # What a claim opens depends on the memberships too.
        key = (found, memberships & self._gates)
        outcomes = self._decided.get(key)
        if outcomes is None:
            matched = [reached[place] for place in found]
            asked = frozenset().union(*(self._shapes[place].claims for place in found))
            outcomes = []
            unclaimed = 0
            for case, each in zip(cases, facts, strict=True):
                if case.claim is None or self._claim or case.claim in asked:
                    outcomes.append(self._number(self._decider.decide(matched, each)))
                    unclaimed = outcomes[-1] if case.claim is None else unclaimed
                else:
                    # A claim that none of the rules knows changes nothing; the case without one came before.
                    outcomes.append(unclaimed)
            self._decided[key] = outcomes
        return outcomes

    def _number(self, outcome: Outcome) -> int:
        return self._patterns.outcomes.place(_settled(outcome, self._sets, self._patterns.words))

    def _reach(self, facts: Circumstances) -> dict[int, Matched]:
        """The rules that reach these origins on any day, by place."""
        by_kind = sort_rules(self._rules, facts)
        found = {self._places[id(m.rule)]: m for matched in by_kind.values() for m in matched}
        return dict(sorted(found.items()))


def _narrowed(rule: Rule, claim: str) -> Rule:
    origins = Origin(include=(claim,), exclude=rule.measure.origins.exclude)
    return replace(rule, measure=replace(rule.measure, origins=origins))


def _settled(outcome: Outcome, sets: Pool, words: Vocabulary) -> Settled:
    numbered = [sets.place(each) for each in outcome.sets]
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


def _modes(facet: Facet, shapes: list[Shape], words: Vocabulary) -> tuple[Modes, tuple[Money, ...]] | None:
    """The modes of a list, with a value for each interval; None where limits are not in one currency's coins."""
    claims: tuple[int, ...] = ()
    if facet is not Facet.LOWER:
        claims = tuple(words.claims.place(c) for c in sorted({c for shape in shapes for c in shape.claims}))
    if facet not in _TESTED:
        return Modes(claims=claims), _SOME_VALUE
    conditions = [c for shape in shapes for c in shape.rule.measure.conditions]
    read = _limits({c.value for c in conditions if c.kind in _VALUE_CONDITIONS})
    if read is None:
        return None
    currency, limits, values = read
    kinds = {c.kind for c in conditions}
    number = words.currencies.place(currency) if currency else -1
    return Modes("buyer" in kinds, "transport" in kinds, number, limits, claims), values


def _limits(limits: set[str]) -> tuple[str, tuple[int, ...], tuple[Money, ...]] | None:
    """The limits' currency, the limits in minor units, and one value below, at, between and above them.

    None where the limits are in more than one currency, or finer than a minor unit.
    """
    if not limits:
        return "", (), _SOME_VALUE
    parted = [text.partition(" ") for text in limits]
    currencies = {currency for _, _, currency in parted}
    currency = currencies.pop()
    amounts = sorted({Decimal(figure) for figure, _, _ in parted})
    minor = [amount.scaleb(minor_units(currency)) for amount in amounts]
    if currencies or any(amount != amount.to_integral_value() for amount in minor):
        return None
    values = [amounts[0] / 2]
    for amount, following in zip(amounts, [*amounts[1:], amounts[-1] * 3 + 1], strict=True):
        values += [amount, (amount + following) / 2]
    return currency, tuple(int(amount) for amount in minor), tuple(Money(value, currency) for value in values)
