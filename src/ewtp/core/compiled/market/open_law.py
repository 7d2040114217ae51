"""The rules of a compiled book that may leave something open, as the scalar path's own functions need them.

The texts of a book keep such rules, shortened, so that a statement about one is made by the function that the scalar
path makes it with, without reading the law.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import state_not_computed
from ewtp.core.assessment.fees import state_assumption
from ewtp.core.assessment.papers import paper_title, state_open_paper
from ewtp.core.assessment.reliefs import state_open_relief
from ewtp.core.assessment.rule_matches import PART, is_met_as_stated, is_worth_within, state_open_condition
from ewtp.core.assessment.sentences import EXPRESSION_MISSING
from ewtp.core.assessment.taxes import state_doubt, state_incomplete_base
from ewtp.core.compiled.compile.duty_bytecode import compile_program
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.expressions.evaluation import Facts, evaluate
from ewtp.core.rulebook.expressions.tree import Missing, walk
from ewtp.core.rulebook.measure import Base, ConditionKind, Kind, Product
from ewtp.core.rulebook.measure_json import measure_as_json, measure_from_json
from ewtp.core.rulebook.rule import Rule
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.rulebook.measure import Condition, Measure

# By code, the unknown that a rule leaves if it leaves one; None where its words depend on more than the rule.
OpenStatements = dict[str, "Unknown | None"]

_DOUBTS = frozenset({ConditionKind.REDUCED, ConditionKind.DISPUTED, ConditionKind.UNCONFIRMED})
_NO_SOURCE = Source("none", "none", "none", None, date.min)
_PAPERS = frozenset({Kind.REQUIREMENT, Kind.PROHIBITION})
_SOMETHING = Facts(Money(Decimal(1), "USD"))


def write_open_law(rule: Rule) -> str:
    """The part of a rule that statements about it need, as JSON; empty where it leaves nothing open.

    Nothing is claimed in the market finder, so a rule that needs a claim leaves nothing open.
    """
    measure = rule.measure
    if rule.needed or measure.kind in LOWER_DUTIES or not (rule.judged or _may_stay_open(rule)):
        return ""
    title = paper_title(measure) if measure.kind in _PAPERS or measure.relieves_papers else measure.title
    short = replace(
        measure,
        id=measure.id if not measure.title else "-",
        title=title,
        product=Product("", ""),
        source=_NO_SOURCE,
        reference="",
        known_from=None,
        known_to=None,
        adoption=None,
        yields_to=(),
        additional_code="",
        order_number="",
        mast_chapter="",
        stage="",
        agency="" if measure.kind is not Kind.REQUIREMENT else "-",
        document="",
    )
    body = {name: value for name, value in measure_as_json(short).items() if value or name in _NEEDED}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


_NEEDED = frozenset({"reference", "nomenclature", "code"})


def read_open_law(text: str) -> Rule | None:
    """The rule that ``write_open_law`` wrote; None where answers cannot read it."""
    measure = measure_from_json(json.loads(text))
    return None if isinstance(measure, Refusal) else Rule(measure)


def judge_limits(rule: Rule, worth: Money) -> tuple[bool | None, ...]:
    """By limit of value of the rule, whether goods of this worth meet it; None where it is in another currency."""
    limits = [(condition, condition.limit) for condition in rule.judged if condition.limit is not None]
    return tuple(
        is_worth_within(condition, limit, worth.amount) if limit.currency == worth.currency else None
        for condition, limit in limits
    )


def state_open_law(
    rule: Rule, buyer: str | None, transport: str | None, within: tuple[bool | None, ...]
) -> OpenStatements:
    """What the rule leaves open, if it reaches the goods, where the question states this buyer and transport.

    ``within`` is ``judge_limits``.
    """
    measure, limits = rule.measure, iter(within)
    stated = [
        (condition, is_met_as_stated(condition, buyer, transport) if condition.limit is None else next(limits))
        for condition in rule.judged
    ]
    if any(met is False for _, met in stated):
        return {}
    left = [condition for condition, met in stated if met is None]
    # A limit in another currency is met or not by a rate of exchange; where there is none, it stays open.
    if all(condition.limit is not None for condition in left):
        found = _state_charge(rule)
        if left and measure.kind is not Kind.DUTY:
            found[_code_of_open(measure)] = None
        return found
    if measure.kind is Kind.DUTY:
        return {}
    last = left[-1]
    if last.limit is not None or (last.kind == PART and measure.kind is Kind.RELIEF):
        return {_code_of_open(measure): None}
    why = _state_condition(measure, last)
    return {why.code: why}


def _code_of_open(measure: Measure) -> str:
    if measure.kind in _PAPERS or measure.relieves_papers:
        return "paper_open"
    if measure.kind is Kind.RELIEF:
        return "flat_duty_open" if measure.is_flat else "relief_open"
    return "condition_open"


def _state_condition(measure: Measure, condition: Condition) -> Unknown:
    why = state_open_condition(condition, measure)
    if measure.kind in _PAPERS or measure.relieves_papers:
        return state_open_paper(measure, why)
    return state_open_relief(measure, why) if measure.kind is Kind.RELIEF else why


def _state_charge(rule: Rule) -> OpenStatements:
    """What a charge leaves open that is computed, or would be."""
    measure = rule.measure
    found: OpenStatements = {}
    if measure.kind.charges:
        refused = _find_refusal(rule)
        if refused is not None:
            found[refused.code] = state_not_computed(refused, measure)
        elif _has_missing_fact(rule):
            found["fact_missing"] = None
    for unknown in _state_told(rule):
        found.setdefault(unknown.code, unknown)
    return found


def _state_told(rule: Rule) -> Iterator[Unknown]:
    measure = rule.measure
    for condition in rule.told:
        if measure.kind is Kind.FEE and condition.kind is ConditionKind.ASSUMES:
            yield state_assumption(measure, condition)
        doubt = state_doubt(measure, condition) if measure.kind is Kind.TAX else None
        if doubt is not None:
            yield doubt
    if measure.kind is Kind.TAX and measure.base == Base.DUTY_PAID:
        yield state_incomplete_base(measure)


def _find_refusal(rule: Rule) -> Refusal | None:
    """The refusal of every evaluation of the charge; None where some may succeed, or be refused otherwise."""
    if rule.expression is None or isinstance(rule.expression, Refusal):
        return rule.expression or Refusal(EXPRESSION_MISSING)
    code = compile_program(rule, Pool(), Pool(), Pool(("", ""))).refusal
    refused = evaluate(rule.expression, _SOMETHING) if code == "fact_missing" else None
    return refused if isinstance(refused, Refusal) else None


def _may_stay_open(rule: Rule) -> bool:
    measure = rule.measure
    if not measure.kind.charges:
        return False
    if rule.expression is None or isinstance(rule.expression, Refusal) or _has_missing_fact(rule):
        return True
    told = {condition.kind for condition in rule.told}
    if measure.kind is Kind.TAX:
        return measure.base == Base.DUTY_PAID or not told.isdisjoint(_DOUBTS)
    return measure.kind is Kind.FEE and ConditionKind.ASSUMES in told


def _has_missing_fact(rule: Rule) -> bool:
    expression = rule.expression
    if expression is None or isinstance(expression, Refusal):
        return False
    return any(isinstance(node, Missing) for node in walk(expression))
