"""One line of arithmetic of a computed duty, as a customs officer would check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.expressions.calendar import range_as_json
from ewtp.core.rulebook.expressions.printer import rate_text, render
from ewtp.core.rulebook.expressions.rate_units import spell_denominator
from ewtp.core.rulebook.expressions.sentences import (
    STEP_AD_VALOREM,
    STEP_AD_VALOREM_PART,
    STEP_ALTERNATIVE,
    STEP_ALTERNATIVE_HIGHER,
    STEP_ALTERNATIVE_LOWER,
    STEP_CONVERSION,
    STEP_DIFFERENCE,
    STEP_DIFFERENCE_FLOOR,
    STEP_FREE,
    STEP_INHERITED,
    STEP_MAXIMUM,
    STEP_MAXIMUM_UNREACHED,
    STEP_MINIMUM,
    STEP_MINIMUM_UNREACHED,
    STEP_NOTHING,
    STEP_POLARISED,
    STEP_SEASON,
    STEP_SEASON_REST,
    STEP_SPECIFIC,
    STEP_SPECIFIC_TIMES,
    STEP_SUM,
)
from ewtp.core.values.digits import amount_digits, count_digits
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text
from ewtp.core.values.sentence import Sentence, Statement
from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal


_BOUNDS = {
    "minimum": (STEP_MINIMUM, STEP_MINIMUM_UNREACHED),
    "maximum": (STEP_MAXIMUM, STEP_MAXIMUM_UNREACHED),
}
_ALTERNATIVES = {None: STEP_ALTERNATIVE, "higher": STEP_ALTERNATIVE_HIGHER, "lower": STEP_ALTERNATIVE_LOWER}


def show_amount(amount: Decimal) -> str:
    """Plain digits with two decimals, more only where there are more; beyond twelve, with a mark that more follow."""
    return amount_digits(decimal_text(amount))


@immutable
class Step:
    """``amount`` of ``currency`` and its operands; the sentence is only built when it is read."""

    kind: str
    amount: Decimal
    currency: str
    operands: tuple[Any, ...]

    @property
    def statement(self) -> Statement:
        """The arithmetic: ``8.5% of 1000.00 USD = 85.00 USD``."""
        sentence, params = _STATED[self.kind](self, *self.operands)
        return Statement(sentence, {**params, "result": _money(self.amount, self.currency)})

    @property
    def text(self) -> str:
        """The arithmetic in English."""
        return self.statement.message

    def as_json(self) -> dict[str, str]:
        """``{"text", "amount", "currency"}``; the amount is a string."""
        return {"text": self.text, "amount": show_amount(self.amount), "currency": self.currency}


_StepText = tuple[Sentence, dict[str, Any]]


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": decimal_text(amount), "currency": currency}


def _ad_valorem(step: Step, duty: Any, base: Decimal) -> _StepText:
    if duty.base is None and not duty.percent:
        return STEP_FREE, {}
    params = {"rate": rate_text(duty), "base": _money(base, step.currency)}
    return (STEP_AD_VALOREM, params) if duty.base is None else (STEP_AD_VALOREM_PART, {**params, "part": duty.base})


def name_unit(key: str) -> dict[str, str]:
    """A unit by its key, as sentences take one."""
    unit = resolve_unit(key)
    return unit.as_json() if isinstance(unit, Unit) else {"code": key, "name": key}


def _specific(_step: Step, duty: Any, quantity: Decimal) -> _StepText:
    spelled = spell_denominator(duty.unit, duty.per, duty.basis, duty.times)
    params = {
        "quantity": quantity,
        "unit": name_unit(duty.quantity_key),
        "rate": f"{decimal_text(duty.amount)} {duty.currency}{spelled}",
    }
    return (
        (STEP_SPECIFIC, params)
        if duty.times is None
        else (STEP_SPECIFIC_TIMES, {**params, "factor": name_unit(duty.times)})
    )


def _nothing(_step: Step, duty: Any) -> _StepText:
    return STEP_NOTHING, {"duty": render(duty)}


def _conversion(step: Step, amount: Decimal, currency: str, rate: Decimal) -> _StepText:
    params = {"amount": _money(amount, currency), "rate": rate, "target": step.currency, "source": currency}
    return STEP_CONVERSION, params


def _sum(_step: Step, *amounts: Decimal) -> _StepText:
    return STEP_SUM, {"terms": amounts}


def _difference(_step: Step, first: Decimal, second: Decimal) -> _StepText:
    return STEP_DIFFERENCE_FLOOR if second > first else STEP_DIFFERENCE, {"first": first, "second": second}


def _word_polarised(step: Step, duty: Any, quantity: Decimal, degrees: Decimal, rate: Decimal) -> _StepText:
    spelled = spell_denominator(duty.rate.unit, duty.rate.per, duty.rate.basis, None)
    return STEP_POLARISED, {
        "quantity": quantity,
        "unit": name_unit(duty.rate.quantity_key),
        "rate": f"{count_digits(decimal_text(rate))} {step.currency}{spelled}",
        "degrees": degrees,
    }


def _word_bound(step: Step, bound: Any, limit: Decimal, before: Decimal) -> _StepText:
    applied, unreached = _BOUNDS[step.kind]
    params = {"bound": render(bound), "limit": _money(limit, step.currency)}
    return (unreached if before == step.amount else applied), params


def _alternative(_step: Step, rule: str | None, amounts: tuple[Decimal, ...]) -> _StepText:
    return _ALTERNATIVES[rule], {"amounts": amounts}


def _word_inherited(_step: Step) -> _StepText:
    return STEP_INHERITED, {}


def _season(_step: Step, season: Any, day: Any) -> _StepText:
    if not season.ranges:
        return STEP_SEASON_REST, {"day": day}
    return STEP_SEASON, {"day": day, "seasons": [range_as_json(days) for days in season.ranges]}


_STATED: dict[str, Callable[..., _StepText]] = {
    "ad_valorem": _ad_valorem,
    "specific": _specific,
    "nothing": _nothing,
    "conversion": _conversion,
    "sum": _sum,
    "difference": _difference,
    "polarised": _word_polarised,
    "minimum": _word_bound,
    "maximum": _word_bound,
    "alternative": _alternative,
    "inherited": _word_inherited,
    "season": _season,
}
