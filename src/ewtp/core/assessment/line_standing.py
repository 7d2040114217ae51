"""Where each sum of one line stands, after everything on it was charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.assessment.standing import Standing, first_standing
from ewtp.core.rulebook.charge_kinds import DUTIES, KINDS_BY_TOTAL, charge_kind_of
from ewtp.core.rulebook.coverage_statement import Extent
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territorial_status import CustomsRelation, find_coverage

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_in_progress import LineInProgress
    from ewtp.core.rulebook.charge_kinds import Total


def find_standings(context: ConsignmentContext, line: LineInProgress) -> dict[Total, Standing]:
    """The standing of each sum of the line."""
    charged = {charge_kind_of(charge.kind).total for charge in line.findings.charges}
    return {
        total: Standing.CHARGED if total in charged else first_standing(_standing_of(context, line, k) for k in kinds)
        for total, kinds in KINDS_BY_TOTAL.items()
    }


def _standing_of(context: ConsignmentContext, line: LineInProgress, kind: Kind) -> Standing:
    """The standing of a kind of charge of which the line has none."""
    if kind in context.not_owed:
        return Standing.NOT_OWED
    if context.inside_union and kind in DUTIES:
        together = context.customs_relation is CustomsRelation.TERRITORY
        return Standing.NOT_OWED if together else Standing.NOT_KNOWN
    if line.span is not None or any(
        judge_conditions(found.rule, line.facts).met is not False for found in line.matched.get(kind, ())
    ):
        # Some rule charges it, or may; what is open says why there is no figure.
        return Standing.NOT_KNOWN
    if kind is Kind.DUTY:
        return Standing.NOT_HELD
    stated = find_coverage(context.territories, context.lending, kind, context.question.day)
    if stated is None:
        return Standing.NOT_HELD if kind is Kind.TAX else Standing.NOT_KNOWN
    # Where a kind is held in part, rules name the goods whose charge is not held; no rule names these.
    return Standing.NOT_HELD if stated.value == Extent.NOT_HELD else Standing.NONE
