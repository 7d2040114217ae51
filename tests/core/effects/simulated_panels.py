"""Panels made up for tests: days at the border by month, with shocks that all share and shocks that persist."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.effects.effect_plan import EffectPlan, TradePair, plan_effect

if TYPE_CHECKING:
    import numpy as np

ADOPTED = date(2027, 1, 1)


def pairs(number: int, products: str = "64") -> list[TradePair]:
    """So many pairs of trade in one product group, in order."""
    return [TradePair("AA", f"origin-{place:03}", products) for place in range(number)]


def a_plan(treated: int = 1, donors: int = 39, **fields: Any) -> EffectPlan:
    """A plan of days over pairs of one product group, from January 2027."""
    every = pairs(treated + donors)
    return plan_effect("days", every[:treated], every[treated:], ADOPTED, **fields)


def a_panel(plan: EffectPlan, levels: dict[TradePair, tuple[str, str]]) -> dict[TradePair, dict[date, Decimal]]:
    """Figures that are one number before the rule and another after it."""
    return {
        pair: {
            **dict.fromkeys(plan.before, Decimal(before)),
            **dict.fromkeys(plan.after, Decimal(after)),
        }
        for pair, (before, after) in levels.items()
    }


def draw_panel(drawn: np.random.Generator, plan: EffectPlan, effect: float) -> dict[TradePair, dict[date, Decimal]]:
    """Days about levels of their own, with shocks of each pair and of all pairs, each of which persists by half."""
    months = (*plan.before, *plan.after)
    every = (*plan.treated, *plan.donors)
    own = _persistent(drawn, len(every), len(months))
    common = _persistent(drawn, 1, len(months))
    days = 10 + 3 * drawn.standard_normal((len(every), 1)) + own + common
    days[: len(plan.treated), len(plan.before) :] += effect
    return {
        pair: {month: Decimal(repr(round(float(day), 6))) for month, day in zip(months, row, strict=True)}
        for pair, row in zip(every, days, strict=True)
    }


def _persistent(
    drawn: np.random.Generator, rows: int, months: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Shocks of standard deviation 1 and autocorrelation 1/2."""
    found = drawn.standard_normal((rows, months))
    for month in range(1, months):
        found[:, month] = found[:, month - 1] / 2 + found[:, month] * 0.75**0.5
    return found
