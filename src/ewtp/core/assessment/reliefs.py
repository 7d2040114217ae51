"""Reliefs: low-value consignments and the like, which take the place of the duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge
from ewtp.core.assessment.line_facts import Circumstances, standing
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from ewtp.core.assessment.duties import Sorted, Work
    from ewtp.core.rulebook.book import Rule


def apply_reliefs(matched: Sorted, facts: Circumstances, work: Work) -> None:
    """Where a duty relief's conditions are met, one charge of nothing that cites it replaces the duties."""
    rule = _met(matched, facts, work, "relief:duty")
    if rule is None:
        return
    replaced = [c for c in work.charges if c.kind in ("duty", "additional_duty")]
    work.charges = [c for c in work.charges if c not in replaced]
    nothing = Money(facts.customs_value.amount * 0, facts.customs_value.currency).rounded()
    work.charges.append(Charge("duty", rule, facts.customs_value, nothing, ()))
    work.refusals.clear()


def _met(matched: Sorted, facts: Circumstances, work: Work, programme: str) -> Rule | None:
    for found in matched.get(Kind.RELIEF, []):
        measure = found.rule.measure
        if programme not in measure.programme:
            continue
        judged = standing(measure, facts)
        if judged.met is None:
            work.open("condition_open", judged.why)
        if judged.met:
            return found.rule
    return None
