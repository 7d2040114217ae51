"""Evaluation of a duty: the tree and the facts in, an exact amount with its arithmetic out.

Nothing is rounded here and nothing is guessed: a fact that the duty needs and the caller did not give is
a refusal that names it. Products are exact; a division that does not end (a third of a per cent, a number in
dozens) keeps 60 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Context, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.expressions.sentences import (
    ALTERNATIVE_UNDETERMINED,
    EXCHANGE_RATE_MISSING,
    FACT_MISSING,
    FACT_MISSING_QUOTED,
    INHERITED_DUTY_MISSING,
    PART_VALUE_MISSING,
    QUANTITY_MISSING,
    REFERENCE_MISSING,
    REFERENCE_MISSING_QUOTED,
    SEASON_DATE_MISSING,
    SEASON_MISSING,
    SEASON_MISSING_NONE,
)
from ewtp.core.rulebook.expressions.steps import Step, name_unit, show_amount
from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    Difference,
    Expression,
    Inherited,
    Missing,
    Polarised,
    Season,
    Seasonal,
    Specific,
    Sum,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.values.money import Money

Rates = Callable[[str, str], Decimal | None] | Mapping[tuple[str, str], Decimal]
_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_EXACT = Context(prec=60)
_multiply = _EXACT.multiply
_divide = _EXACT.divide
_add = _EXACT.add
_subtract = _EXACT.subtract
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
# The command line's names for the units a duty most often needs; any other goes by its key.
_ASKED_AS = {
    "KGM": "kg",
    "GRM": "g",
    "TNE": "tonne",
    "CTM": "carat",
    "LTR": "litre",
    "HLT": "hl",
    "LPA": "lpa",
    "PFL": "pfl",
    "ASV": "percent_vol",
    "C62": "number",
    "NPR": "pair",
    "DZN": "dozen",
    "MTR": "m",
    "MTK": "m2",
    "MTQ": "m3",
}


@immutable
class Facts:
    """The known facts about the goods.

    ``quantities`` are by canonical unit key (``values.units.resolve_unit(...).key``); a mass without a
    qualifier is net mass. ``parts`` are values of named parts. ``inherited`` is the amount of the duty in the
    applicable subheading, in the customs value's currency. ``rates`` gives how much of the second currency
    one unit of the first buys.
    """

    customs_value: Money
    quantities: Mapping[str, Decimal] = field(default_factory=lambda: _NOTHING)
    parts: Mapping[str, Money] = field(default_factory=lambda: _NOTHING)
    inherited: Decimal | None = None
    rates: Rates = field(default_factory=lambda: _NOTHING)
    date: date | None = None

    def __post_init__(self) -> None:
        # Most facts are the customs value alone.
        given: Iterable[Decimal] = (self.customs_value.amount,)
        if self.quantities or self.parts or self.inherited is not None:
            given = [self.customs_value.amount, *self.quantities.values()]
            given += [part.amount for part in self.parts.values()]
            given += [] if self.inherited is None else [self.inherited]
        for amount in given:
            if not amount.is_finite() or amount < 0:
                msg = f"a fact is a finite amount of zero or more, not {amount!r}"
                raise ValueError(msg)


@immutable
class Computation:
    """The duty: ``amount`` is exact and unrounded, in the customs value's currency; ``trace`` is its derivation."""

    amount: Decimal
    currency: str
    trace: tuple[Step, ...]

    @property
    def amount_text(self) -> str:
        """The amount in plain digits with two decimals, more only where the arithmetic has them."""
        return show_amount(self.amount)


def evaluate(expression: Expression, facts: Facts) -> Computation | Refusal:
    """The duty on the goods that ``facts`` describe.

    Refusals: ``quantity_missing``, ``part_value_missing``, ``exchange_rate_missing``, ``inherited_duty_missing``,
    ``date_missing``, ``season_missing``, ``alternative_undetermined``, ``fact_missing``; ``details`` names
    the fact for programs.
    """
    steps: list[Step] = []
    amount = _RULES[type(expression)](expression, facts, steps)
    if type(amount) is Refusal:
        return amount
    return Computation(amount, facts.customs_value.currency, tuple(steps))  # type: ignore[arg-type] # mypy does not narrow by type()


_Amount = Decimal | Refusal


def _amount(expression: Expression, facts: Facts, steps: list[Step]) -> _Amount:
    return _RULES[type(expression)](expression, facts, steps)


