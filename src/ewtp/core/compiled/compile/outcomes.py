"""The outcome of a rule list for one kind of line, decided by the scalar path's own functions at compile time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import claimable
from ewtp.core.assessment.duties import additional_rules, choose_duty, find_charging_programmes
from ewtp.core.assessment.line_facts import LineFacts
from ewtp.core.assessment.options import open_reductions
from ewtp.core.assessment.papers import judge_papers
from ewtp.core.compiled.compile.outcome_draft import OutcomeDraft
from ewtp.core.compiled.format import charge_kind, omission, outcome_flag
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.rulebook.expressions.evaluation import Facts
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.compiled.compile.duty_bytecode import DutyProgram
    from ewtp.core.compiled.compile.outcome_draft import ChargeWriter, OutcomeDue
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Money

# Indices of rules in their list.
RuleIndices = tuple[int, ...]
RuleSets = tuple[RuleIndices, RuleIndices, RuleIndices, RuleIndices]


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


@immutable
class OutcomeDecider:
    """Decides the outcomes of one list of any facet but levies, which are decided part by part.

    ``index_of`` gives the index of a rule in the list, ``shapes`` the number of the shape at each index.
    """

    facet: Facet
    book: Book
    writer: ChargeWriter
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
        if self.facet in (Facet.DUTY, Facet.LOWER):
            return self._duty(matched, facts) if matched else ListOutcome(flags=outcome_flag.NOTHING_MATCHED)
        if self.facet in (Facet.ADDITIONAL, Facet.BY_ORIGIN):
            return self._additional(matched.get(Kind.ADDITIONAL_DUTY, []), facts)
        papers = judge_papers((matched,), facts)
        flags = outcome_flag.PAPER_OPEN if papers.unknowns else 0
        required, prohibited = self._indices(papers.requirements), self._indices(papers.prohibitions)
        return ListOutcome(flags=flags, sets=(required, prohibited, (), ()))

    def _duty(self, matched: RulesByKind, facts: LineFacts) -> ListOutcome:
        findings = Findings()
        chosen = choose_duty(matched, facts, findings)
        draft = OutcomeDraft(unknowns=_bits(findings))
        if chosen is None:
            return ListOutcome(unknowns=draft.unknowns)
        self.writer.charge(draft, self.shapes[self.index_of(chosen)], chosen, charge_kind.DUTY)
        if self.facet is Facet.LOWER:
            draft.flags |= outcome_flag.CLAIMED
        charged = self._find_charged_rules([chosen])
        return ListOutcome(tuple(draft.dues), draft.unknowns, flags=draft.flags, sets=(charged, (), (), ()))

    def _additional(self, found: list[Matched], facts: LineFacts) -> ListOutcome:
        findings = Findings()
        rules = additional_rules(found, facts, findings)
        charging = find_charging_programmes(rules)
        draft = OutcomeDraft(unknowns=_bits(findings))
        kept: list[tuple[int, int]] = []
        for rule in rules:
            yields = not charging.isdisjoint(rule.measure.yields_to)
            shape = self.shapes[self.index_of(rule)]
            omitted = omission.TRIED if yields else self.writer.omission(shape, rule)
            self.writer.charge(draft, shape, rule, charge_kind.ADDITIONAL_DUTY, omitted=omitted)
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

    def _program(self, rule: Rule) -> tuple[DutyProgram, int]:
        return self.writer.program(self.shapes[self.index_of(rule)], rule)

    def _find_charged_rules(self, rules: Iterable[Rule]) -> RuleIndices:
        """The indices of the rules that lead to a charge."""
        return self._indices(rule for rule in rules if not self._program(rule)[0].refusal)

    def _indices(self, rules: Iterable[Rule]) -> RuleIndices:
        return tuple(self.index_of(rule) for rule in rules)


def _bits(findings: Findings) -> int:
    bits = 0
    for unknown in findings.unknowns:
        bits |= unknown_bit(unknown.code)
    return bits
