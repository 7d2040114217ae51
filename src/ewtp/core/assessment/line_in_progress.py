"""One line on its way to an answer: its national code, the rules that reach it, what they charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.duties import charge_duties
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.excise import charge_excise
from ewtp.core.assessment.reliefs import relieve_duties
from ewtp.core.assessment.sentences import BETWEEN_CUSTOMS_UNION, INSIDE_CUSTOMS_UNION
from ewtp.core.rulebook.territorial_status import CustomsRelation

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.core.assessment.answer import Option
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.line_span import Range
    from ewtp.core.assessment.question import QuestionLine
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.measure import Kind
    from ewtp.core.values.money import Money


@dataclass(slots=True)
class LineInProgress:
    """A line, its facts, the rules that reach it and what was found out; ``span`` where it has no national code.

    ``matched`` are the rules of its destination, ``outward`` those on exports of the economy of dispatch.
    """

    line: QuestionLine
    description: str
    facts: LineFacts
    matched: RulesByKind
    outward: RulesByKind
    findings: Findings
    goods: Money
    carriage: Decimal
    options: tuple[Option, ...] = ()
    span: Range | None = None
    # The line of the schedule that the code is, or is a subdivision of; empty where there is none.
    declared: str = ""
    # The subheading of the schedule's edition that stands for the code asked about; empty where the code is its own.
    converted: str = ""
    # The kinds of rule that some of the national lines below the code have and others have not.
    varying: frozenset[Kind] = frozenset()

    @property
    def duties_open(self) -> bool:
        """Whether the duties depend on which national line the goods are."""
        return self.span is not None and self.span.duties_differ


def charge_line(context: ConsignmentContext, matched: RulesByKind, facts: LineFacts) -> Findings:
    """Duties, low-value relief and excise of one national line."""
    if context.inside_union:
        findings = Findings()
        ends = {"origin": context.question.origin, "destination": context.question.destination}
        together = context.customs_relation is CustomsRelation.TERRITORY
        findings.open(Unknown(INSIDE_CUSTOMS_UNION if together else BETWEEN_CUSTOMS_UNION, ends))
    else:
        findings = charge_duties(matched, facts, context.rounding)
        relieve_duties(matched, facts, findings)
    findings.duties_settled = findings.complete
    charge_excise(matched, facts, context.tax_rounding, findings)
    return findings
