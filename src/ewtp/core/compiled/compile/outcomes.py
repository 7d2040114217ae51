"""What a list of rules comes to for one kind of line, decided by the scalar path's own functions at compile time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import claimable
from ewtp.core.assessment.duties import additional_rules, charging_programmes, choose_duty
from ewtp.core.assessment.line_facts import LineFacts
from ewtp.core.assessment.matched_rules import Matched, RulesByKind, judge_conditions
from ewtp.core.assessment.options import open_exemptions
from ewtp.core.assessment.reliefs import apply_reliefs
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.compiled.compile.duty_bytecode import Program, amount_of_bound, program_of
from ewtp.core.compiled.format import charge_base, charge_kind, omission, opcode, outcome_flag
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.rulebook.expressions.evaluation import Facts
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from ewtp.core.rulebook.book import Book, Rule
    from ewtp.core.values.money import Money

_MAY_FAIL = opcode.COUNTING | {opcode.INHERITED, opcode.EQUAL, opcode.REFUSE}
NO_BOUND = -1

# Program, kind of charge, base, whether it is only tried or may be left out, floor and cap in hundred-millionths, their
# currency.
Due = tuple[int, int, int, int, int, int, int]
# Places in the list of rules.
Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The charges to compute, what is left open, flags, the rules behind each kind of charge, claims on offer.

    ``unknowns`` are of the duties, the excise or the relief; those of fees and taxes come later in an answer. Of
    additional duties the four sets are those of all that are charged, then without those that take up the duty of
    the goods, without those that count a quantity, and without both.
    """

    dues: tuple[Due, ...] = ()
    unknowns: int = 0
    fee_unknowns: int = 0
    tax_unknowns: int = 0
    flags: int = 0
    sets: tuple[Places, Places, Places, Places] = ((), (), (), ())
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of line: buyer, transport, value (of a consignment of one line) and claim."""

    buyer: str | None
    transport: str | None
    value: Money
    claim: str | None

    def circumstances(self, memberships: frozenset[str]) -> LineFacts:
        """The case as facts that rules are matched on, of goods from these origins on any day."""
        return LineFacts(
            "",
            date.min,
            memberships,
            frozenset() if self.claim is None else frozenset({self.claim}),
            self.value,
            self.value,
            {},
            {},
            self.transport,
            self.buyer,
            _no_rate,
            _facts(self.value),
        )


@cache
def _facts(value: Money) -> Facts:
    return Facts(value)


def _no_rate(_currency: str, _target: str) -> Decimal | None:
    return None


@dataclass(slots=True)
class _Draft:
    """An outcome being put together."""

    dues: list[Due] = field(default_factory=list)
    unknowns: int = 0
    flags: int = 0


@dataclass(slots=True)
class Vocabulary:
    """The numbers of quantities, currencies, claims and programs that outcomes speak of."""

    quantities: Pool = field(default_factory=Pool)
    currencies: Pool = field(default_factory=Pool)
    claims: Pool = field(default_factory=Pool)
    # What traders are told, as code and message; number 0 is nothing.
    refusals: Pool = field(default_factory=lambda: Pool(("", "")))
    programs: Pool = field(default_factory=Pool)
    _compiled: dict[int, tuple[Program, int]] = field(default_factory=dict)

    def program(self, shape: int, rule: Rule) -> tuple[Program, int]:
        """The program of the rules of a shape, with its number."""
        found = self._compiled.get(shape)
        if found is None:
            program = program_of(rule, self.quantities, self.currencies, self.refusals)
            place = self.programs.place(program.instructions) if program.instructions else -1
            found = self._compiled[shape] = (program, place)
        return found


@dataclass(frozen=True, slots=True)
class Decider:
    """Turns the rules of one list that reach a case into an outcome.

    ``place_of`` gives a rule's place in the list, ``shapes`` the shape at each place.
    """

    facet: Facet
    book: Book
    words: Vocabulary
    place_of: Callable[[Rule], int]
    shapes: Sequence[int]

    def decide(self, found: Iterable[Matched], facts: LineFacts) -> Outcome:
        """The outcome; ``found`` are the rules that are in force and reach the origin."""
        matched: RulesByKind = {}
        for each in found:
            matched.setdefault(each.rule.measure.kind, []).append(each)
        outcome = self._outcome(matched, facts)
        if facts.claims and not facts.claims.isdisjoint(claimable(matched, facts, self.book)):
            return _with_flags(outcome, outcome_flag.CLAIM_KNOWN)
        return outcome

    def _outcome(self, matched: RulesByKind, facts: LineFacts) -> Outcome:
        if self.facet is Facet.DUTY:
            return self._duty(matched, facts) if matched else Outcome(flags=outcome_flag.NOTHING_MATCHED)
        if self.facet is Facet.LOWER:
            return self._duty(matched, facts)
        if self.facet in (Facet.ADDITIONAL, Facet.BY_ORIGIN):
            return self._additional(matched.get(Kind.ADDITIONAL_DUTY, []), facts)
        if self.facet is Facet.LEVIES:
            return self._levies(matched, facts)
        asked, forbidden = (
            tuple(self.place_of(m.rule) for m in matched.get(kind, ())) for kind in (Kind.REQUIREMENT, Kind.PROHIBITION)
        )
        return Outcome(sets=(asked, forbidden, (), ()))

    def _duty(self, matched: RulesByKind, facts: LineFacts) -> Outcome:
        work = Findings()
        chosen = choose_duty(matched, facts, work)
        draft = _Draft(unknowns=_bits(work))
        if chosen is None:
            return Outcome(unknowns=draft.unknowns)
        self._charge(draft, chosen, charge_kind.DUTY)
        if self.facet is Facet.LOWER:
            draft.flags |= outcome_flag.CLAIMED
        return Outcome(tuple(draft.dues), draft.unknowns, flags=draft.flags, sets=(self._charged([chosen]), (), (), ()))

    def _additional(self, found: list[Matched], facts: LineFacts) -> Outcome:
        work = Findings()
        rules = additional_rules(found, facts, work)
        charging = charging_programmes(rules)
        draft = _Draft(unknowns=_bits(work))
        kept = []
        for rule in rules:
            yields = not charging.isdisjoint(rule.measure.yields_to)
            lacks = omission.TRIED if yields else self._lacks(rule)
            self._charge(draft, rule, charge_kind.ADDITIONAL_DUTY, tried=lacks)
            if not yields:
                kept.append((rule, lacks))
        offers = {claim for m in found for claim in open_exemptions(m, facts, self.book)}
        return Outcome(
            tuple(draft.dues),
            draft.unknowns,
            flags=draft.flags,
            sets=(
                self._charged(rule for rule, _ in kept),
                self._charged(rule for rule, lacks in kept if lacks != omission.INHERITS),
                self._charged(rule for rule, lacks in kept if lacks != omission.COUNTS),
                self._charged(rule for rule, lacks in kept if not lacks),
            ),
            offers=tuple(sorted(offers)),
        )

    def _levies(self, matched: RulesByKind, facts: LineFacts) -> Outcome:
        work = Findings()
        apply_reliefs(matched, facts, work)
        relief = [charge.rule for charge in work.charges]
        draft = _Draft()
        excises = self._standing(matched.get(Kind.EXCISE, []), facts, draft)
        for rule in excises:
            self._charge(draft, rule, charge_kind.EXCISE)
        fee = _Draft(dues=draft.dues)
        fees = self._standing(matched.get(Kind.FEE, []), facts, fee)
        for rule in fees:
            assumes = any(condition.kind == "assumes" for condition in rule.measure.conditions)
            fee.unknowns |= unknown_bit("fee_assumes") if assumes else 0
            self._charge(fee, rule, charge_kind.FEE)
        tax = _Draft(dues=draft.dues)
        taxes = self._standing(specific_taxes(matched.get(Kind.TAX, [])), facts, tax)
        for rule in taxes:
            kinds = {condition.kind for condition in rule.measure.conditions}
            tax.unknowns |= unknown_bit("reduced_rate_possible") if "reduced" in kinds else 0
            tax.unknowns |= unknown_bit("sources_disagree") if "disputed" in kinds else 0
            self._charge(tax, rule, charge_kind.TAX)
        flags = draft.flags | fee.flags | tax.flags
        flags |= outcome_flag.TAX_MATCHED if matched.get(Kind.TAX) else 0
        flags |= outcome_flag.RELIEVED if relief else 0
        # A relief that cannot be judged matters only outside a customs union, which is not known here.
        flags |= outcome_flag.SCALAR if work.unknowns else 0
        sets = (self._charged(excises), self._charged(fees), self._charged(taxes), self._places(relief))
        return Outcome(tuple(draft.dues), draft.unknowns, fee.unknowns, tax.unknowns, flags, sets)

    def _standing(self, found: list[Matched], facts: LineFacts, draft: _Draft) -> list[Rule]:
        kept = []
        for matched in found:
            judged = judge_conditions(matched.rule.measure, facts)
            if judged.met is None:
                draft.unknowns |= unknown_bit("condition_open")
            if judged.met:
                kept.append(matched.rule)
        return kept

    def _charge(self, draft: _Draft, rule: Rule, kind: int, *, tried: int = 0) -> None:
        program, place = self._program(rule)
        if program.refusal:
            draft.unknowns |= unknown_bit(program.refusal)
            # A fact that the trader has to give ends the answer in a refusal, unless a relief takes the duty away.
            if place >= 0:
                draft.dues.append((place, kind, charge_base.CUSTOMS_VALUE, 0, NO_BOUND, NO_BOUND, -1))
            return
        measure = rule.measure
        bounds = [NO_BOUND, NO_BOUND, -1]
        if kind == charge_kind.FEE:
            for slot, text in enumerate((measure.minimum, measure.maximum)):
                if text:
                    read = amount_of_bound(text)
                    currency = -1 if read is None else self.words.currencies.place(read[1])
                    if read is None or bounds[2] not in (-1, currency):
                        draft.flags |= outcome_flag.SCALAR
                        return
                    bounds[slot], bounds[2] = read[0], currency
        if program.scalar:
            draft.flags |= outcome_flag.SCALAR
            return
        if tried == omission.TRIED and not any(instruction[0] in _MAY_FAIL for instruction in program.instructions):
            return
        on_paid = kind in (charge_kind.EXCISE, charge_kind.TAX) and measure.base == "duty_paid"
        base = charge_base.DUTY_PAID if on_paid else charge_base.CUSTOMS_VALUE
        draft.dues.append((place, kind, base, tried, bounds[0], bounds[1], bounds[2]))

    def _lacks(self, rule: Rule) -> int:
        """What the rule's charge may be left out for, where that is one thing alone."""
        used = {instruction[0] for instruction in self._program(rule)[0].instructions} & _MAY_FAIL
        if used == {opcode.INHERITED}:
            return omission.INHERITS
        return omission.COUNTS if used and used <= opcode.COUNTING else 0

    def _program(self, rule: Rule) -> tuple[Program, int]:
        return self.words.program(self.shapes[self.place_of(rule)], rule)

    def _charged(self, rules: Iterable[Rule]) -> Places:
        """The places of the rules that lead to a charge."""
        return self._places(rule for rule in rules if not self._program(rule)[0].refusal)

    def _places(self, rules: Iterable[Rule]) -> Places:
        return tuple(self.place_of(rule) for rule in rules)


def _with_flags(outcome: Outcome, flags: int) -> Outcome:
    return Outcome(
        outcome.dues,
        outcome.unknowns,
        outcome.fee_unknowns,
        outcome.tax_unknowns,
        outcome.flags | flags,
        outcome.sets,
        outcome.offers,
    )


def _bits(work: Findings) -> int:
    bits = 0
    for unknown in work.unknowns:
        bits |= unknown_bit(unknown.code)
    return bits
