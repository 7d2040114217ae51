"""Reliefs of charges: low-value consignments and the like; one charge takes the place of the others.

That charge is of nothing, or of the flat amount that a relief of duty states for each line (``minimum`` and ``maximum``
are the same), as where three euros an item are due in place of the duty.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.relief_sentences import (
    FLAT_DUTY,
    FLAT_DUTY_OPEN,
    FLAT_DUTY_OPEN_BUYER,
    RELIEF_OPEN,
    RELIEF_OPEN_BUYER,
    RELIEF_OPEN_RATE,
    RELIEF_OPEN_TRANSPORT,
)
from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.assessment.sentences import (
    CONDITION_OPEN,
    CONDITION_OPEN_BUYER,
    CONDITION_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT,
    FEE_BOUND_WITHOUT_RATE,
)
from ewtp.core.rulebook.charge_kinds import DUTIES
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule

# Nothing is known of a tax or a duty where no rule is held, and a relief settles that; other charges may not exist.
_ALWAYS = frozenset({Kind.DUTY, Kind.TAX})
# A relief that is undecided lowers what is owed, where an undecided charge raises it.
_OPEN = {
    CONDITION_OPEN: RELIEF_OPEN,
    CONDITION_OPEN_BUYER: RELIEF_OPEN_BUYER,
    CONDITION_OPEN_RATE: RELIEF_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT: RELIEF_OPEN_TRANSPORT,
}


def relieve_duties(matched: RulesByKind, facts: LineFacts, findings: Findings) -> None:
    """Where a duty relief's conditions are met, one charge that cites it replaces the duties."""
    rule = find_relief(matched, facts, findings, Kind.DUTY)
    if rule is None:
        return
    findings.charges = [c for c in findings.charges if c.kind not in DUTIES]
    findings.refusals.clear()
    if not rule.measure.is_flat:
        findings.charges.append(_nothing(Kind.DUTY, rule, facts))
        return
    charge = _flat_duty(rule, facts)
    if charge is not None:
        findings.charges.append(charge)
    else:
        findings.open(Unknown(FEE_BOUND_WITHOUT_RATE, {"title": rule.measure.title}))


def relieve(matched: RulesByKind, facts: LineFacts, findings: Findings, kind: Kind) -> bool:
    """Whether a relief takes the line's charges of a kind away; then one charge of nothing cites it."""
    rule = find_relief(matched, facts, findings, kind)
    if rule is not None:
        findings.charges.append(_nothing(kind, rule, facts))
    return rule is not None


def find_relief(matched: RulesByKind, facts: LineFacts, findings: Findings, kind: Kind) -> Rule | None:
    """The first relief of a kind of charge whose conditions are met; one that is undecided is noted as unknown."""
    reliefs = matched.get(Kind.RELIEF)
    if not reliefs or not (kind in _ALWAYS or kind in matched):
        return None
    for found in reliefs:
        if found.rule.measure.relieves is kind:
            judged = judge_conditions(found.rule, facts)
            if judged.why is not None:
                findings.open(state_open_relief(found.rule.measure, judged.why))
            if judged.met:
                return found.rule
    return None


def state_open_relief(relief: Measure, why: Unknown) -> Unknown:
    """A relief that is undecided; what a flat amount takes the place of may be more or less than it."""
    if not relief.is_flat:
        return Unknown(_OPEN[why.sentence], why.params)
    if why.sentence is CONDITION_OPEN_BUYER:
        return Unknown(FLAT_DUTY_OPEN_BUYER, why.params)
    return Unknown(FLAT_DUTY_OPEN, {"title": relief.title})


def _nothing(kind: Kind, rule: Rule, facts: LineFacts) -> Charge:
    nothing = Money(facts.customs_value.amount * 0, facts.customs_value.currency).round_to_minor()
    return Charge(kind, rule, facts.customs_value, nothing, ())


def _flat_duty(rule: Rule, facts: LineFacts) -> Charge | None:
    """What each line owes in place of its duty; None where the amount is in a currency without a rate."""
    _, limit = rule.bounds[0]
    currency = facts.customs_value.currency
    if limit is None:
        return None
    rate = Decimal(1) if limit.currency == currency else facts.rate(limit.currency, currency)
    if rate is None:
        return None
    amount = Money(limit.amount * rate, currency).round_to_minor()
    return Charge(Kind.DUTY, rule, facts.customs_value, amount, (), (Statement(FLAT_DUTY, {"bound": limit}),))
