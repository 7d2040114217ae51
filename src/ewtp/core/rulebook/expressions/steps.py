"""One line of arithmetic of a computed duty, as a customs officer would check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.expressions.calendar import spell_range
from ewtp.core.rulebook.expressions.printer import rate_text, render
from ewtp.core.rulebook.expressions.rate_units import spell_denominator
from ewtp.core.values.money import decimal_text
from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

_MOST_DECIMALS_SHOWN = 12
_TIMES = "\N{MULTIPLICATION SIGN}"


def shown(amount: Decimal) -> str:
    """Plain digits with two decimals, more only where there are more; beyond twelve, with a mark that it goes on."""
    text = decimal_text(amount)
    whole, dot, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > _MOST_DECIMALS_SHOWN:
        return f"{whole}{dot}{decimals[:_MOST_DECIMALS_SHOWN]}…"
    return f"{whole}.{decimals.ljust(2, '0')}"


def _count(quantity: Decimal) -> str:
    text = decimal_text(quantity)
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Step:
    """``amount`` of ``currency`` and what it was made of; the sentence is only built when it is read."""

    kind: str
    amount: Decimal
    currency: str
    operands: tuple[Any, ...]

    @property
    def text(self) -> str:
        """The arithmetic: ``8.5% of 1000.00 USD = 85.00 USD``."""
        return _TEXTS[self.kind](self, *self.operands)

    def as_json(self) -> dict[str, str]:
        """``{"text", "amount", "currency"}``; the amount is a string."""
        return {"text": self.text, "amount": shown(self.amount), "currency": self.currency}


def _result(step: Step) -> str:
    return f"{shown(step.amount)} {step.currency}"


def _ad_valorem(step: Step, duty: Any, base: Decimal) -> str:
    if duty.base is None and not duty.percent:
        return f"Free: {_result(step)}"
    part = "" if duty.base is None else f" ({duty.base})"
    return f"{rate_text(duty)} of {shown(base)} {step.currency}{part} = {_result(step)}"


def _unit_name(duty: Any) -> str:
    unit = resolve_unit(duty.quantity_key)
    name = unit.name if isinstance(unit, Unit) else duty.quantity_key
    if duty.times is None:
        return name
    times = resolve_unit(duty.times)
    return f"{times.name if isinstance(times, Unit) else duty.times} {_TIMES} {name}"


def _specific(step: Step, duty: Any, quantity: Decimal) -> str:
    spelled = spell_denominator(duty.unit, duty.per, duty.basis, duty.times)
    rate = f"{decimal_text(duty.amount)} {duty.currency}{spelled}"
    return f"{_count(quantity)} {_unit_name(duty)} {_TIMES} {rate} = {_result(step)}"


def _nothing(step: Step, duty: Any) -> str:
    return f"{render(duty)} = {_result(step)}"


def _conversion(step: Step, amount: Decimal, currency: str, rate: Decimal) -> str:
    return f"{shown(amount)} {currency} {_TIMES} {_count(rate)} {step.currency}/{currency} = {_result(step)}"


def _sum(step: Step, *amounts: Decimal) -> str:
    return f"{' + '.join(shown(amount) for amount in amounts)} = {_result(step)}"


def _difference(step: Step, first: Decimal, second: Decimal) -> str:
    floor = ", not below zero" if second > first else ""
    return f"{shown(first)} less {shown(second)} = {_result(step)}{floor}"


def _polarised(step: Step, duty: Any, quantity: Decimal, degrees: Decimal, rate: Decimal) -> str:
    spelled = spell_denominator(duty.rate.unit, duty.rate.per, duty.rate.basis, None)
    return (
        f"{_count(quantity)} {_unit_name(duty.rate)} {_TIMES} {_count(rate)} {step.currency}{spelled} "
        f"at {_count(degrees)} degrees = {_result(step)}"
    )


def _bound(step: Step, bound: Any, limit: Decimal, before: Decimal) -> str:
    spelled = f"the {step.kind} {render(bound)} ({shown(limit)} {step.currency})"
    if before == step.amount:
        return f"{spelled} does not change {_result(step)}"
    return f"{spelled} applies: {_result(step)}"


def _alternative(step: Step, rule: str | None, amounts: tuple[Decimal, ...]) -> str:
    which = "all are equal" if rule is None else f"the {rule}"
    return f"{' or '.join(shown(amount) for amount in amounts)}, {which}: {_result(step)}"


def _inherited(step: Step) -> str:
    return f"the duty provided in the applicable subheading = {_result(step)}"


def _season(step: Step, season: Any, day: Any) -> str:
    when = ", ".join(spell_range(days) for days in season.ranges) or "rest of the year"
    return f"on {day.isoformat()} the season {when} applies: {_result(step)}"


_TEXTS: dict[str, Callable[..., str]] = {
    "ad_valorem": _ad_valorem,
    "specific": _specific,
    "nothing": _nothing,
    "conversion": _conversion,
    "sum": _sum,
    "difference": _difference,
    "polarised": _polarised,
    "minimum": _bound,
    "maximum": _bound,
    "alternative": _alternative,
    "inherited": _inherited,
    "season": _season,
}
