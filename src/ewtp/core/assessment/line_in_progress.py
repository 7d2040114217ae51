"""One line on its way to an answer: its national code, the rules that reach it, what they charge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ewtp.core.assessment.duties import Sorted, Work, charge_duties, charge_excise, claims_of, sort_rules
from ewtp.core.assessment.reliefs import apply_reliefs
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.core.assessment.answer import Option, Range
    from ewtp.core.assessment.consignment import Frame
    from ewtp.core.assessment.line_facts import Circumstances
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
    # The line of the schedule that the code is, or is a subdivision of; empty where there is none.
    declared: str = ""


def refuse_unknown_claims(claims: tuple[str, ...], known: frozenset[str]) -> list[Refusal]:
    """Refuse each claim that no rule knows, because it would silently do nothing."""
    shown = ", ".join(sorted(known)) or "none"
    return [
        Refusal(
            "claim_unknown",
            f"{claim[:60]!r} cannot be claimed for these goods from this origin on this day; what can: {shown}.",
            where="claims",
            details=(("claims", sorted(known)),),
        )
        for claim in claims
        if claim not in known
    ]


def refuse_conflicting_claims(matched: Sorted, facts: Circumstances) -> Refusal | None:
    """Goods enter under one preference or quota; two that say different duties cannot both be claimed."""
    lower = matched.get(Kind.PREFERENCE, []) + matched.get(Kind.QUOTA, [])
    duties: dict[str, str] = {}
    for claim in sorted(facts.claims):
        opened = [found for found in lower if claim in claims_of(found)]
        if opened:
            duties[claim] = max(opened, key=lambda found: found.rank).rule.measure.expression
    if len(set(duties.values())) < 2:  # noqa: PLR2004 - it takes two to disagree
        return None
    return Refusal(
        "claims_conflict",
        f"{' and '.join(duties)} each set another duty, and goods enter under one of them: claim one.",
        where="claims",
        details=(("claims", list(duties)),),
    )


def sorted_rules(frame: Frame, facts: Circumstances, origin: str) -> Sorted:
    """The rules of every territory of the destination that reach the line."""
    common, _ = _rules_by_origin(frame, facts, origin)
    return common


def depends_on_member(frame: Frame, facts: Circumstances, origin: str) -> bool:
    """Whether some rule reaches goods of one member of the customs union ``origin`` and not those of another."""
    common, widest = _rules_by_origin(frame, facts, origin)
    return sum(map(len, common.values())) != widest


def _rules_by_origin(frame: Frame, facts: Circumstances, origin: str) -> tuple[Sorted, int]:
    """The rules that reach the goods whichever member they are from, and how many reach those of some member."""
    rules: list[Rule] = []
    for territory in frame.territories:
        rules.extend(frame.book.rules_for(territory.code, facts.code))
    members = frame.book.members_of(origin)
    if len(members) == 1:
        matched = sort_rules(rules, facts)
        return matched, sum(map(len, matched.values()))
    day = frame.question.day
    each = [
        sort_rules(rules, replace(facts, memberships=frame.book.groups_of(member, day) | facts.memberships))
        for member in members
    ]
    reached = [{found.rule.measure.id for kind in matched.values() for found in kind} for matched in each]
    by_all = frozenset.intersection(*map(frozenset, reached))
    common = {
        kind: [found for found in matched if found.rule.measure.id in by_all] for kind, matched in each[0].items()
    }
    return common, len(frozenset.union(*map(frozenset, reached)))


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
