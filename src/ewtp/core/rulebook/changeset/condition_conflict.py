"""Conditions that no question can meet together.

A claim made and not made, other buyers, a value above and below, other parts of the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.calendar import list_days
from ewtp.core.rulebook.measure import FACTS_ASKED, VALUE_LIMITS, Condition, ConditionKind, sort_conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.core.rulebook.rule import Rule

_FLOORS = frozenset({ConditionKind.MINIMUM_VALUE, ConditionKind.ABOVE_VALUE})
# Limits that a value may equal.
_INCLUSIVE = frozenset({ConditionKind.MINIMUM_VALUE, ConditionKind.MAXIMUM_VALUE})


def find_conflict(conditions: Sequence[Condition]) -> tuple[Condition, Condition] | None:
    """Two of the conditions that no question meets together; None where there are none.

    Limits in two currencies are not compared: which is higher depends on the day.
    """
    for position, one in enumerate(conditions):
        for other in conditions[position + 1 :]:
            if _exclude_each_other(one, other):
                return one, other
    return None


def may_hold_together(one: Rule, other: Rule) -> bool:
    """Whether some question meets the conditions of two rules; one that answers leave open is met by none."""
    conditions = (*one.measure.conditions, *other.measure.conditions)
    judged = sort_conditions(conditions).judged
    return all(_is_decided(each) for each in judged) and find_conflict(conditions) is None


def _is_decided(condition: Condition) -> bool:
    return condition.limit is not None or bool(condition.taken)


def _exclude_each_other(one: Condition, other: Condition) -> bool:
    if one.claim or other.claim:
        barred = ConditionKind.UNLESS_CLAIM
        return one.claim == other.claim and (one.kind == barred) is not (other.kind == barred)
    if one.kind in FACTS_ASKED:
        return one.kind == other.kind and _disjoint(one.taken, other.taken)
    if one.kind in VALUE_LIMITS and other.kind in VALUE_LIMITS:
        return _is_empty_range(one, other)
    return bool(one.days and other.days) and _disjoint(list_days(one.days), list_days(other.days))


def _disjoint(one: Iterable[object], other: Iterable[object]) -> bool:
    return frozenset(one).isdisjoint(other)


def _is_empty_range(one: Condition, other: Condition) -> bool:
    """Whether one is a floor above the other, a ceiling, in the same currency."""
    floor, ceiling = (one, other) if one.kind in _FLOORS else (other, one)
    if floor.kind not in _FLOORS or ceiling.kind in _FLOORS or floor.limit is None or ceiling.limit is None:
        return False
    if floor.limit.currency != ceiling.limit.currency:
        return False
    least, most = floor.limit.amount, ceiling.limit.amount
    return least > most or (least == most and not {floor.kind, ceiling.kind} <= _INCLUSIVE)
