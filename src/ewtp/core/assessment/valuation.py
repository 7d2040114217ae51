"""Customs value: the price of each line with or without carriage, as the destination's law has it (FOB or CIF)."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.sentences import EXCHANGE_RATE_MISSING
from ewtp.core.values.money import Money, minor_units, round_amount
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.question import QuestionLine

_NOTHING = Decimal(0)


class ValuedLine(NamedTuple):
    """A line with its price, its customs value, and its share of the carriage that is outside the customs value."""

    line: QuestionLine
    goods: Money
    customs_value: Money
    carriage: Decimal


def value_lines(context: ConsignmentContext) -> list[ValuedLine] | Refusal:
    """Each line with its price, its customs value and its share of carriage outside the customs value."""
    question = context.question
    goods: list[Money] = []
    refusals: list[Refusal] = []
    for number, line in enumerate(question.lines):
        money = context.convert_money(line.value)
        if money is None:
            refusals.append(_no_rate(line.value.currency, context).under(f"lines[{number}].value"))
        else:
            goods.append(money)
    carriage = _NOTHING
    for name, extra in (("freight", question.freight), ("insurance", question.insurance)):
        if extra is not None:
            money = context.convert_money(extra)
            if money is None:
                refusals.append(_no_rate(extra.currency, context).under(name))
            else:
                carriage += money.amount
    if refusals:
        return Refusal.join(refusals)
    shares = _shares(carriage, goods, minor_units(context.currency))
    cif = context.basis == "CIF"
    return [
        ValuedLine(
            line, price, _customs_value(price.amount + (share if cif else 0), context), _NOTHING if cif else share
        )
        for line, price, share in zip(question.lines, goods, shares, strict=True)
    ]


def _customs_value(amount: Decimal, context: ConsignmentContext) -> Money:
    """The value duty is taken on, rounded where the law says so; a value above zero is never rounded to zero."""
    rounding = context.value_rounding
    if rounding is None:
        return Money(amount, context.currency)
    whole = round_amount(amount, rounding.places, rounding.mode)
    least = Decimal(1).scaleb(-rounding.places)
    return Money(round_amount(max(whole, least), minor_units(context.currency)), context.currency)


def _no_rate(currency: str, context: ConsignmentContext) -> Refusal:
    params = {"source": currency, "target": context.currency, "day": context.question.day}
    return Refusal(EXCHANGE_RATE_MISSING, params)


def _shares(total: Decimal, goods: list[Money], places: int) -> list[Decimal]:
    """Carriage shared over the lines by value; the last line takes what rounding left over."""
    worth = sum((money.amount for money in goods), _NOTHING)
    shares: list[Decimal] = []
    left = total
    for money in goods[:-1]:
        share = round_amount(total * money.amount / worth, places, ROUND_DOWN)
        shares.append(share)
        left -= share
    return [*shares, left]
