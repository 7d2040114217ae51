"""The one way to write a value that law can write in several: a rate, a sum, a condition, a practice, a figure.

A rate is compared as it is read: ``3%``, ``3.0 %`` and ``3.00%`` are one. No arithmetic is done: an amount for 100 kg
and a hundredth of it for 1 kg are two rates, as a schedule writes them.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.printer import render
from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    Difference,
    Expression,
    Polarised,
    Season,
    Seasonal,
    Specific,
    Sum,
)
from ewtp.core.rulebook.measure import VALUE_LIMITS
from ewtp.core.rulebook.procedure_figure import read_figure
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.rulebook.tax_base import parse_tax_base
from ewtp.core.rulebook.territory import PracticeName
from ewtp.core.values.money import decimal_text, parse_money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Condition

# Practices whose value is a set of words.
_SETS_OF_WORDS = frozenset({PracticeName.CUSTOMS_UNION, PracticeName.NAMED_WITH, PracticeName.REQUIREMENT_CLASSES})


@lru_cache(maxsize=16384)
def canonical_rate(text: str, currency: str) -> str:
    """The rate as the printer of expressions writes it, without idle zeros; the text itself where it cannot be read."""
    read = parse(text, currency=currency or None) if text else None
    return text if read is None or isinstance(read, Refusal) else render(_without_zeros(read))


def canonical_sum(text: str) -> str:
    """A sum such as ``150.00 EUR`` without idle zeros; the text itself where it is none."""
    money = parse_money(text)
    return text if money is None else f"{_short_decimal(money.amount)} {money.currency}"


def canonical_condition(condition: Condition) -> tuple[str, str, str]:
    """The kind, the value and the text of a condition: facts in order, each once, and limits without idle zeros."""
    value = condition.value
    if condition.taken:
        value = " ".join(sorted(set(condition.taken)))
    elif condition.kind in VALUE_LIMITS:
        value = canonical_sum(value)
    return str(condition.kind), value, condition.text


def canonical_practice(name: str, value: str) -> str:
    """The value of a practice: words that are a set in order, and the terms of a base without idle zeros and signs."""
    if name in _SETS_OF_WORDS:
        return " ".join(sorted(set(value.split())))
    base = parse_tax_base(value) if name == PracticeName.TAX_BASE else None
    if base is not None:
        return "+".join(sorted(f"{term}*{_short_decimal(factor)}" for term, factor in base.terms))
    return value


def canonical_figure(territory: str, name: str, value: str) -> str:
    """A figure of the platform's procedure as it is read, so that 2/3 and 4/6 are one; any other value as it is."""
    read = read_figure(name, value) if territory == PLATFORM else value
    return value if isinstance(read, Refusal) else str(read)


def _short_decimal(amount: Decimal) -> str:
    # The method that normalises a decimal rounds what is longer than its context.
    text = decimal_text(amount)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _short(amount: Decimal) -> Decimal:
    return Decimal(_short_decimal(amount))


def _without_zeros(rate: Expression) -> Expression:
    match rate:
        case AdValorem(percent):
            return replace(rate, percent=_short(percent))
        case Specific(amount, _, _, per):
            return replace(rate, amount=_short(amount), per=_short(per))
        case Sum(terms):
            return replace(rate, terms=tuple(map(_without_zeros, terms)))
        case Alternatives(terms):
            return replace(rate, terms=tuple(map(_without_zeros, terms)))
        case Difference(first, second):
            return Difference(_without_zeros(first), _without_zeros(second))
        case Bounded(inner, minimum, maximum):
            bounds = [None if bound is None else _without_zeros(bound) for bound in (minimum, maximum)]
            return Bounded(_without_zeros(inner), *bounds)
        case Polarised(amount, reduction):
            shorter = [replace(each, amount=_short(each.amount), per=_short(each.per)) for each in (amount, reduction)]
            return Polarised(*shorter)
        case Seasonal(seasons):
            return Seasonal(tuple(Season(_without_zeros(each.expression), each.ranges) for each in seasons))
    return rate