def _ad_valorem(duty: AdValorem, facts: Facts, steps: list[Step]) -> _Amount:
    value = facts.customs_value
    base: Decimal = value.amount
    if duty.base is not None and duty.percent:
        part = facts.parts.get(duty.base)
        if part is None:
            return Refusal(PART_VALUE_MISSING, {"part": duty.base}, details=(("part", duty.base),))
        converted = _convert_amount(part.amount, part.currency, facts, steps)
        if isinstance(converted, Refusal):
            return converted
        base = converted
    amount = _multiply(base, duty.percent).scaleb(-2, _EXACT)
    if duty.divisor != 1:
        amount = _divide(amount, Decimal(duty.divisor))
    steps.append(Step("ad_valorem", amount, value.currency, (duty, base)))
    return amount


def _specific(duty: Specific, facts: Facts, steps: list[Step]) -> _Amount:
    if not duty.amount:
        steps.append(Step("nothing", _ZERO, facts.customs_value.currency, (duty,)))
        return _ZERO
    quantity = _quantity(duty, facts)
    if isinstance(quantity, Refusal):
        return quantity
    amount = _multiply(quantity, duty.amount)
    if duty.per != 1:
        amount = _divide(amount, duty.per)
    steps.append(Step("specific", amount, duty.currency, (duty, quantity)))
    return _convert_amount(amount, duty.currency, facts, steps)


def _quantity(duty: Specific, facts: Facts) -> _Amount:
    counted = facts.quantities.get(duty.unit if duty.basis is None else f"{duty.unit}.{duty.basis}")
    if counted is None:
        counted = _find_quantity(duty.quantity_key, facts)
        if counted is None and duty.basis == "net":
            counted = _find_quantity(duty.unit, facts)
    if duty.times is None:
        return counted if counted is not None else _quantity_missing(duty.quantity_key, duty)
    factor = _find_quantity(duty.times, facts)
    if counted is not None and factor is not None:
        return _multiply(counted, factor)
    if duty.times == "ASV" and duty.unit == "HLT":
        # One hectolitre at one per cent holds one litre of pure alcohol, so that quantity decides it too.
        pure = _find_quantity("LPA", facts)
        if pure is not None:
            return pure
    return _quantity_missing(duty.quantity_key if counted is None else duty.times, duty)


@lru_cache(maxsize=1024)
def _unit(key: str) -> Unit | None:
    unit = resolve_unit(key)
    return unit if isinstance(unit, Unit) else None


def _find_quantity(key: str, facts: Facts) -> Decimal | None:
    given = facts.quantities.get(key)
    if given is not None:
        return given
    wanted = _unit(key)
    for other, amount in facts.quantities.items():
        unit = _unit(other)
        if unit is not None and wanted is not None and unit.dimension == wanted.dimension:
            return _divide(_multiply(amount, unit.factor), wanted.factor)
    return None


def name_of_request(key: str) -> str:
    """The command line's name for the quantity ``key``: ``KGM.drained`` is ``kg_drained``."""
    unit, dot, basis = key.partition(".")
    return _ASKED_AS.get(unit, unit) + dot.replace(".", "_") + basis


def _quantity_missing(key: str, duty: Specific) -> Refusal:
    params = {
        "duty": {"amount": decimal_text(duty.amount), "currency": duty.currency},
        "unit": name_unit(key),
        "asked_as": name_of_request(key),
    }
    return Refusal(QUANTITY_MISSING, params, details=(("unit", key), ("asked_as", name_of_request(key))))


def _convert_amount(amount: Decimal, currency: str, facts: Facts, steps: list[Step]) -> _Amount:
    wanted = facts.customs_value.currency
    if currency == wanted or not amount:
        return amount
    rate = facts.rates(currency, wanted) if callable(facts.rates) else facts.rates.get((currency, wanted))
    if rate is None:
        params = {"source": currency, "target": wanted}
        return Refusal(EXCHANGE_RATE_MISSING, params, details=(("from", currency), ("to", wanted)))
    converted = _multiply(amount, rate)
    steps.append(Step("conversion", converted, wanted, (amount, currency, rate)))
    return converted


def _sum(duty: Sum, facts: Facts, steps: list[Step]) -> _Amount:
    amounts = []
    for term in duty.terms:
        amount = _RULES[type(term)](term, facts, steps)
        if isinstance(amount, Refusal):
            return amount
        amounts.append(amount)
    total = amounts[0]
    for amount in amounts[1:]:
        total = _add(total, amount)
    steps.append(Step("sum", total, facts.customs_value.currency, tuple(amounts)))
    return total


def _difference(duty: Difference, facts: Facts, steps: list[Step]) -> _Amount:
    first = _amount(duty.expression, facts, steps)
    if isinstance(first, Refusal):
        return first
    second = _amount(duty.reduction, facts, steps)
    if isinstance(second, Refusal):
        return second
    amount = max(_subtract(first, second), _ZERO)
    steps.append(Step("difference", amount, facts.customs_value.currency, (first, second)))
    return amount


