"""The duty expression as a small typed tree: the schedule's rule, before any fact is known.

Percentages are per cent of a value, amounts are in the schedule's currency per counted unit. Every node
checks itself when it is made and is never changed afterwards. A node raises ``ValueError`` only where a
program builds nonsense; a text that cannot be read is a returned refusal (see ``parser``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from typing import TYPE_CHECKING, Literal

from ewtp.core.rulebook.expressions.rate_units import (
    COUNTED,
    MULTIPLIERS,
    Denominator,
    read_denominator,
    spell_denominator,
)
from ewtp.core.rulebook.expressions.typography import normalise
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_BASIS = re.compile(r"(?:[a-z]+(?:_[a-z]+)*|over_[1-9][0-9]{0,3})\Z")
# A name may hold no word that the grammar reads as an operator, or the printed text would read differently.
RESERVED = r"(?:min|max|plus|minus|less|but|with|whichever)"
_NAME = re.compile(
    rf"(?!(?:the|an?|value|over|including)\b)(?!.*\b{RESERVED}\b)[a-z][a-z.'-]*(?:,? [a-z][a-z.'-]*)*(?<![.'-])\Z",
)
_DETAIL = re.compile(r"[^\[\]\s](?:[^\[\]\n]{0,398}[^\[\]\s])?\Z")
DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LARGEST_DIVISOR = 99


def _require(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _is_name(text: str) -> bool:
    return bool(_NAME.match(text)) and normalise(f"on the {text}") == f"on the {text}"


def _is_detail(text: str) -> bool:
    return bool(_DETAIL.match(text)) and normalise(f"[a: {text}]") == f"[a: {text}]"


def _require_amount(amount: object, what: str) -> None:
    _require(
        isinstance(amount, Decimal) and amount.is_finite() and amount >= 0,
        f"{what} is a finite decimal of zero or more, not {amount!r}",
    )


@immutable
class AdValorem:
    """``percent`` of a value: of the customs value where ``base`` is None, else of the part so named.

    ``divisor`` keeps a rate such as 33 1/3% exact: it is 100 over 3. Free is zero per cent.
    """

    percent: Decimal
    base: str | None = None
    divisor: int = 1

    def __post_init__(self) -> None:
        _require_amount(self.percent, "a rate")
        _require(self.base is None or _is_name(self.base), f"not the name of a part: {self.base!r}")
        if self.divisor != 1:
            whole = int(self.percent)
            _require(
                1 < self.divisor <= _LARGEST_DIVISOR and whole == self.percent and gcd(whole, self.divisor) == 1,
                "a fraction of a per cent is in lowest terms",
            )


@immutable
class Specific:
    """``amount`` of ``currency`` for every ``per`` of ``unit``.

    ``unit`` is the key of a unit; ``basis`` says what is counted where that is not the goods as they are
    (``"drained"``, ``"gross"``, ``"lead_content"``); ``times`` names a second quantity that multiplies the first, such
    as per cent of alcohol for a rate per % vol per hl.
    """

    amount: Decimal
    currency: str
    unit: str
    per: Decimal = Decimal(1)
    basis: str | None = None
    times: str | None = None

    def __post_init__(self) -> None:
        _require_amount(self.amount, "a specific duty")
        _require_amount(self.per, "the counted quantity")
        _require(self.per > 0 and self.per == self.per.to_integral_value(), "a duty is per a whole number of units")
        _require(_CURRENCY.match(self.currency), f"a currency is three capital letters, not {self.currency!r}")
        _require(self.unit in COUNTED, f"no duty is counted in {self.unit!r}")
        _require(self.basis is None or _BASIS.match(self.basis), f"not a basis: {self.basis!r}")
        _require(self.times is None or self.times in MULTIPLIERS, f"not a multiplying quantity: {self.times!r}")
        counted = (self.unit, self.per, self.basis, self.times)
        _require(
            read_denominator(spell_denominator(*counted)) == Denominator(*counted),
            f"no schedule can write a duty per {counted!r}",
        )

    @property
    def quantity_key(self) -> str:
        """The key under which the facts hold the quantity, such as ``KGM`` or ``KGM.drained``."""
        return self.unit if self.basis is None else f"{self.unit}.{self.basis}"


@immutable
class Sum:
    """Every term is due."""

    terms: tuple[Expression, ...]

    def __post_init__(self) -> None:
        _require(len(self.terms) > 1, "a sum has two terms or more")


@immutable
class Difference:
    """``expression`` less ``reduction``, never below zero.

    It is a top-up (15% less the inherited duty), a reduced rate (the duty of the subheading less 0.5%), and the
    formula duty of the Southern African Customs Union, where "860c/kg less 85%" takes 85% of the customs
    value off a reference price. That the percentage is of the value follows from the schedule itself
    (SARS, Schedule 1 Part 1, 2025-05-09): in 1901.90.10, 2006.00.30 and 2401.20 the alternative rate and
    the reduction add up to 100%, so the two alternatives meet exactly where the value equals the reference
    price, and the AfCFTA column halves both the amount and the percentage.
    """

    expression: Expression
    reduction: Expression


@immutable
class Bounded:
    """``expression``, but not less than ``minimum`` and not more than ``maximum``; the maximum is applied last."""

    expression: Expression
    minimum: Expression | None = None
    maximum: Expression | None = None

    def __post_init__(self) -> None:
        _require(self.minimum is not None or self.maximum is not None, "a bounded duty has a bound")


@immutable
class Alternatives:
    """One of several duties, the ``higher`` or the ``lower`` according to ``rule``.

    ``rule`` is None where the text says only "or". The Southern African schedule ("40% or 240c/kg") does
    not say in its columns which one applies, and a note or a section of the Act that does was not found;
    so such a duty is read and kept, and its evaluation is a refusal that shows both amounts. An importer that
    has a citation sets the rule with ``with_rule``.
    """

    terms: tuple[Expression, ...]
    rule: Literal["higher", "lower"] | None = None

    def __post_init__(self) -> None:
        _require(len(self.terms) > 1, "a choice has two duties or more")


@immutable
class Polarised:
    """A sugar duty: ``rate`` less ``reduction`` for each degree of polarisation under 100, in proportion."""

    rate: Specific
    reduction: Specific

    def __post_init__(self) -> None:
        rate, reduction = self.rate, self.reduction
        same = (rate.currency, rate.unit, rate.per, rate.basis) == (
            reduction.currency,
            reduction.unit,
            reduction.per,
            reduction.basis,
        )
        _require(same and rate.times is None and reduction.times is None, "rate and reduction count the same thing")


@immutable
class Inherited:
    """The duty provided in the applicable subheading."""


@dataclass(frozen=True, slots=True, order=True)
class DayRange:
    """From a day of the year to another, both included; it may run over the new year."""

    from_month: int
    from_day: int
    to_month: int
    to_day: int

    def __post_init__(self) -> None:
        for month, day in ((self.from_month, self.from_day), (self.to_month, self.to_day)):
            _require(
                1 <= month <= len(DAYS_IN_MONTH) and 1 <= day <= DAYS_IN_MONTH[month - 1],
                f"no year has a day {day} in month {month}",
            )

    def covers(self, month: int, day: int) -> bool:
        """Whether the day is in the range."""
        start, end, asked = (self.from_month, self.from_day), (self.to_month, self.to_day), (month, day)
        return start <= asked <= end if start <= end else asked >= start or asked <= end


@immutable
class Season:
    """``expression`` on the days of ``ranges``; no range at all means the rest of the year."""

    expression: Expression
    ranges: tuple[DayRange, ...]


@immutable
class Seasonal:
    """A duty that depends on the day of the year."""

    seasons: tuple[Season, ...]

    def __post_init__(self) -> None:
        _require(len(self.seasons) > 0, "a seasonal duty has a season")
        _require(all(season.ranges for season in self.seasons[:-1]), "only the last season is the rest of the year")
        _require(bool(self.seasons[0].ranges), "the first season has dates")


@immutable
class Missing:
    """A duty that no figure in the text settles: ``fact`` names the missing fact, ``detail`` quotes the text.

    Facts in use: ``"reference"`` (the text points to a note, a heading or another article), ``"agricultural
    component"``, ``"additional duty on sugar"``, ``"additional duty on flour"`` and ``"entry price"``.
    """

    fact: str
    detail: str | None = None

    def __post_init__(self) -> None:
        _require(_is_name(self.fact), f"not the name of a fact: {self.fact!r}")
        _require(self.detail is None or _is_detail(self.detail), f"not a detail: {self.detail!r}")


Expression = (
    AdValorem | Specific | Sum | Difference | Bounded | Alternatives | Polarised | Inherited | Seasonal | Missing
)
FREE = AdValorem(Decimal(0))


def is_name(text: str) -> bool:
    """Whether ``text`` can name a part of the goods or a fact."""
    return _is_name(text)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside ``expression``."""
    match expression:
        case Sum(terms) | Alternatives(terms):
            return terms
        case Difference(first, second):
            return (first, second)
        case Bounded(inner, minimum, maximum):
            return tuple(part for part in (inner, minimum, maximum) if part is not None)
        case Polarised(rate, reduction):
            return (rate, reduction)
        case Seasonal(seasons):
            return tuple(season.expression for season in seasons)
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it, outermost first."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def with_rule(expression: Expression, rule: Literal["higher", "lower"]) -> Expression:
    """The same duty with ``rule`` settling every choice that its text leaves open, for a caller that can cite it."""
    match expression:
        case Alternatives(terms, own):
            return Alternatives(tuple(with_rule(term, rule) for term in terms), own or rule)
        case Sum(terms):
            return Sum(tuple(with_rule(term, rule) for term in terms))
        case Difference(first, second):
            return Difference(with_rule(first, rule), with_rule(second, rule))
        case Bounded(inner, minimum, maximum):
            return Bounded(
                with_rule(inner, rule),
                None if minimum is None else with_rule(minimum, rule),
                None if maximum is None else with_rule(maximum, rule),
            )
        case Seasonal(seasons):
            return Seasonal(tuple(Season(with_rule(s.expression, rule), s.ranges) for s in seasons))
        case _:
            return expression
