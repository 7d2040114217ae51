"""Which rules reach a line: by territory, product, day and origin, and whether their conditions are met."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.border_sentences import CONDITION_OPEN_PART
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.sentences import (
    CONDITION_OF_AREA,
    CONDITION_OF_CODE,
    CONDITION_OPEN,
    CONDITION_OPEN_AMOUNT,
    CONDITION_OPEN_BUYER,
    CONDITION_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT,
)
from ewtp.core.rulebook.correlation import EDITIONS, hs_edition_of
from ewtp.core.rulebook.duty_rank import EVERYONE, Matched
from ewtp.core.rulebook.measure import ConditionKind, Kind
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.rulebook.rule import Rule, find_matching_claims, in_order
from ewtp.core.rulebook.territorial_status import is_tax_law
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.rulebook.measure import Condition, Measure
    from ewtp.core.values.money import Money

_ONE = Decimal(1)
# The kind of a condition of charges whose amount is not held from some day on.
_AMOUNT_NOT_HELD = "amount"


RulesByKind = dict[Kind, list[Matched]]


def sort_rules(rules: Iterable[Rule], facts: LineFacts) -> RulesByKind:
    """The rules in force today that reach this line's origin, by kind."""
    matched: RulesByKind = {}
    day, memberships = facts.day, facts.memberships
    for rule in rules:
        # Most rules on a code are for named origins, of which the goods' own is none.
        if not rule.anybody and memberships.isdisjoint(rule.named):
            continue
        if rule.first_day <= day <= rule.last_day and (not rule.seasons or rule.is_in_season(day)):
            entries = EVERYONE if rule.everyone else find_matching_claims(rule.measure.origins, memberships)
            if entries:
                kind = rule.measure.kind
                if kind in matched:
                    matched[kind].append(Matched(rule, entries))
                else:
                    matched[kind] = [Matched(rule, entries)]
    return matched


def rules_reaching(context: ConsignmentContext, facts: LineFacts, origin: str) -> RulesByKind:
    """The rules of every territory of the destination that reach the line."""
    common, _ = _rules_by_origin(context, facts, origin)
    return common


def depends_on_member(context: ConsignmentContext, facts: LineFacts, origin: str) -> bool:
    """Whether some rule reaches goods of one member of the customs union ``origin`` and not those of another."""
    common, widest = _rules_by_origin(context, facts, origin)
    return sum(map(len, common.values())) != widest


def find_closed(context: ConsignmentContext, facts: LineFacts, origin: str) -> list[Matched]:
    """The rules that reach the line in another part of the year alone, whichever member the goods are from."""
    day = facts.day
    dated = (rule for rule in _list_rules(context, facts) if rule.seasons and rule.first_day <= day <= rule.last_day)
    found = []
    for rule in dated:
        if rule.is_in_season(day):
            continue
        scope = rule.measure.origins
        entries = [find_matching_claims(scope, each) for each in _memberships_of(context, facts, origin)]
        if all(entries):
            found.append(Matched(rule, entries[0]))
    return found


def _rules_by_origin(context: ConsignmentContext, facts: LineFacts, origin: str) -> tuple[RulesByKind, int]:
    """The rules that reach the goods whichever member they are from, and how many reach those of some member."""
    rules = _list_rules(context, facts)
    memberships = _memberships_of(context, facts, origin)
    if len(memberships) == 1:
        matched = sort_rules(rules, facts)
        return matched, sum(map(len, matched.values()))
    each = [sort_rules(rules, replace(facts, memberships=own)) for own in memberships]
    reached = [{found.rule.measure.id for kind in matched.values() for found in kind} for matched in each]
    by_all = frozenset.intersection(*map(frozenset, reached))
    common = {
        kind: [found for found in matched if found.rule.measure.id in by_all] for kind, matched in each[0].items()
    }
    return common, len(frozenset.union(*map(frozenset, reached)))


def _list_rules(context: ConsignmentContext, facts: LineFacts) -> list[Rule]:
    """The rules of every territory of the destination on the code of the line, less those of charges not owed."""
    rules: list[Rule] = []
    for territory in context.territories:
        found = _rules_on_code(context, territory.code, facts)
        lent = territory.code in context.lending
        rules.extend([rule for rule in found if not is_tax_law(rule.measure)] if lent else found)
    if context.not_owed:
        about = ((rule, rule.measure) for rule in rules)
        rules = [rule for rule, law in about if context.not_owed.isdisjoint((law.kind, law.relieves))]
    return rules


def _memberships_of(context: ConsignmentContext, facts: LineFacts, origin: str) -> list[frozenset[str]]:
    """The memberships of the origin; of a customs union, those of each of its members."""
    members = context.book.members_of(origin)
    if len(members) == 1:
        return [facts.memberships]
    day = context.question.day
    return [context.book.groups_of(member, day) | facts.memberships for member in members]


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


