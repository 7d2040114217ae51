"""The facts that would settle what a line leaves open: how the goods travel, who buys them, their use, parts, rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import AskedFact
from ewtp.core.assessment.claims import may_claim
from ewtp.core.assessment.matched_rules import judge_conditions
from ewtp.core.assessment.question import BUYERS, TRANSPORTS
from ewtp.core.rulebook.measure import INFORMATIVE, ConditionKind, Kind
from ewtp.core.rulebook.reduced_rate import rate_claims
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.matched_rules import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule

# Facts of the whole consignment, each with what it may be.
_CHOICES = {"transport": TRANSPORTS, "buyer": BUYERS}
# The parameter that has the nearest day for which the schedule is held.
_DAYS = {"schedule_for_earlier_days": "last", "schedule_not_in_force": "start"}
_PARTS = {"part_value_missing": "part", "quantity_missing": "unit"}
_CLAIMED = frozenset({ConditionKind.CLAIM, ConditionKind.UNLESS_CLAIM, ConditionKind.END_USE})
# Kinds that a question settles by a field of its own, or by a claim, and those that only inform.
_JUDGED = _CLAIMED | INFORMATIVE | {ConditionKind.BUYER, ConditionKind.TRANSPORT}


def ask_facts(
    sides: Iterable[RulesByKind], facts: LineFacts, unknowns: Iterable[Unknown], book: Book
) -> tuple[AskedFact, ...]:
    """What would settle the unknowns of a line, each fact once; ``sides`` are the rules on imports, and on exports."""
    found: dict[tuple[str, str, tuple[tuple[str, str], ...]], AskedFact] = {}
    asked = [*_asked_by(unknowns), *(fact for matched in sides for fact in _asked_of_rules(matched, facts, book))]
    for fact in asked:
        key = (fact.fact, fact.name, fact.choices)
        known = found.get(key)
        titles = (*known.titles, *fact.titles) if known else fact.titles
        found[key] = AskedFact(fact.fact, tuple(dict.fromkeys(titles)), fact.name, fact.choices, fact.reference)
    return tuple(found.values())


def _asked_by(unknowns: Iterable[Unknown]) -> Iterator[AskedFact]:
    """The facts that the sentences about what is open name."""
    for unknown in unknowns:
        title = unknown.params.get("title")
        titles = (str(title),) if title else ()
        if unknown.form in _CHOICES:
            yield AskedFact(unknown.form, titles, choices=tuple((value, "") for value in _CHOICES[unknown.form]))
        elif (day := unknown.params.get(_DAYS.get(unknown.code, ""))) is not None:
            yield AskedFact("date", titles, choices=((day.isoformat(), ""),))
        elif unknown.code == "freight_not_given":
            yield AskedFact("freight", ())
        elif unknown.code in _PARTS and isinstance(problem := unknown.params.get("problem"), Refusal):
            fact = _PARTS[unknown.code]
            if name := dict(problem.details).get(fact):
                yield AskedFact(fact, titles, str(name))


def _asked_of_rules(matched: RulesByKind, facts: LineFacts, book: Book) -> Iterator[AskedFact]:
    """The claims that would settle an open condition of a rule, and the rates that a tax may have."""
    for kind, rules in matched.items():
        for found in rules:
            rule = found.rule
            if kind is Kind.TAX:
                yield from _asked_rate(rule, facts)
            # Most rules have no condition that a claim could settle.
            if not rule.judged or not (rule.needed or rule.barred):
                continue
            if all(condition.kind in _JUDGED or condition.limit is not None for condition in rule.judged):
                continue
            if judge_conditions(rule, facts).met is not None:
                continue
            choices = tuple(
                (condition.claim, condition.text)
                for condition in rule.measure.conditions
                if condition.kind in _CLAIMED
                and condition.claim not in facts.claims
                and may_claim(condition.claim, facts, book)
            )
            if choices:
                yield AskedFact("claim", (rule.measure.title,), choices=choices)


def _asked_rate(rule: Rule, facts: LineFacts) -> Iterator[AskedFact]:
    claims = rate_claims(rule.measure)
    if claims and facts.claims.isdisjoint(claims) and judge_conditions(rule, facts).met:
        choices = tuple((claim, rate) for claim, rate in claims.items())
        yield AskedFact("claim", (rule.measure.title,), choices=choices, reference=rule.measure.reference)