def _compute_polarised(duty: Polarised, facts: Facts, steps: list[Step]) -> _Amount:
    quantity = _quantity(duty.rate, facts)
    if isinstance(quantity, Refusal):
        return quantity
    degrees = _find_quantity("degree", facts)
    if degrees is None:
        return _quantity_missing("degree", duty.rate)
    below = max(_HUNDRED - degrees, _ZERO)
    rate = max(_subtract(duty.rate.amount, _multiply(duty.reduction.amount, below)), _ZERO)
    amount = _divide(_multiply(quantity, rate), duty.rate.per)
    steps.append(Step("polarised", amount, duty.rate.currency, (duty, quantity, degrees, rate)))
    return _convert_amount(amount, duty.rate.currency, facts, steps)


def _apply_bounds(duty: Bounded, facts: Facts, steps: list[Step]) -> _Amount:
    currency = facts.customs_value.currency
    amount = _amount(duty.expression, facts, steps)
    if isinstance(amount, Refusal):
        return amount
    for bound, name, tighter in ((duty.minimum, "minimum", max), (duty.maximum, "maximum", min)):
        if bound is None:
            continue
        limit = _amount(bound, facts, steps)
        if isinstance(limit, Refusal):
            return limit
        before, amount = amount, tighter(amount, limit)
        steps.append(Step(name, amount, currency, (bound, limit, before)))
    return amount


def _alternatives(duty: Alternatives, facts: Facts, steps: list[Step]) -> _Amount:
    amounts = []
    for term in duty.terms:
        amount = _amount(term, facts, steps)
        if isinstance(amount, Refusal):
            return amount
        amounts.append(amount)
    currency = facts.customs_value.currency
    if duty.rule is None and len(set(amounts)) > 1:
        return Refusal(
            ALTERNATIVE_UNDETERMINED,
            {"amounts": [{"amount": decimal_text(amount), "currency": currency} for amount in amounts]},
            details=(("currency", currency), ("amounts", tuple(show_amount(amount) for amount in amounts))),
        )
    amount = min(amounts) if duty.rule == "lower" else max(amounts)
    steps.append(Step("alternative", amount, currency, (duty.rule, tuple(amounts))))
    return amount


def _take_inherited(_duty: Inherited, facts: Facts, steps: list[Step]) -> _Amount:
    if facts.inherited is None:
        return Refusal(INHERITED_DUTY_MISSING, details=(("fact", "inherited"),))
    steps.append(Step("inherited", facts.inherited, facts.customs_value.currency, ()))
    return facts.inherited


def seasons_on(duty: Seasonal, month: int, day: int) -> list[Season]:
    """The seasons that name a day of the year, or else the rest of the year."""
    named = [season for season in duty.seasons if any(days.covers(month, day) for days in season.ranges)]
    return named or [season for season in duty.seasons if not season.ranges]


def _seasonal(duty: Seasonal, facts: Facts, steps: list[Step]) -> _Amount:
    if facts.date is None:
        return Refusal(SEASON_DATE_MISSING, details=(("fact", "date"),))
    found = seasons_on(duty, facts.date.month, facts.date.day)
    if not found or any(season.expression != found[0].expression for season in found):
        return Refusal(
            SEASON_MISSING if found else SEASON_MISSING_NONE,
            {"day": facts.date},
            details=(("date", facts.date.isoformat()),),
        )
    amount = _amount(found[0].expression, facts, steps)
    if not isinstance(amount, Refusal):
        steps.append(Step("season", amount, facts.customs_value.currency, (found[0], facts.date)))
    return amount


def _refuse_missing(duty: Missing, _facts: Facts, _steps: list[Step]) -> _Amount:
    details = (("fact", duty.fact),)
    text = None if duty.detail is None else duty.detail[:160]
    if duty.fact == "reference":
        if text is None:
            return Refusal(REFERENCE_MISSING, details=details)
        return Refusal(REFERENCE_MISSING_QUOTED, {"text": text}, details=details)
    if text is None:
        return Refusal(FACT_MISSING, {"fact": duty.fact}, details=details)
    return Refusal(FACT_MISSING_QUOTED, {"fact": duty.fact, "text": text}, details=details)


_RULES: dict[type, Callable[[Any, Facts, list[Step]], _Amount]] = {
    AdValorem: _ad_valorem,
    Specific: _specific,
    Sum: _sum,
    Difference: _difference,
    Polarised: _compute_polarised,
    Bounded: _apply_bounds,
    Alternatives: _alternatives,
    Inherited: _take_inherited,
    Seasonal: _seasonal,
    Missing: _refuse_missing,
}
