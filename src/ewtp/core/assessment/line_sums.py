"""Where each sum of one line stands, after everything on it was charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.assessment.sum_state import SumState, first_sum_state
from ewtp.core.rulebook.charge_kinds import DUTIES, KINDS_BY_TOTAL, charge_kind_of
from ewtp.core.rulebook.coverage_statement import Extent
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territorial_status import CustomsRelation, find_coverage
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_in_progress import LineInProgress
    from ewtp.core.rulebook.charge_kinds import Total


def find_sum_states(context: ConsignmentContext, line: LineInProgress) -> dict[Total, SumState]:
    """The state of each sum of the line."""
    charged = {charge_kind_of(charge.kind).total for charge in line.findings.charges}
    return {
        total: SumState.CHARGED if total in charged else first_sum_state(_sum_state_of(context, line, k) for k in kinds)
        for total, kinds in KINDS_BY_TOTAL.items()
    }


def _sum_state_of(context: ConsignmentContext, line: LineInProgress, kind: Kind) -> SumState:
    """The state of a kind of charge of which the line has none."""
    if kind in context.not_owed:
        return SumState.NOT_OWED
    if context.inside_union and kind in DUTIES:
        together = context.customs_relation is CustomsRelation.TERRITORY
        return SumState.NOT_OWED if together else SumState.NOT_KNOWN
    # Some rule charges it, or may; what is open says why there is no figure.
    charging = [f.rule for f in line.matched.get(kind, ()) if judge_conditions(f.rule, line.facts).met is not False]
    if any(isinstance(rule.expression, Refusal) for rule in charging):
        return SumState.NOT_HELD
    if charging or (kind in DUTIES and line.duties_open) or kind in line.varying:
        return SumState.NOT_KNOWN
    if kind is Kind.DUTY:
        return SumState.NOT_HELD
    stated = find_coverage(context.territories, context.lending, kind, context.question.day)
    if stated is None:
        return SumState.NOT_HELD if kind is Kind.TAX else SumState.NOT_KNOWN
    # Where a kind is held in part, rules name the goods whose charge is not held; no rule names these.
    return SumState.NOT_HELD if stated.value == Extent.NOT_HELD else SumState.NONE
