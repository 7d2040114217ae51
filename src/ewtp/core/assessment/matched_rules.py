"""Which rules reach a line: by territory, product, day and origin, and whether their conditions are met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.sentences import (
    CONDITION_OPEN,
    CONDITION_OPEN_BUYER,
    CONDITION_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT,
)
from ewtp.core.rulebook.book import Rule, in_order, matching_claims
from ewtp.core.rulebook.correlation import EDITIONS, hs_edition_of
from ewtp.core.rulebook.measure import EVERY_ORIGIN, INFORMATIVE, ConditionKind, Kind
from ewtp.core.rulebook.territorial_status import is_tax_law
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.rulebook.measure import Condition, Measure
    from ewtp.core.values.money import Money
    from ewtp.core.values.sentence import Sentence

_EVERYONE = (EVERY_ORIGIN,)


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that reaches the line, with the origin entries through which it does."""

    rule: Rule
    entries: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        """A rule for named origins comes before one for all; then the longer prefix wins."""
        return (self.entries != _EVERYONE, len(self.rule.measure.product.prefix))


RulesByKind = dict[Kind, list[Matched]]


def sort_rules(rules: Iterable[Rule], facts: LineFacts) -> RulesByKind:
    """The rules in force today that reach this line's origin, by kind."""
    matched: RulesByKind = {}
    day, memberships = facts.day, facts.memberships
    for rule in rules:
        if rule.first_day <= day <= rule.last_day:
            entries: tuple[str, ...]
            if rule.everyone:
                entries = _EVERYONE
            elif memberships.isdisjoint(rule.named) and EVERY_ORIGIN not in rule.measure.origins.include:
                continue
            else:
                entries = matching_claims(rule.measure.origins, memberships)
            if entries:
                matched.setdefault(rule.measure.kind, []).append(Matched(rule, entries))
    return matched


def stated_rate(rule: Rule) -> tuple[object, ...]:
    """What a rule charges, by value: 0.0% and 0.00% are one rate; a text that cannot be read is like itself alone."""
    measure, read = rule.measure, rule.expression
    text = (measure.expression, measure.currency)
    return (text if read is None or isinstance(read, Refusal) else read, measure.base)


def rules_reaching(context: ConsignmentContext, facts: LineFacts, origin: str) -> RulesByKind:
    """The rules of every territory of the destination that reach the line."""
    common, _ = _rules_by_origin(context, facts, origin)
    return common


def depends_on_member(context: ConsignmentContext, facts: LineFacts, origin: str) -> bool:
    """Whether some rule reaches goods of one member of the customs union ``origin`` and not those of another."""
    common, widest = _rules_by_origin(context, facts, origin)
    return sum(map(len, common.values())) != widest


def _rules_by_origin(context: ConsignmentContext, facts: LineFacts, origin: str) -> tuple[RulesByKind, int]:
    """The rules that reach the goods whichever member they are from, and how many reach those of some member."""
    rules: list[Rule] = []
    for territory in context.territories:
        found = _rules_on_code(context, territory.code, facts)
        lent = territory.code in context.lending
        rules.extend([rule for rule in found if not is_tax_law(rule.measure)] if lent else found)
    members = context.book.members_of(origin)
    if len(members) == 1:
        matched = sort_rules(rules, facts)
        return matched, sum(map(len, matched.values()))
    day = context.question.day
    each = [
        sort_rules(rules, replace(facts, memberships=context.book.groups_of(member, day) | facts.memberships))
        for member in members
    ]
    reached = [{found.rule.measure.id for kind in matched.values() for found in kind} for matched in each]
    by_all = frozenset.intersection(*map(frozenset, reached))
    common = {
        kind: [found for found in matched if found.rule.measure.id in by_all] for kind, matched in each[0].items()
    }
    return common, len(frozenset.union(*map(frozenset, reached)))


def _rules_on_code(context: ConsignmentContext, territory: str, facts: LineFacts) -> Iterable[Rule]:
    """The rules of a territory on the code of a line.

    Where the code stands for one of another edition, a rule written in that edition reaches the code that was asked.
    """
    rules = context.book.rules_for(territory, facts.code)
    if not facts.asked:
        return rules
    own = context.tariff.hs_edition if context.tariff else EDITIONS[0]
    asked = context.book.rules_for(territory, facts.asked)
    return in_order(
        {
            id(rule): rule
            for found, in_own in ((rules, True), (asked, False))
            for rule in found
            if (hs_edition_of(rule.measure.product.nomenclature) in ("", own)) is in_own
        }.values()
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a measure's conditions are met: where ``met`` is None a fact is missing, which ``why`` states."""

    met: bool | None
    why: Unknown | None = None


_MET = Verdict(met=True)
_NOT_MET = Verdict(met=False)
# Conditions that a claim meets.
_MADE = frozenset({ConditionKind.CLAIM, ConditionKind.END_USE})


def judge_conditions(measure: Measure, facts: LineFacts) -> Verdict:
    """Whether the measure's conditions hold for this line, do not, or cannot be told."""
    if not measure.conditions:
        return _MET
    open_question = _MET
    for condition in measure.conditions:
        if condition.kind in INFORMATIVE:
            continue
        found = _judge(condition, measure, facts)
        if found.met is False:
            return found
        if found.met is None:
            open_question = found
    return open_question


def _judge(condition: Condition, measure: Measure, facts: LineFacts) -> Verdict:
    kind, limit = condition.kind, condition.limit
    if kind in _MADE:
        return _MET if condition.claim in facts.claims else _NOT_MET
    if kind is ConditionKind.UNLESS_CLAIM:
        return _NOT_MET if condition.claim in facts.claims else _MET
    if kind is ConditionKind.BUYER:
        return _judge_choice(condition, facts.buyer, measure, CONDITION_OPEN_BUYER)
    if kind is ConditionKind.TRANSPORT:
        return _judge_choice(condition, facts.transport, measure, CONDITION_OPEN_TRANSPORT)
    if limit is not None:
        return _judge_value(condition, limit, facts)
    text = condition.text or condition.value
    return Verdict(None, Unknown(CONDITION_OPEN, {"title": measure.title, "condition": f"{kind} {text}"}))


def _judge_choice(condition: Condition, given: str | None, measure: Measure, otherwise: Sentence) -> Verdict:
    choices = condition.value.split()
    if given is None:
        return Verdict(None, Unknown(otherwise, {"title": measure.title, "choices": choices}))
    return _MET if given in choices else _NOT_MET


def _judge_value(condition: Condition, limit: Money, facts: LineFacts) -> Verdict:
    value = facts.consignment_value
    rate = Decimal(1) if limit.currency == value.currency else facts.rate(value.currency, limit.currency)
    if rate is None:
        return Verdict(None, Unknown(CONDITION_OPEN_RATE, {"source": value.currency, "target": limit.currency}))
    worth = value.amount * rate
    if condition.kind is ConditionKind.MINIMUM_VALUE:
        return _MET if worth >= limit.amount else _NOT_MET
    if condition.kind is ConditionKind.BELOW_VALUE:
        return _MET if worth < limit.amount else _NOT_MET
    if condition.kind is ConditionKind.ABOVE_VALUE:
        return _MET if worth > limit.amount else _NOT_MET
    return _MET if worth <= limit.amount else _NOT_MET
