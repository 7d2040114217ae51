"""What a list of rules comes to for one kind of line, decided by the scalar path's own functions at compile time."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.circumstances import Circumstances, standing
from ewtp.core.assessment.duties import (
    Matched,
    Work,
    additional_rules,
    charging_programmes,
    choose_duty,
    sort_rules,
)
from ewtp.core.assessment.reliefs import apply_reliefs
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.compiled.programs import (
    EQUAL,
    INHERITED,
    PER_UNIT,
    Names,
    Program,
    amount_of_bound,
    program_of,
)
from ewtp.core.compiled.unknowns import unknown_bit
from ewtp.core.rulebook.expressions.evaluate import Facts
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from ewtp.core.rulebook.book import Rule
    from ewtp.core.values.money import Money


class Facet(IntEnum):
    """Which part of the answer a list of rules decides."""

    DUTY = 0
    ADDITIONAL = 1
    LEVIES = 2
    PAPERS = 3
    # Additional duties that tell many origins apart, and so are kept from those that belong to few codes.
    ADDITIONAL_BY_ORIGIN = 4


FACET_OF = {
    Kind.DUTY: Facet.DUTY,
    Kind.ADDITIONAL_DUTY: Facet.ADDITIONAL,
    Kind.EXCISE: Facet.LEVIES,
    Kind.FEE: Facet.LEVIES,
    Kind.TAX: Facet.LEVIES,
    Kind.RELIEF: Facet.LEVIES,
    Kind.REQUIREMENT: Facet.PAPERS,
    Kind.PROHIBITION: Facet.PAPERS,
}
# The facets that rules are gathered under; the one by origin is split off afterwards.
FACETS_OF_RULES = (Facet.DUTY, Facet.ADDITIONAL, Facet.LEVIES, Facet.PAPERS)
# What an outcome says of a line besides its charges.
SCALAR, NOTHING_MATCHED, TAX_MATCHED, RELIEVED = 1, 2, 4, 8
ON_CUSTOMS_VALUE, ON_DUTY_PAID = 0, 1
_CHARGE_DUTY, _CHARGE_ADDITIONAL, _CHARGE_EXCISE, _CHARGE_FEE, _CHARGE_TAX = range(5)
_MAY_FAIL = frozenset({PER_UNIT, INHERITED, EQUAL})
NO_BOUND = -1

# Program, kind of charge, base, whether it is only tried, floor and cap in hundred-millionths, their currency.
Due = tuple[int, int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The charges to compute, what is left open, flags, and the sets of measures behind each kind of charge."""

    dues: tuple[Due, ...] = ()
    unknowns: int = 0
    tax_unknowns: int = 0
    flags: int = 0
    sets: tuple[int, int, int, int] = (0, 0, 0, 0)


class Pool:
    """Values that are kept once, each under a number."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        """The number of a value."""
        return self._places.setdefault(value, len(self._places))

    def listed(self) -> list[Any]:
        """Every value, by number."""
        return list(self._places)


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of line: day, memberships, buyer, transport and value (of a consignment of one line)."""

    day: date
    memberships: frozenset[str]
    buyer: str | None
    transport: str | None
    value: Money

    def circumstances(self) -> Circumstances:
        """The case as facts that rules are matched on."""
        return Circumstances(
            "",
            self.day,
            self.memberships,
            frozenset(),
            self.value,
            self.value,
            {},
            {},
            self.transport,
            self.buyer,
            _no_rate,
            Facts(self.value),
        )


def _no_rate(_currency: str, _target: str) -> Decimal | None:
    return None


@dataclass(slots=True)
class _Draft:
    """An outcome being put together."""

    dues: list[Due] = field(default_factory=list)
    unknowns: int = 0
    flags: int = 0


