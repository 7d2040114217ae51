"""The effect of a rule, measured as its plan says, beside what was promised; or why it cannot be told."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ewtp.core.effects.effect_plan import FEWEST_DONORS, FEWEST_MONTHS_BEFORE
from ewtp.core.effects.placebo_test import make_placebo_test
from ewtp.core.effects.sentences import DONORS_TOO_FEW, EFFECT_CLOSED, FIGURES_MISSING, MONTHS_BEFORE_TOO_FEW, PLAN_LATE
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.core.effects.effect_plan import EffectPlan, TradePair

# Effects that the test rejects at this level are outside the interval.
LEVEL = Fraction(1, 20)
_PARTS = 1_000_000
_SHOWN = Decimal("0.0001")


@immutable
class MeasuredEffect:
    """An effect in the unit of the plan's outcome, for each line; negative where there is less.

    ``effect`` is the mean change of the treated pairs less that of the ``donors`` which have figures, ``rank`` its
    place among the ``placebos``, and ``interval`` what the test does not reject (None where it has no bound). All are
    None, and ``why`` says so, where the effect cannot be told. ``promise`` is what the replay before the vote foretold.
    """

    plan: EffectPlan
    promise: Decimal | None
    donors: int
    effect: Decimal | None = None
    rank: int | None = None
    placebos: int | None = None
    interval: tuple[Decimal, Decimal] | None = None
    why: tuple[Statement, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether there is an effect to tell."""
        return self.effect is not None

    @property
    def p(self) -> Decimal | None:
        """The share of placebos at least as great in size; it cannot be less than one over their number."""
        return None if self.rank is None or self.placebos is None else _round_figure(Fraction(self.rank, self.placebos))

    @property
    def smallest_p(self) -> Decimal | None:
        """The smallest p that so few placebos can give."""
        return None if self.placebos is None else _round_figure(Fraction(1, self.placebos))

    @property
    def keeps_promise(self) -> bool | None:
        """Whether the promise is among the effects that are not rejected; None where that cannot be told."""
        if self.promise is None or self.interval is None:
            return None
        return self.interval[0] <= self.promise <= self.interval[1]

    def as_json(self) -> dict[str, Any]:
        """The effect with its plan's digest; figures as text, null where the effect cannot be told."""
        low, high = self.interval or (None, None)
        return {
            "plan": self.plan.digest,
            "outcome": self.plan.outcome,
            "effect": _text(self.effect),
            "p": _text(self.p),
            "smallest_p": _text(self.smallest_p),
            "low": _text(low),
            "high": _text(high),
            "donors": self.donors,
            "promise": _text(self.promise),
            "keeps_promise": self.keeps_promise,
            "why": [each.as_json() for each in self.why],
        }


def measure_effect(
    plan: EffectPlan,
    figures: Mapping[TradePair, Mapping[date, Decimal]],
    *,
    registered: date,
    promise: Decimal | None = None,
    closed: date | None = None,
) -> MeasuredEffect:
    """The effect by the plan, from the mean outcome of a line of each pair by month (its first day).

    A figure counts to the sixth decimal. A donor that lacks a month of the plan is left out. The effect cannot be told
    where a treated pair lacks one, where fewer than 19 donors or 6 months before remain, and where the plan was
    registered after the rule took effect. ``closed`` is the last day on which the rule had effect, where it has ended:
    an effect whose months are not over by then cannot be told either.
    """
    treated = [_change(plan, figures.get(pair, {})) for pair in plan.treated]
    donors = [change for pair in plan.donors if (change := _change(plan, figures.get(pair, {}))) is not None]
    reached = [change for change in treated if change is not None]
    why = _hindrances(plan, registered, len(reached), len(donors), closed)
    if why:
        return MeasuredEffect(plan, promise, len(donors), why=why)
    test = make_placebo_test(reached, donors)
    unit = _PARTS * plan.months_before * plan.months_after
    found = test.interval(LEVEL)
    return MeasuredEffect(
        plan,
        promise,
        len(donors),
        effect=_round_figure(test.effect / unit),
        rank=test.rank,
        placebos=test.units,
        interval=None if found is None else (_round_figure(found[0] / unit), _round_figure(found[1] / unit)),
    )


def _change(plan: EffectPlan, figures: Mapping[date, Decimal]) -> int | None:
    """The mean after less the mean before, in parts times both numbers of months; None where a month is missing."""
    before = [figures.get(month) for month in plan.before]
    after = [figures.get(month) for month in plan.after]
    if None in before or None in after:
        return None
    earlier, later = (sum(_parts(figure) for figure in those if figure is not None) for those in (before, after))
    return later * plan.months_before - earlier * plan.months_after


def _hindrances(
    plan: EffectPlan, registered: date, reached: int, donors: int, closed: date | None
) -> tuple[Statement, ...]:
    found = []
    if closed is not None and closed < plan.last_day:
        found.append(Statement(EFFECT_CLOSED, {"day": closed, "month": plan.after[-1]}))
    if registered > plan.adopted:
        found.append(Statement(PLAN_LATE, {"registered": registered, "adopted": plan.adopted}))
    if plan.months_before < FEWEST_MONTHS_BEFORE:
        found.append(Statement(MONTHS_BEFORE_TOO_FEW, {"months": plan.months_before, "needed": FEWEST_MONTHS_BEFORE}))
    if reached < len(plan.treated):
        missing = len(plan.treated) - reached
        params = {"pairs": missing, "all": len(plan.treated), "month": plan.after[-1]}
        found.append(Statement(FIGURES_MISSING, params))
    if donors < FEWEST_DONORS:
        found.append(Statement(DONORS_TOO_FEW, {"donors": donors, "needed": FEWEST_DONORS}))
    return tuple(found)


def _parts(figure: Decimal) -> int:
    return int((figure * _PARTS).to_integral_value(ROUND_HALF_EVEN))


def _round_figure(figure: Fraction) -> Decimal:
    return (Decimal(figure.numerator) / figure.denominator).quantize(_SHOWN, ROUND_HALF_UP)


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else decimal_text(figure)
