"""The duties of one line: the one duty that applies, and additional duties that stack or yield."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import Findings, compute
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.rule_matches import RulesByKind, judge_conditions
from ewtp.core.assessment.sentences import DUTY_AMBIGUOUS, DUTY_OF_NEWER_EDITION
from ewtp.core.rulebook.duty_rank import (
    claims_of,
    find_leading_claim,
    find_leading_duties,
    find_stated_rate,
    follows,
    state_one_rate,
)
from ewtp.core.rulebook.expressions.tree import AdValorem
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Rounding

_LONGEST_RATE = 120


def charge_duties(matched: RulesByKind, facts: LineFacts, rounding: Rounding) -> Findings:
    """The duty and the additional duties of the line, given what is claimed."""
    findings = Findings()
    chosen = choose_duty(matched, facts, findings)
    duty: Decimal | None = None
    if chosen is not None:
        charge = compute(chosen, facts, rounding, findings)
        if charge is not None:
            # A duty gives way where there is more than one.
            several = len(matched.get(Kind.DUTY, ())) > 1
            notes = tuple(_edition_notes(chosen, matched, facts)) if several else ()
            findings.charges.append(replace(charge, notes=notes) if notes else charge)
            duty = charge.amount.amount
    if matched.get(Kind.ADDITIONAL_DUTY):
        _charge_additional(matched[Kind.ADDITIONAL_DUTY], facts, duty, rounding, findings)
    return findings


def choose_duty(matched: RulesByKind, facts: LineFacts, findings: Findings) -> Rule | None:
    """The one duty rule that applies: a claimed preference or quota, else the most specific duty.

    Of two editions of one nomenclature the newer states the duty of every code that it covers, however short.
    """
    if facts.claims:
        lower = matched.get(Kind.PREFERENCE, []) + matched.get(Kind.QUOTA, [])
        claimed = [m for m in lower if not facts.claims.isdisjoint(claims_of(m))]
        if claimed:
            return find_leading_claim(claimed)
    duties = [m for m in matched.get(Kind.DUTY, []) if judge_conditions(m.rule, facts).met]
    if not duties:
        return None
    best = find_leading_duties(duties)
    if not state_one_rate(best):
        names = [rule.measure.additional_code or rule.measure.title for rule in best]
        findings.open(Unknown(DUTY_AMBIGUOUS, {"code": facts.code, "duties": names}))
        return None
    return best[0]


def _edition_notes(chosen: Rule, matched: RulesByKind, facts: LineFacts) -> Iterator[Statement]:
    """A note for each duty of another rate that gives way to the newer edition of its nomenclature."""
    for found in matched.get(Kind.DUTY, ()) if chosen.measure.kind is Kind.DUTY else ():
        older = found.rule
        if (
            find_stated_rate(older) != find_stated_rate(chosen)
            and follows(chosen, older)
            and judge_conditions(older, facts).met
        ):
            params = {
                "newer": chosen.measure.product.nomenclature,
                "older": older.measure.product.nomenclature,
                "rate": older.measure.expression[:_LONGEST_RATE],
                "source": older.measure.source.title,
            }
            yield Statement(DUTY_OF_NEWER_EDITION, params)


def _charge_additional(
    found: list[Matched],
    facts: LineFacts,
    duty: Decimal | None,
    rounding: Rounding,
    findings: Findings,
) -> None:
    due = [
        (rule, compute(rule, facts, rounding, findings, inherited=duty))
        for rule in additional_rules(found, facts, findings)
    ]
    charging = find_charging_programmes(rule for rule, _ in due)
    for rule, charge in due:
        if charge is not None and charging.isdisjoint(rule.measure.yields_to):
            findings.charges.append(charge)


def find_charging_programmes(due: Iterable[Rule]) -> frozenset[str]:
    """The programmes of additional duties that switch off the rules which yield to them."""
    # A programme whose rate is Free exempts the line; one whose top-up is zero still covers it.
    return frozenset(rule.measure.programme for rule in due if not is_free(rule))


def is_free(rule: Rule) -> bool:
    """Whether the rule exempts: its rate is Free."""
    return isinstance(rule.expression, AdValorem) and rule.expression.percent == 0


def additional_rules(found: list[Matched], facts: LineFacts, findings: Findings) -> list[Rule]:
    """Within one programme a rule for a named origin or a longer code replaces the general one."""
    best: dict[str, tuple[bool, int]] = {}
    met: list[tuple[Rule, tuple[bool, int]]] = []
    for matched in found:
        measure = matched.rule.measure
        judged = judge_conditions(matched.rule, facts)
        if judged.why is not None:
            findings.open(judged.why)
        if not judged.met:
            continue
        rank = matched.rank
        met.append((matched.rule, rank))
        if measure.programme:
            best[measure.programme] = max(best.get(measure.programme, rank), rank)
    return [rule for rule, rank in met if rank == best.get(rule.measure.programme, rank)]
