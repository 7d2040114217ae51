"""One line on its way to an answer: its national code, the rules that reach it, what they charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.assessment.duties import Sorted, Work, charge_duties, charge_excise, sort_rules
from ewtp.core.assessment.reliefs import apply_reliefs
from ewtp.core.values.refusals import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.core.assessment.answer import Option, Range
    from ewtp.core.assessment.circumstances import Circumstances
    from ewtp.core.assessment.frame import Frame
    from ewtp.core.assessment.question import QuestionLine
    from ewtp.core.rulebook.book import Rule
    from ewtp.core.values.money import Money


@dataclass(slots=True)
class LineWork:
    """A line, its facts, the rules that reach it and what was found out; ``span`` where it has no national code."""

    line: QuestionLine
    description: str
    facts: Circumstances
    matched: Sorted
    work: Work
    goods: Money
    carriage: Decimal
    options: tuple[Option, ...] = ()
    span: Range | None = None


def refuse_unknown_claims(claims: tuple[str, ...], known: frozenset[str]) -> Refusal | None:
    """A claim that no rule knows would silently do nothing, so it is refused."""
    for claim in claims:
        if claim not in known:
            shown = ", ".join(sorted(known)) or "none"
            return Refusal(
                "claim_unknown",
                f"{claim[:60]!r} cannot be claimed for these goods from this origin on this day; what can: {shown}.",
                where="claims",
                details=(("claims", sorted(known)),),
            )
    return None


def sorted_rules(frame: Frame, facts: Circumstances) -> Sorted:
    """The rules of every territory of the destination that reach the line."""
    rules: list[Rule] = []
    for territory in frame.territories:
        rules.extend(frame.book.rules_for(territory.code, facts.code))
    return sort_rules(rules, facts)


def duties_and_excise(frame: Frame, matched: Sorted, facts: Circumstances) -> Work:
    """Duties, low-value relief and excise of one national line."""
    if frame.inside_union:
        work = Work()
        work.open(
            "inside_customs_union",
            f"{frame.question.origin} and {frame.question.destination} share a customs territory; whether these goods "
            "move free of duty depends on their status, which is not in the rulebook, so no duty is shown.",
        )
    else:
        work = charge_duties(matched, facts, frame.rounding)
        apply_reliefs(matched, facts, work)
    charge_excise(matched, facts, frame.rounding, work)
    return work
