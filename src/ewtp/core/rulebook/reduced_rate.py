"""Taxes whose measure says that some goods bear another rate: the lowest that it may be, and the one that is stated."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from ewtp.core.rulebook.expressions.tree import AdValorem
from ewtp.core.rulebook.measure import ConditionKind
from ewtp.core.rulebook.rule import Rule

_NOTHING = Decimal(0)


def lowest_rate(rule: Rule) -> Decimal | None:
    """The lowest rate in per cent that the goods may bear; None where no other rate is possible.

    It is zero where a rate is not listed, or where the tax is more than a percentage of its base.
    """
    found: Decimal | None = None
    for condition in rule.told:
        if condition.kind is ConditionKind.REDUCED:
            stated = _lowest_of(condition.value)
            found = stated if found is None else min(found, stated)
    if found is None:
        return None
    expression = rule.expression
    if not isinstance(expression, AdValorem) or expression.base is not None or expression.divisor != 1:
        return _NOTHING
    return min(expression.percent, found)


@lru_cache(maxsize=1024)
def _lowest_of(rates: str) -> Decimal:
    """The lowest of rates such as ``"5% 0%"``; zero where one of them is not a percentage, such as ``"unlisted"``."""
    return min((_read_rate(text) for text in rates.split()), default=_NOTHING)


def at_stated_rate(rule: Rule, rate: str) -> Rule:
    """The tax at a rate that the question states; it has no other rates then."""
    measure = rule.measure
    left = tuple(condition for condition in measure.conditions if condition.kind is not ConditionKind.REDUCED)
    return Rule(replace(measure, expression=rate, conditions=left))


def _read_rate(text: str) -> Decimal:
    try:
        rate = Decimal(text.removesuffix("%")) if text.endswith("%") else _NOTHING
    except InvalidOperation:
        return _NOTHING
    return max(rate, _NOTHING) if rate.is_finite() else _NOTHING
