"""A plan that somebody asks for is taken where it can be measured, and otherwise not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ewtp.core.effects.adoption_reach import MOST_DONORS
from ewtp.core.effects.effect_plan import EffectPlan, TradePair
from ewtp.core.effects.plan_request import MOST_MONTHS, PlanRequest, make_plan

DAY = date(2027, 1, 1)
COFFEE, TEA = TradePair("ZM", "*", "0901"), TradePair("ZM", "MW", "0902")
ASKED = PlanRequest("days", "reported", (COFFEE,), (TEA, TradePair("MW", "*", "09")), 6, 2)


def made(**changes):
    return make_plan(replace(ASKED, **changes), DAY, {"ZM", "MW"})


def test_a_plan_has_its_trades_in_order():
    assert made() == EffectPlan("days", (COFFEE,), (TradePair("MW", "*", "09"), TEA), DAY, 6, 2, "reported")


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "joy"},
        {"figures": "rumour"},
        {"figures": "law"},
        {"months_before": 0},
        {"months_after": MOST_MONTHS + 1},
        {"donors": (TradePair("XX", "*", "09"),)},
        {"donors": (TradePair("ZM", "XX", "09"),)},
        {"donors": (TradePair("ZM", "*", "090"),)},
        {"donors": (TradePair("ZM", "*", "٠٩"),)},
        {"donors": (COFFEE,)},
        {"donors": tuple(TradePair("ZM", "*", f"{number:04}") for number in range(MOST_DONORS))},
    ],
)
def test_a_plan_that_cannot_be_measured_is_none(changes):
    assert made(**changes) is None
