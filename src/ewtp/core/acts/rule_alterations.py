"""What a rule becomes by an act that is about rules of the law: another one, several, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

from ewtp.core.acts.act import (
    AcceptElectronic,
    AddRule,
    AmendRules,
    EndRules,
    ExemptOrigins,
    RaiseThreshold,
    RecognisePaper,
    ReplaceExpression,
)
from ewtp.core.acts.sentences import THRESHOLD_MISSING, THRESHOLD_NOT_RAISED
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Condition, ConditionKind, Kind, Measure, Origins
from ewtp.core.values.money import parse_money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.acts.act import ActOnRules
    from ewtp.core.rulebook.book import Book


def alter_rule(rule: Measure, act: ActOnRules, book: Book, day: date) -> tuple[Measure, ...] | Refusal | None:
    """What becomes of a rule from ``day`` on: nothing where it is empty; None where the act is not about the rule.

    Refuses with ``act_threshold_not_raised``.
    """
    match act:
        case EndRules():
            return ()
        case AmendRules():
            stated: dict[str, Any] = dict(act.fields)
            return _if_changed(rule, replace(rule, **stated))
        case ReplaceExpression():
            if not rule.kind.charges or act.replaced not in ("", rule.expression):
                return None
            return _if_changed(rule, replace(rule, expression=act.expression))
        case ExemptOrigins():
            return _exempt_origins(rule, act.origins, book, day)
        case RaiseThreshold():
            return _raise_limit(rule, act.limit)
        case AcceptElectronic():
            if rule.kind is not Kind.REQUIREMENT:
                return None
            accepted = Condition(ConditionKind.ELECTRONIC, act.standard)
            kept = tuple(each for each in rule.conditions if each.kind is not ConditionKind.ELECTRONIC)
            return _if_changed(rule, replace(rule, conditions=(*kept, accepted)))
        case AddRule() | RecognisePaper():
            msg = "an act that adds rules alters none"
            raise AssertionError(msg)
    assert_never(act)


def _if_changed(rule: Measure, changed: Measure) -> tuple[Measure, ...] | None:
    return None if changed == rule else (changed,)


def _exempt_origins(rule: Measure, origins: tuple[str, ...], book: Book, day: date) -> tuple[Measure, ...] | None:
    """The rule without goods of these origins, as far as it is about them."""
    scope = rule.origins
    about = [name for name in origins if name not in scope.exclude and _is_under(rule, name, book, day)]
    if not about:
        return None
    left = tuple(name for name in scope.include if name not in about)
    if not left:
        return ()
    # One that was named is taken out, and no longer named. One that falls under a group or under everybody is excepted.
    names = set(left)
    excepted = [name for name in about if name not in scope.include or names & _wider(name, book, day)]
    return (replace(rule, origins=Origins(left, tuple(sorted({*scope.exclude, *excepted})))),)


def _is_under(rule: Measure, name: str, book: Book, day: date) -> bool:
    return not {name, *_wider(name, book, day)}.isdisjoint(rule.origins.include)


def _wider(name: str, book: Book, day: date) -> set[str]:
    """The scopes beside its own name that goods of an origin fall under."""
    return {EVERY_ORIGIN, *book.groups_of(name, day)} - {name}


def _raise_limit(rule: Measure, limit: str) -> tuple[Measure, ...] | Refusal | None:
    """The rule with a higher limit of value."""
    limits = [each for each in rule.conditions if each.limit is not None]
    names = {"record": rule.id}
    if len(limits) != 1:
        return Refusal(THRESHOLD_MISSING, names)
    old, new = limits[0].limit, parse_money(limit)
    if old is None or new is None or old.currency != new.currency or new.amount <= old.amount:
        return Refusal(THRESHOLD_NOT_RAISED, {**names, "old": limits[0].value, "new": limit})
    conditions = tuple(replace(each, value=limit) if each is limits[0] else each for each in rule.conditions)
    return (replace(rule, conditions=conditions),)