class Decider:
    """Turns rules and a case into an outcome; keeps programs, sets and outcomes once each."""

    def __init__(self) -> None:
        self.quantities = Names()
        self.currencies = Names()
        self.programs = Pool()
        self.outcomes = Pool()
        # The empty set is number 0.
        self.sets = Pool()
        self.sets.place(())
        self._compiled: dict[int, tuple[Program, int]] = {}
        # Rules are told apart by identity, so those compiled have to stay.
        self._held: list[Rule] = []

    def decide(self, facet: Facet, rules: Sequence[Rule], case: Case, *, lower_duties: bool = False) -> int:
        """The number of the outcome; ``lower_duties`` says that the code may have preferences or quotas."""
        facts = case.circumstances()
        matched = sort_rules(rules, facts)
        if facet is Facet.DUTY:
            outcome = self._duty(matched, facts, lower_duties=lower_duties)
        elif facet in (Facet.ADDITIONAL, Facet.ADDITIONAL_BY_ORIGIN):
            outcome = self._additional(matched.get(Kind.ADDITIONAL_DUTY, []), facts)
        elif facet is Facet.LEVIES:
            outcome = self._levies(matched, facts)
        else:
            outcome = Outcome(
                sets=(self._set(matched.get(Kind.REQUIREMENT, ())), self._set(matched.get(Kind.PROHIBITION, ())), 0, 0),
            )
        return self.outcomes.place(outcome)

    def scalar(self) -> int:
        """The outcome that leaves the line to the scalar path."""
        return self.outcomes.place(Outcome(flags=SCALAR))

    def _duty(self, matched: dict[Kind, list[Matched]], facts: Circumstances, *, lower_duties: bool) -> Outcome:
        if not matched.get(Kind.DUTY):
            # Whether a duty is missing then depends on the preferences, which only the scalar path looks at.
            return Outcome(flags=SCALAR if lower_duties else NOTHING_MATCHED)
        work = Work()
        chosen = choose_duty(matched, facts, work)
        draft = _Draft(unknowns=_bits(work))
        if chosen is None:
            return Outcome(unknowns=draft.unknowns)
        self._charge(draft, chosen, _CHARGE_DUTY, asked=True)
        return Outcome(tuple(draft.dues), draft.unknowns, 0, draft.flags, (self._charged([chosen]), 0, 0, 0))

    def _additional(self, found: list[Matched], facts: Circumstances) -> Outcome:
        work = Work()
        rules = additional_rules(found, facts, work)
        charging = charging_programmes(rules)
        draft = _Draft(unknowns=_bits(work))
        kept = []
        for rule in rules:
            yields = not charging.isdisjoint(rule.measure.yields_to)
            self._charge(draft, rule, _CHARGE_ADDITIONAL, tried=yields)
            if not yields:
                kept.append(rule)
        return Outcome(tuple(draft.dues), draft.unknowns, 0, draft.flags, (self._charged(kept), 0, 0, 0))

    def _levies(self, matched: dict[Kind, list[Matched]], facts: Circumstances) -> Outcome:
        work = Work()
        apply_reliefs(matched, facts, work)
        relief = [charge.rule for charge in work.charges]
        draft = _Draft()
        excises = self._standing(matched.get(Kind.EXCISE, []), facts, draft)
        for rule in excises:
            self._charge(draft, rule, _CHARGE_EXCISE, asked=True)
        fees = self._standing(matched.get(Kind.FEE, []), facts, draft)
        for rule in fees:
            assumes = any(condition.kind == "assumes" for condition in rule.measure.conditions)
            draft.unknowns |= unknown_bit("fee_assumes") if assumes else 0
            self._charge(draft, rule, _CHARGE_FEE)
        tax = _Draft(dues=draft.dues)
        taxes = self._standing(specific_taxes(matched.get(Kind.TAX, [])), facts, tax)
        for rule in taxes:
            kinds = {condition.kind for condition in rule.measure.conditions}
            tax.unknowns |= unknown_bit("reduced_rate_possible") if "reduced" in kinds else 0
            tax.unknowns |= unknown_bit("sources_disagree") if "disputed" in kinds else 0
            self._charge(tax, rule, _CHARGE_TAX)
        flags = draft.flags | tax.flags
        flags |= TAX_MATCHED if matched.get(Kind.TAX) else 0
        flags |= RELIEVED if relief else 0
        # A relief that cannot be judged matters only outside a customs union, which is not known here.
        flags |= SCALAR if work.unknowns else 0
        sets = (self._charged(excises), self._charged(fees), self._charged(taxes), self._rules(relief))
        return Outcome(tuple(draft.dues), draft.unknowns, tax.unknowns, flags, sets)

    def _standing(self, found: list[Matched], facts: Circumstances, draft: _Draft) -> list[Rule]:
        kept = []
        for matched in found:
            judged = standing(matched.rule.measure, facts)
            if judged.met is None:
                draft.unknowns |= unknown_bit("condition_open")
            if judged.met:
                kept.append(matched.rule)
        return kept

    def _charge(self, draft: _Draft, rule: Rule, kind: int, *, asked: bool = False, tried: bool = False) -> None:
        program, place = self._program(rule)
        if program.refusal:
            # A fact that the trader has to give ends the scalar answer in a refusal.
            if asked and program.refusal == "part_value_missing":
                draft.flags |= SCALAR
            draft.unknowns |= unknown_bit(program.refusal)
            return
        measure = rule.measure
        bounds = [NO_BOUND, NO_BOUND, -1]
        if kind == _CHARGE_FEE:
            for slot, text in enumerate((measure.minimum, measure.maximum)):
                if text:
                    read = amount_of_bound(text)
                    currency = -1 if read is None else self.currencies.place(read[1])
                    if read is None or bounds[2] not in (-1, currency):
                        draft.flags |= SCALAR
                        return
                    bounds[slot], bounds[2] = read[0], currency
        if program.scalar:
            draft.flags |= SCALAR
            return
        if tried and not any(instruction[0] in _MAY_FAIL for instruction in program.instructions):
            return
        on_paid = kind in (_CHARGE_EXCISE, _CHARGE_TAX) and measure.base == "duty_paid"
        base = ON_DUTY_PAID if on_paid else ON_CUSTOMS_VALUE
        draft.dues.append((place, kind, base, int(tried), bounds[0], bounds[1], bounds[2]))

    def _program(self, rule: Rule) -> tuple[Program, int]:
        found = self._compiled.get(id(rule))
        if found is None:
            program = program_of(rule, self.quantities, self.currencies)
            place = self.programs.place(program.instructions) if program.instructions else -1
            found = self._compiled[id(rule)] = (program, place)
            self._held.append(rule)
        return found

    def _charged(self, rules: Iterable[Rule]) -> int:
        """The set of the rules that lead to a charge."""
        return self._rules(rule for rule in rules if not self._program(rule)[0].refusal)

    def _rules(self, rules: Iterable[Rule]) -> int:
        return self.sets.place(tuple(rule.measure.id for rule in rules))

    def _set(self, found: Iterable[Matched]) -> int:
        return self._rules(matched.rule for matched in found)


def _bits(work: Work) -> int:
    bits = 0
    for unknown in work.unknowns:
        bits |= unknown_bit(unknown.code)
    return bits
