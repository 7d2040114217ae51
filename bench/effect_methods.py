"""How often methods of measuring an effect find a false one, and a true one: the table in docs/rules/effects.md.

``python -m bench.effect_methods [RUNS]``. A panel has 40 pairs of trade, of which a rule reaches one, 12 months before
and 8 after; days are a level of each pair's own, a shock of its own and one that all share, both persisting
(``PERSISTENCE``). The seed is fixed.
"""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.effects.effect_plan import MONTHS_AFTER, MONTHS_BEFORE, TradePair, plan_effect
from ewtp.core.effects.effect_result import measure_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Panel = npt.NDArray[np.float64]

PAIRS, RUNS, SEED = 40, 300, 20261201
MONTHS = MONTHS_BEFORE + MONTHS_AFTER
EFFECT = -2.0
PERSISTENCE, OWN, SHARED = 0.6, 1.0, 1.0
# Student's t at 5%, two-sided, of 18 and of 39 degrees of freedom.
_T_OF_MONTHS, _T_OF_PAIRS = 2.101, 2.023
_STEPS = 300


def draw_days(drawn: np.random.Generator, effect: float) -> Panel:
    """Days by pair and month; the first pair is the treated one."""
    days = 10 + 3 * drawn.standard_normal((PAIRS, 1)) + OWN * _shocks(drawn, PAIRS) + SHARED * _shocks(drawn, 1)
    days[0, MONTHS_BEFORE:] += effect
    return days


def _shocks(drawn: np.random.Generator, rows: int) -> Panel:
    found = drawn.standard_normal((rows, MONTHS))
    for month in range(1, MONTHS):
        found[:, month] = PERSISTENCE * found[:, month - 1] + sqrt(1 - PERSISTENCE**2) * found[:, month]
    return found


def compare_before_after(days: Panel) -> bool:
    """Student's test of the treated pair's months before and after, as if they were drawn apart."""
    before, after = days[0, :MONTHS_BEFORE], days[0, MONTHS_BEFORE:]
    pooled = (before.var() * len(before) + after.var() * len(after)) / (MONTHS - 2)
    error = sqrt(pooled * (1 / len(before) + 1 / len(after)))
    return bool(abs(after.mean() - before.mean()) > _T_OF_MONTHS * error)


def compare_clustered(days: Panel) -> bool:
    """Difference in differences over pairs and months, with errors clustered by pair."""
    under = np.zeros_like(days)
    under[0, MONTHS_BEFORE:] = 1
    design, outcome = _within(under), _within(days)
    effect = (design * outcome).sum() / (design**2).sum()
    scores = (design * (outcome - effect * design)).sum(axis=1)
    error = sqrt(PAIRS / (PAIRS - 1) * (scores**2).sum()) / (design**2).sum()
    return bool(abs(effect) > _T_OF_PAIRS * error)


def _within(values: Panel) -> Panel:
    demeaned: Panel = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean()
    return demeaned


_PAIRS_OF_TRADE = [TradePair("AA", f"origin-{place:02}", "64") for place in range(PAIRS)]
_PLAN = plan_effect("days", _PAIRS_OF_TRADE[:1], _PAIRS_OF_TRADE[1:], date(2027, 1, 1))


def compare_placebos(days: Panel) -> bool:
    """Difference in differences with placebos: the program's own measurement."""
    months = (*_PLAN.before, *_PLAN.after)
    figures = {
        pair: {month: Decimal(repr(round(float(day), 6))) for month, day in zip(months, row, strict=True)}
        for pair, row in zip(_PAIRS_OF_TRADE, days, strict=True)
    }
    found = measure_effect(_PLAN, figures, registered=_PLAN.adopted)
    return found.p is not None and found.p <= Decimal("0.05")


def compare_synthetic(days: Panel) -> bool:
    """Synthetic control: a weighted mean of donors that follows the pair before, by the rank of the gap after."""
    gaps = [_gap(days, place) for place in range(PAIRS)]
    return sum(gap >= gaps[0] for gap in gaps) <= PAIRS / 20


def _gap(days: Panel, place: int) -> float:
    """The size of the mean gap after; weights by exponentiated gradient on the squared error before."""
    donors = np.delete(days, place, axis=0)
    before, own = donors[:, :MONTHS_BEFORE], days[place, :MONTHS_BEFORE]
    weights = np.full(len(donors), 1 / len(donors))
    rate = 1 / np.abs(before @ before.T).max()
    for _ in range(_STEPS):
        weights *= np.exp(-2 * rate * (before @ (weights @ before - own)))
        weights /= weights.sum()
    return float(abs((days[place, MONTHS_BEFORE:] - weights @ donors[:, MONTHS_BEFORE:]).mean()))


METHODS: dict[str, Callable[[Panel], bool]] = {
    "before/after t-test": compare_before_after,
    "DiD, clustered errors": compare_clustered,
    "DiD, placebo": compare_placebos,
    "synthetic control, placebo": compare_synthetic,
}


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"{runs} panels each, shocks that persist by {PERSISTENCE}")
    found = {}
    for effect in (0.0, EFFECT):
        drawn = np.random.default_rng(SEED)
        panels = [draw_days(drawn, effect) for _ in range(runs)]
        found[effect] = {name: sum(map(method, panels)) / runs for name, method in METHODS.items()}
    for name in METHODS:
        print(f"| {name} | {found[0.0][name]:.0%} | {found[EFFECT][name]:.0%} |")


if __name__ == "__main__":
    main()
