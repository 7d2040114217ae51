"""What could be done about a rule that stands in somebody's way, as acts to begin with."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.acts.act import (
    AcceptElectronic,
    ActDays,
    Acts,
    AnswerWithin,
    Article,
    EndRules,
    ExemptOrigins,
    RaiseThreshold,
    ReplaceExpression,
    Selector,
)
from ewtp.core.rulebook.measure import VALUE_LIMITS, Kind

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.acts.act import Act
    from ewtp.core.rulebook.measure import Measure

# Where nobody has said otherwise: an answer within a working week.
_ANSWER_DAYS = 5
_FREE = "0%"


class Remedy(StrEnum):
    """What a proposal may do about a rule."""

    END = "end"
    EXEMPT = "exempt"
    ELECTRONIC = "electronic"
    ANSWER = "answer"
    FREE = "free"
    THRESHOLD = "threshold"


def remedies_for(rule: Measure) -> tuple[Remedy, ...]:
    """The remedies that fit a rule, the widest first."""
    if rule.kind is Kind.RELIEF:
        limited = any(condition.kind in VALUE_LIMITS for condition in rule.conditions)
        return (Remedy.THRESHOLD,) if limited else ()
    if rule.kind is Kind.REQUIREMENT:
        answers = (Remedy.ANSWER,) if rule.agency else ()
        return (Remedy.END, Remedy.EXEMPT, Remedy.ELECTRONIC, *answers)
    if rule.kind is Kind.PROHIBITION:
        return (Remedy.END, Remedy.EXEMPT)
    return (Remedy.END, Remedy.FREE, Remedy.EXEMPT)


def suggest_acts(rule: Measure, remedy: Remedy, *, product: str, origin: str, first_day: date, title: str) -> Acts:
    """The remedy as acts about the rule, for ``product`` (digits of its code; empty means all that the rule is about).

    ``origin`` is the economy whose goods are exempted. It decides nothing: the author continues from there.
    """
    code = rule.product.prefix if rule.product.prefix.startswith(product) else product
    selector = Selector(
        rule.territory,
        kind=rule.kind,
        agency=rule.agency,
        document=rule.document,
        programme="" if rule.agency else rule.programme,
        codes=(code,) if code else (),
        direction=rule.direction,
    )
    act = _act(rule, remedy, selector, origin, first_day)
    return Acts((Article("1", (act,)),), title)


def _act(rule: Measure, remedy: Remedy, selector: Selector, origin: str, first_day: date) -> Act:
    lasting = ActDays(first_day, permanent=True)
    match remedy:
        case Remedy.END:
            return EndRules(selector, ActDays(first_day))
        case Remedy.EXEMPT:
            return ExemptOrigins(selector, (origin,), lasting)
        case Remedy.ELECTRONIC:
            return AcceptElectronic(selector, "", lasting)
        case Remedy.ANSWER:
            asked = Selector(rule.territory, agency=rule.agency, document=rule.document)
            return AnswerWithin(asked, _ANSWER_DAYS, lasting)
        case Remedy.FREE:
            return ReplaceExpression(selector, _FREE, "", lasting)
        case Remedy.THRESHOLD:
            limit = next(condition.value for condition in rule.conditions if condition.kind in VALUE_LIMITS)
            return RaiseThreshold(selector, limit, lasting)