@immutable
class Verdict:
    """Whether a measure's conditions are met: where ``met`` is None a fact is missing, which ``why`` states."""

    met: bool | None
    why: Unknown | None = None


_MET = Verdict(met=True)
_NOT_MET = Verdict(met=False)
# What the texts of the conditions are about that the British files write beside a measure.
# The kind of condition under which a rule is on goods of a code of a schedule that is not the destination's; its value
# is that code, and the subheading that both schedules have.
PART = "part_of_subheading"
_ABOUT = {"area": CONDITION_OF_AREA, "additional_code": CONDITION_OF_CODE}
# Conditions about a fact that every question may state.
_STATED = frozenset({ConditionKind.BUYER, ConditionKind.TRANSPORT})


def judge_conditions(rule: Rule, facts: LineFacts) -> Verdict:
    """Whether the conditions of the rule's measure hold for this line, do not, or cannot be told."""
    if not rule.measure.conditions:
        return _MET
    met = are_conditions_met(rule, facts)
    if met is None:
        open_questions = [each for each in rule.judged if _is_met(each, facts) is None]
        return Verdict(None, _open_question(open_questions[-1], rule.measure, facts))
    return _MET if met else _NOT_MET


def are_conditions_met(rule: Rule, facts: LineFacts) -> bool | None:
    """What ``judge_conditions`` decides, without the reason: None where a fact is missing."""
    claims = facts.claims
    if not (rule.needed <= claims and rule.barred.isdisjoint(claims)):
        return False
    decided = True
    for condition in rule.judged:
        met = _is_met(condition, facts)
        if met is False:
            return False
        decided = decided and met is True
    return True if decided else None


def is_answerable(rule: Rule, facts: LineFacts) -> bool:
    """Whether the question could state every fact that leaves the rule's conditions open: its buyer, its transport."""
    return all(condition.kind in _STATED for condition in rule.judged if _is_met(condition, facts) is None)


def _is_met(condition: Condition, facts: LineFacts) -> bool | None:
    if condition.limit is not None:
        return _is_within(condition, condition.limit, facts)
    return is_met_as_stated(condition, facts.buyer, facts.transport)


def is_met_as_stated(condition: Condition, buyer: str | None, transport: str | None) -> bool | None:
    """Whether what a question states meets a condition other than a limit of value; None where it leaves that open."""
    if condition.kind is ConditionKind.BUYER:
        return None if buyer is None else buyer in condition.taken
    if condition.kind is ConditionKind.TRANSPORT:
        return None if transport is None else transport in condition.taken
    return None


def _is_within(condition: Condition, limit: Money, facts: LineFacts) -> bool | None:
    value = facts.consignment_value
    rate = _ONE if limit.currency == value.currency else facts.rate(value.currency, limit.currency)
    if rate is None:
        return None
    return is_worth_within(condition, limit, value.amount * rate)


def is_worth_within(condition: Condition, limit: Money, worth: Decimal) -> bool:
    """Whether a consignment of this worth, in the currency of a condition's limit, meets the condition."""
    if condition.kind is ConditionKind.MINIMUM_VALUE:
        return worth >= limit.amount
    if condition.kind is ConditionKind.BELOW_VALUE:
        return worth < limit.amount
    if condition.kind is ConditionKind.ABOVE_VALUE:
        return worth > limit.amount
    return worth <= limit.amount


def _open_question(condition: Condition, measure: Measure, facts: LineFacts) -> Unknown:
    """Which fact is missing to decide a condition."""
    if condition.limit is not None:
        currencies = {"source": facts.consignment_value.currency, "target": condition.limit.currency}
        return Unknown(CONDITION_OPEN_RATE, currencies)
    return state_open_condition(condition, measure)


def state_open_condition(condition: Condition, measure: Measure) -> Unknown:
    """Which fact is missing to decide a condition other than a limit of value."""
    kind = condition.kind
    if kind is ConditionKind.BUYER:
        return Unknown(CONDITION_OPEN_BUYER, {"title": measure.title, "choices": list(condition.taken)})
    if kind is ConditionKind.TRANSPORT:
        return Unknown(CONDITION_OPEN_TRANSPORT, {"title": measure.title, "choices": list(condition.taken)})
    if kind == PART:
        code, subheading = condition.value.split()
        return Unknown(CONDITION_OPEN_PART, {"title": measure.title, "codes": [code], "subheading": subheading})
    params = {"title": measure.title, "condition": _in_words(condition)}
    is_amount = kind == _AMOUNT_NOT_HELD and measure.kind.charges
    return Unknown(CONDITION_OPEN_AMOUNT if is_amount else CONDITION_OPEN, params)


def _in_words(condition: Condition) -> Statement:
    """What a condition asks for; the texts of official files do not say what they are about, so that is added."""
    if condition.kind in _ABOUT:
        return Statement(_ABOUT[condition.kind], {"words": read_phrase(condition.text or condition.value)})
    return read_phrase(condition.text or f"{condition.kind} {condition.value}")
