"""The outcome of a rule list for one kind of line, decided by the scalar path's own functions at compile time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import claimable
from ewtp.core.assessment.duties import additional_rules, charging_programmes, choose_duty
from ewtp.core.assessment.line_facts import LineFacts
from ewtp.core.assessment.matched_rules import Matched, RulesByKind, are_conditions_met, is_answerable
from ewtp.core.assessment.options import open_reductions
from ewtp.core.assessment.papers import judge_papers
from ewtp.core.assessment.reliefs import find_relief
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.compiled.compile.duty_bytecode import parse_bound
from ewtp.core.compiled.format import charge_base, charge_kind, omission, opcode, outcome_flag
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.rulebook.charge_kinds import charge_kind_of
from ewtp.core.rulebook.expressions.evaluation import Facts
from ewtp.core.rulebook.measure import Base, ConditionKind, Kind
from ewtp.core.rulebook.reduced_rate import lowest_rate
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from ewtp.core.compiled.compile.duty_bytecode import DutyProgram
    from ewtp.core.compiled.compile.intern_pools import InternPools
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Money

_MAY_FAIL = opcode.COUNTING | {opcode.INHERITED, opcode.EQUAL, opcode.REFUSE}
NO_BOUND = -1

# Indices of rules in their list.
RuleIndices = tuple[int, ...]
RuleSets = tuple[RuleIndices, RuleIndices, RuleIndices, RuleIndices]


class OutcomeDue(NamedTuple):
    """A charge to compute, as in ``due_field``.

    ``program`` is a number in ``InternPools.programs``, ``kind`` a ``charge_kind``, ``base`` a ``charge_base``.
    ``least`` and ``most`` are in hundred-millionths of a minor unit of ``currency``; ``least`` of a tax is the
    share of its lowest rate; -1 stands for none.
    """

    program: int
    kind: int
    base: int = charge_base.CUSTOMS_VALUE
    omission: int = 0
    least: int = NO_BOUND
    most: int = NO_BOUND
    currency: int = -1


@immutable
class ListOutcome:
    """The charges of a rule list, its unknowns and flags, the rules behind each kind of charge, and claims on offer.

    ``unknowns`` are bits of the duties, the excise or the relief; those of fees and taxes are separate, because they
    come later in an answer. ``flags`` are bits of ``outcome_flag``. The meaning of the four ``sets`` depends on the
    facet; the format names them.
    """

    dues: tuple[OutcomeDue, ...] = ()
    unknowns: int = 0
    fee_unknowns: int = 0
    tax_unknowns: int = 0
    flags: int = 0
    sets: RuleSets = ((), (), (), ())
    offers: tuple[str, ...] = ()

    def with_sets(self, sets: RuleSets) -> ListOutcome:
        """The same outcome with other sets."""
        return ListOutcome(
            self.dues, self.unknowns, self.fee_unknowns, self.tax_unknowns, self.flags, sets, self.offers
        )


@immutable
class Mode:
    """One kind of line: its buyer, transport, value (of a consignment of one line) and claim."""

    buyer: str | None
    transport: str | None
    value: Money
    claim: str | None

    def circumstances(self, memberships: frozenset[str]) -> LineFacts:
        """The mode as the facts that rules are matched on, for goods from these origins on any day."""
        return LineFacts(
            code="",
            day=date.min,
            memberships=memberships,
            claims=frozenset() if self.claim is None else frozenset({self.claim}),
            customs_value=self.value,
            consignment_value=self.value,
            quantities={},
            parts={},
            transport=self.transport,
            buyer=self.buyer,
            rate=_no_rate,
            facts=_facts(self.value),
        )


@cache
def _facts(value: Money) -> Facts:
    return Facts(value)


def _no_rate(_currency: str, _target: str) -> Decimal | None:
    return None


@dataclass(slots=True)
class _OutcomeDraft:
    """The parts of an outcome decided so far."""

    dues: list[OutcomeDue] = field(default_factory=list)
    unknowns: int = 0
    flags: int = 0


@immutable
class OutcomeDecider:
    """Decides the outcomes of one list.

    ``index_of`` gives the index of a rule in the list, ``shapes`` the number of the shape at each index.
    """

    facet: Facet
    book: Book
    pools: InternPools
    index_of: Callable[[Rule], int]
    shapes: Sequence[int]

    def decide(self, found: Iterable[Matched], facts: LineFacts) -> ListOutcome:
        """The outcome for a line; ``found`` are the rules that are in force and reach its origin."""
        matched: RulesByKind = {}
        for each in found:
            matched.setdefault(each.rule.measure.kind, []).append(each)
        outcome = self._outcome(matched, facts)
        if facts.claims and not facts.claims.isdisjoint(claimable(matched, facts, self.book)):
            return replace(outcome, flags=outcome.flags | outcome_flag.CLAIM_KNOWN)
        return outcome

    def _outcome(self, matched: RulesByKind, facts: LineFacts) -> ListOutcome:
        if self.facet is Facet.DUTY:
            return self._duty(matched, facts) if matched else ListOutcome(flags=outcome_flag.NOTHING_MATCHED)
        if self.facet is Facet.LOWER:
            return self._duty(matched, facts)
        if self.facet in (Facet.ADDITIONAL, Facet.BY_ORIGIN):
            return self._additional(matched.get(Kind.ADDITIONAL_DUTY, []), facts)
        if self.facet is Facet.LEVIES:
            return self._levies(matched, facts)
        papers = judge_papers((matched,), facts)
        flags = outcome_flag.PAPER_OPEN if papers.unknowns else 0
        required, prohibited = self._indices(papers.requirements), self._indices(papers.prohibitions)
        return ListOutcome(flags=flags, sets=(required, prohibited, (), ()))

    def _duty(self, matched: RulesByKind, facts: LineFacts) -> ListOutcome:
        findings = Findings()
        chosen = choose_duty(matched, facts, findings)
        draft = _OutcomeDraft(unknowns=_bits(findings))
        if chosen is None:
            return ListOutcome(unknowns=draft.unknowns)
        self._charge(draft, chosen, charge_kind.DUTY)
        if self.facet is Facet.LOWER:
            draft.flags |= outcome_flag.CLAIMED
        charged = self._charged([chosen])
        return ListOutcome(tuple(draft.dues), draft.unknowns, flags=draft.flags, sets=(charged, (), (), ()))

    def _additional(self, found: list[Matched], facts: LineFacts) -> ListOutcome:
        findings = Findings()
        rules = additional_rules(found, facts, findings)
        charging = charging_programmes(rules)
        draft = _OutcomeDraft(unknowns=_bits(findings))
        kept: list[tuple[int, int]] = []
        for rule in rules:
            yields = not charging.isdisjoint(rule.measure.yields_to)
            omitted = omission.TRIED if yields else self._omission(rule)
            self._charge(draft, rule, charge_kind.ADDITIONAL_DUTY, omitted=omitted)
            if not yields and not self._program(rule)[0].refusal:
                kept.append((self.index_of(rule), omitted))
        offers = {claim for _, claims in open_reductions(found, facts, self.book) for claim in claims}
        return ListOutcome(
            tuple(draft.dues),
            draft.unknowns,
            flags=draft.flags,
            sets=(
                tuple([index for index, _ in kept]),
                tuple([index for index, omitted in kept if omitted != omission.INHERITS]),
                tuple([index for index, omitted in kept if omitted != omission.COUNTS]),
                tuple([index for index, omitted in kept if not omitted]),
            ),
            offers=tuple(sorted(offers)),
        )

    def _levies(self, matched: RulesByKind, facts: LineFacts) -> ListOutcome:
        findings = Findings()
        duties, no_excise, no_fee, no_tax = (
            find_relief(matched, facts, findings, kind) for kind in (Kind.DUTY, Kind.EXCISE, Kind.FEE, Kind.TAX)
        )
        draft = _OutcomeDraft()
        excises = [] if no_excise else self._levy(draft, matched.get(Kind.EXCISE, []), facts, charge_kind.EXCISE)
        fee = _OutcomeDraft(dues=draft.dues)
        # Taxes may be taken on a fee, so where there are some its amount bounds nothing.
        bounding = not matched.get(Kind.TAX)
        fees = [] if no_fee else self._levy(fee, matched.get(Kind.FEE, []), facts, charge_kind.FEE, bounding=bounding)
        if any(condition.kind is ConditionKind.ASSUMES for rule in fees for condition in rule.measure.conditions):
            fee.unknowns |= unknown_bit("fee_assumes")
        tax = _OutcomeDraft(dues=draft.dues)
        taxed = [] if no_tax else specific_taxes(matched.get(Kind.TAX, []))
        taxes = self._levy(tax, taxed, facts, charge_kind.TAX)
        kinds = {condition.kind for rule in taxes for condition in rule.measure.conditions}
        tax.unknowns |= unknown_bit("reduced_rate_possible") if ConditionKind.REDUCED in kinds else 0
        tax.unknowns |= unknown_bit("sources_disagree") if ConditionKind.DISPUTED in kinds else 0
        tax.unknowns |= unknown_bit("rate_not_confirmed") if ConditionKind.UNCONFIRMED in kinds else 0
        flags = draft.flags | fee.flags | tax.flags
        flags |= outcome_flag.TAX_MATCHED if matched.get(Kind.TAX) or no_tax else 0
        flags |= outcome_flag.RELIEVED if duties else 0
        # An undecided relief matters only outside a customs union, and whether a line is inside is unknown here.
        flags |= outcome_flag.SCALAR if findings.unknowns else 0
        sets = (
            self._indices([no_excise]) if no_excise else self._charged(excises),
            self._indices([no_fee]) if no_fee else self._charged(fees),
            self._indices([no_tax]) if no_tax else self._charged(taxes),
            self._indices([duties] if duties else ()),
        )
        return ListOutcome(tuple(draft.dues), draft.unknowns, fee.unknowns, tax.unknowns, flags, sets)

    def _levy(
        self, draft: _OutcomeDraft, found: list[Matched], facts: LineFacts, kind: int, *, bounding: bool = False
    ) -> list[Rule]:
        """The rules whose conditions are met; adds their charges and unknowns to the draft.

        ``bounding`` adds the charges that a fact which is not stated decides, if all of them can be computed.
        """
        met, possible = [], []
        for matched in found:
            decided = are_conditions_met(matched.rule, facts)
            if decided is None:
                draft.unknowns |= unknown_bit("condition_open")
                rule = matched.rule
                bounding = bounding and is_answerable(rule, facts) and not self._program(rule)[0].refusal
                possible.append(rule)
            if decided:
                met.append(matched.rule)
        for rule in met:
            self._charge(draft, rule, kind)
        if possible and bounding:
            draft.flags |= outcome_flag.BOUNDED
            for rule in possible:
                self._charge(draft, rule, kind, omitted=omission.POSSIBLE)
        return met

    def _charge(self, draft: _OutcomeDraft, rule: Rule, kind: int, *, omitted: int = 0) -> None:
        """Add the charge of a rule to the draft, or the reason why there is none."""
        program, number = self._program(rule)
        if program.refusal:
            draft.unknowns |= unknown_bit(program.refusal)
            # A fact missing from the declaration makes the answer a refusal, unless a relief takes the duty away.
            if number >= 0:
                draft.dues.append(OutcomeDue(number, kind))
            return
        bounds = self._bounds(rule, kind)
        # What is not owed for certain refuses nothing.
        fails = any(each.operation in _MAY_FAIL for each in program.instructions)
        if program.scalar or bounds is None or (omitted == omission.POSSIBLE and fails):
            draft.flags |= outcome_flag.SCALAR
            return
        if omitted == omission.TRIED and not fails:
            return
        on_paid = bool(charge_kind_of(rule.measure.kind).duty_paid) and rule.measure.base == Base.DUTY_PAID
        base = charge_base.DUTY_PAID if on_paid else charge_base.CUSTOMS_VALUE
        draft.dues.append(OutcomeDue(number, kind, base, omitted, *bounds))

    def _bounds(self, rule: Rule, kind: int) -> tuple[int, int, int] | None:
        """The bounds of a fee or a tax and their currency as in ``OutcomeDue``; None for the scalar path."""
        if kind == charge_kind.TAX:
            rate = lowest_rate(rule)
            share: int | Decimal = NO_BOUND if rate is None else rate * opcode.SHARE_SCALE
            return None if share != int(share) else (int(share), NO_BOUND, -1)
        return self._fee_bounds(rule) if kind == charge_kind.FEE else (NO_BOUND, NO_BOUND, -1)

    def _fee_bounds(self, rule: Rule) -> tuple[int, int, int] | None:
        """A fee's floor, cap and currency; None where they are finer or in two currencies."""
        bounds = [NO_BOUND, NO_BOUND]
        currency = -1
        for slot, text in enumerate((rule.measure.minimum, rule.measure.maximum)):
            if text:
                read = parse_bound(text)
                own = -1 if read is None else self.pools.currencies.place(read[1])
                if read is None or currency not in (-1, own):
                    return None
                bounds[slot], currency = read[0], own
        return bounds[0], bounds[1], currency

    def _omission(self, rule: Rule) -> int:
        """The only reason for which the rule's charge may be left out, as bits of ``omission``; 0 for none."""
        used = {each.operation for each in self._program(rule)[0].instructions} & _MAY_FAIL
        if used == {opcode.INHERITED}:
            return omission.INHERITS
        return omission.COUNTS if used and used <= opcode.COUNTING else 0

    def _program(self, rule: Rule) -> tuple[DutyProgram, int]:
        return self.pools.program(self.shapes[self.index_of(rule)], rule)

    def _charged(self, rules: Iterable[Rule]) -> RuleIndices:
        """The indices of the rules that lead to a charge."""
        return self._indices(rule for rule in rules if not self._program(rule)[0].refusal)

    def _indices(self, rules: Iterable[Rule]) -> RuleIndices:
        return tuple(self.index_of(rule) for rule in rules)


def _bits(findings: Findings) -> int:
    bits = 0
    for unknown in findings.unknowns:
        bits |= unknown_bit(unknown.code)
    return bits
