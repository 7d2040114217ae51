"""Excise on top of the duty-paid value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import compute
from ewtp.core.assessment.reliefs import relieve
from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.rulebook.charge_kinds import charge_kind_of
from ewtp.core.rulebook.measure import Base, Kind
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.values.money import Rounding


def charge_excise(matched: RulesByKind, facts: LineFacts, rounding: Rounding, findings: Findings) -> None:
    """Charge every excise whose conditions are met, on the customs value or on that and the duties; or none.

    ``rounding`` is that of taxes: an excise is an internal tax, which the rounding of customs duty says nothing about.
    """
    if Kind.EXCISE not in matched or relieve(matched, facts, findings, Kind.EXCISE):
        return
    paid = facts.customs_value.amount + findings.sum(charge_kind_of(Kind.EXCISE).duty_paid)
    for found in matched[Kind.EXCISE]:
        judged = judge_conditions(found.rule, facts)
        if judged.why is not None:
            findings.open(judged.why)
        if not judged.met:
            continue
        on_paid = found.rule.measure.base == Base.DUTY_PAID
        base = Money(paid, facts.customs_value.currency) if on_paid else None
        charge = compute(found.rule, facts, rounding, findings, base=base)
        if charge is not None:
            findings.charges.append(charge)
