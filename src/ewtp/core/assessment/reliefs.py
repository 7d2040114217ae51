"""Reliefs: low-value consignments and the like, which take the place of the duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge
from ewtp.core.assessment.matched_rules import judge_conditions
from ewtp.core.rulebook.charge_kinds import DUTIES
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.matched_rules import RulesByKind
    from ewtp.core.rulebook.book import Rule


def apply_reliefs(matched: RulesByKind, facts: LineFacts, findings: Findings) -> None:
    """Where a duty relief's conditions are met, one charge of nothing that cites it replaces the duties."""
    rule = _met(matched, facts, findings, "relief:duty")
    if rule is None:
        return
    replaced = [c for c in findings.charges if c.kind in DUTIES]
    findings.charges = [c for c in findings.charges if c not in replaced]
    nothing = Money(facts.customs_value.amount * 0, facts.customs_value.currency).rounded()
    findings.charges.append(Charge(Kind.DUTY, rule, facts.customs_value, nothing, ()))
    findings.refusals.clear()


def _met(matched: RulesByKind, facts: LineFacts, findings: Findings, programme: str) -> Rule | None:
    for found in matched.get(Kind.RELIEF, []):
        measure = found.rule.measure
        if programme not in measure.programme:
            continue
        judged = judge_conditions(measure, facts)
        if judged.why is not None:
            findings.open(judged.why)
        if judged.met:
            return found.rule
    return None
