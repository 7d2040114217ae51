"""The facts that would settle what a line leaves open: how the goods travel, who buys them, their use, parts, rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import AskedFact
from ewtp.core.assessment.claims import may_claim
from ewtp.core.assessment.fact_sentences import PART_AWAITED
from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.rulebook.measure import BUYERS, TRANSPORTS, Kind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule

# Facts of the whole consignment that may be one of a few.
_CHOICES = {
    "transport": tuple((value, "") for value in TRANSPORTS),
    "buyer": tuple((value, "") for value in BUYERS),
}
# The parameter that has the nearest day for which the schedule, or the charges, are held.
_DAYS = {"charges_not_held": "last", "schedule_for_earlier_days": "last", "schedule_not_in_force": "start"}
_PARTS = {"part_value_missing": "part", "quantity_missing": "unit"}
_FREIGHT = AskedFact("freight", ())


def ask_facts(
    sides: Iterable[RulesByKind], facts: LineFacts, unknowns: Iterable[Unknown], book: Book
) -> tuple[AskedFact, ...]:
    """What would settle the unknowns of a line, each fact once; ``sides`` are the rules on imports, and on exports."""
    asked = [*_find_requests(unknowns)]
    for matched in sides:
        for kind, rules in matched.items():
            # A tax that another of its programme takes the place of has no rate to state.
            for found in specific_taxes(rules) if kind is Kind.TAX else rules:
                rule = found.rule
                # Hardly any rule asks for anything.
                if rule.asks:
                    asked += _find_claim_requests(rule, facts, book)
                elif rule.rates:
                    asked += _find_rate_request(rule, facts)
    if len(asked) < 2:  # noqa: PLR2004 - it takes two to be the same
        return tuple(asked)
    merged: dict[tuple[str, str, tuple[tuple[str, str], ...]], AskedFact] = {}
    for fact in asked:
        key = (fact.fact, fact.name, fact.choices)
        known = merged.get(key)
        if known is not None:
            titles = tuple(dict.fromkeys((*known.titles, *fact.titles)))
            fact = AskedFact(fact.fact, titles, fact.name, fact.choices, fact.reference)  # noqa: PLW2901 - the same fact
        merged[key] = fact
    return tuple(merged.values())


def _find_requests(unknowns: Iterable[Unknown]) -> Iterator[AskedFact]:
    """The facts that the sentences about what is open name."""
    for unknown in unknowns:
        code, form = unknown.sentence.code, unknown.sentence.form
        if form in _CHOICES:
            yield AskedFact(form, _titles(unknown), "", _CHOICES[form])
        elif code == "freight_not_given":
            yield _FREIGHT
        elif code in _DAYS:
            if (day := unknown.params.get(_DAYS[code])) is not None:
                yield AskedFact("date", (), "", ((day.isoformat(), ""),))
        elif code in _PARTS and (name := _find_part(unknown, _PARTS[code])):
            yield AskedFact(_PARTS[code], _titles(unknown), name)


def _find_part(unknown: Unknown, fact: str) -> str:
    """The name of the unit or of the part that an unknown asks for; empty where it names none."""
    if unknown.form == PART_AWAITED.form:
        named = unknown.params[fact]
        return str(named["code"] if fact == "unit" else named)
    problem = unknown.params.get("problem")
    return str(dict(problem.details).get(fact, "")) if isinstance(problem, Refusal) else ""


def _titles(unknown: Unknown) -> tuple[str, ...]:
    charges = unknown.params.get("charges")
    if isinstance(charges, list):
        return tuple(str(charge.params["title"]) for charge in charges)
    title = unknown.params.get("title")
    return (str(title),) if title else ()


def _find_claim_requests(rule: Rule, facts: LineFacts, book: Book) -> Iterator[AskedFact]:
    """The claims that would settle an open condition of a rule."""
    if judge_conditions(rule, facts).met is None:
        choices = tuple(
            (condition.claim, condition.text)
            for condition in rule.measure.conditions
            if condition.claim and condition.claim not in facts.claims and may_claim(condition.claim, facts, book)
        )
        if choices:
            yield AskedFact("claim", (rule.measure.title,), "", choices)


def _find_rate_request(rule: Rule, facts: LineFacts) -> Iterator[AskedFact]:
    """The rates that a tax may have."""
    if facts.claims.isdisjoint(rule.rates) and judge_conditions(rule, facts).met:
        yield AskedFact("claim", (rule.measure.title,), "", tuple(rule.rates.items()), rule.measure.reference)
