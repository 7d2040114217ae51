"""The findings about a line, and the computation of one rule into a charge."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge
from ewtp.core.assessment.effects import Effect, Unknown
from ewtp.core.assessment.sentences import (
    CHARGE_NOT_HELD,
    CHARGE_REMARK,
    EXPRESSION_MISSING,
    NOT_COMPUTED,
    RATE_NOT_CONFIRMED_WRONG,
)
from ewtp.core.rulebook.charge_kinds import charge_kind_of
from ewtp.core.rulebook.expressions.evaluation import Computation, Facts, evaluate
from ewtp.core.rulebook.measure import ConditionKind
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.money import Money, round_amount
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Container

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.rulebook.measure import Kind, Measure
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Rounding

# A duty that lacks one of these facts is not answered around: the question has to give it.
ASKED_OF_THE_TRADER = frozenset({"quantity_missing", "part_value_missing"})
_NOTHING = Decimal(0)


@dataclass(slots=True)
class Findings:
    """What has been found out about one line so far."""

    charges: list[Charge] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)
    # The codes of the unknowns, so that one of a new code is not compared with the others.
    codes: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    # Whether something unknown may raise or lower what is owed; by how much at most, where that is known.
    raised: bool = False
    lowered: bool = False
    added: Decimal = _NOTHING
    spared: Decimal = _NOTHING
    # Whether nothing unknown may change the duties, whatever is known of the charges after them.
    duties_settled: bool = True

    def open(self, unknown: Unknown) -> None:
        """Note something unknown, with its effect on what is owed; amounts of several rules add up."""
        code = unknown.sentence.code
        if code not in self.codes or unknown not in self.unknowns:
            self.codes.add(code)
            self.unknowns.append(unknown)
        effect = unknown.effect
        if effect is Effect.NONE:
            return
        if unknown.amount is None:
            self.raised = self.raised or effect.raises
            self.lowered = self.lowered or effect.lowers
            return
        self.added += unknown.amount.amount if effect.raises else _NOTHING
        self.spared += unknown.amount.amount if effect.lowers else _NOTHING

    @property
    def complete(self) -> bool:
        """Whether nothing unknown may change what is owed."""
        return not (self.raised or self.lowered or self.added or self.spared)

    def sum(self, kinds: Container[Kind]) -> Decimal:
        """The charges of these kinds, added up."""
        total = _NOTHING
        for charge in self.charges:
            if charge.kind in kinds:
                total += charge.amount.amount
        return total


def compute(
    rule: Rule,
    facts: LineFacts,
    rounding: Rounding,
    findings: Findings,
    *,
    inherited: Decimal | None = None,
    base: Money | None = None,
) -> Charge | None:
    """Evaluate one rule; a failure is noted in ``findings``, as a refusal if the trader has to give a fact.

    ``inherited`` is the duty that the rule may refer to; ``base`` is what it is taken on where that is not the customs
    value. None where there is no charge.
    """
    kind = charge_kind_of(rule.measure.kind)
    taken_on = facts.customs_value if base is None else base
    result: Computation | Refusal
    if rule.expression is None or isinstance(rule.expression, Refusal):
        result = rule.expression or Refusal(EXPRESSION_MISSING)
    else:
        known = facts.facts
        if base is not None or rule.inherits:
            known = Facts(taken_on, known.quantities, known.parts, inherited, known.rates, known.date)
        result = evaluate(rule.expression, known)
    measure = rule.measure
    if isinstance(result, Refusal):
        if kind.asked and result.code in ASKED_OF_THE_TRADER:
            findings.refusals.append(result)
        findings.open(state_not_computed(result, measure))
        return None
    amount = Money(round_amount(result.amount, rounding.places, rounding.mode), taken_on.currency)
    return Charge(kind.kind, rule, taken_on, amount, result.trace, _remarks_on(rule))


def state_not_computed(problem: Refusal, measure: Measure) -> Unknown:
    """Why a charge has no amount; an amount that the rulebook does not hold is not a fault of the expression."""
    title = measure.title or measure.id
    if problem.code == CHARGE_NOT_HELD.code:
        return Unknown(CHARGE_NOT_HELD, {"title": title, "terms": read_phrase(str(problem.params["terms"]))})
    if problem.code == RATE_NOT_CONFIRMED_WRONG.code:
        return Unknown(RATE_NOT_CONFIRMED_WRONG, {"title": title, "terms": read_phrase(str(problem.params["terms"]))})
    params = {"title": title, "expression": measure.expression[:120], "problem": problem}
    return Unknown(NOT_COMPUTED.about(problem), params)


def _remarks_on(rule: Rule) -> tuple[Statement, ...]:
    if not rule.told:
        return ()
    return tuple(
        Statement(CHARGE_REMARK, {"remark": read_phrase(condition.text)})
        for condition in rule.told
        if condition.kind is ConditionKind.REMARK
    )
