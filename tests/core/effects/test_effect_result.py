"""Effects by their plan: what is told, what cannot be, and how often the measurement is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from ewtp.core.effects.effect_plan import EffectPlan, TradePair, plan_effect
from ewtp.core.effects.effect_result import measure_effect
from tests.core.effects.simulated_panels import ADOPTED, a_panel, a_plan, draw_panel, pairs

REGISTERED = date(2026, 12, 20)


def codes(plan: EffectPlan, registered: date = REGISTERED, *, without: int = 0, month: date | None = None) -> list[str]:
    every = (*plan.treated, *plan.donors)
    panel = a_panel(plan, dict.fromkeys(every, ("10", "8")))
    for pair in every[:without]:
        del panel[pair][month or plan.after[-1]]
    found = measure_effect(plan, panel, registered=registered)
    assert not found.is_told
    assert found.as_json()["effect"] is None
    return [each.code for each in found.why]


def test_an_effect_worked_out_by_hand():
    plan = a_plan(donors=19)
    levels = {pair: ("12", str(12 + place % 3)) for place, pair in enumerate(plan.donors)}
    levels[plan.treated[0]] = ("10", "8.5")
    found = measure_effect(plan, a_panel(plan, levels), registered=REGISTERED, promise=Decimal(-2))
    # Donors rise by 0, 1 and 2 in turn: 7 x 0 + 6 x 1 + 6 x 2 = 18 over 19. The treated falls by 1.5.
    assert found.effect == Decimal("-2.4474")
    assert (found.rank, found.placebos, found.p, found.smallest_p) == (1, 20, Decimal("0.0500"), Decimal("0.0500"))
    assert found.interval is not None
    low, high = found.interval
    assert low <= found.effect <= high
    assert found.keeps_promise is (low <= Decimal(-2) <= high)
    told = found.as_json()
    assert told["plan"] == plan.digest
    assert (told["promise"], told["donors"], told["why"]) == ("-2", 19, [])


def test_a_promise_outside_of_the_interval_is_not_kept():
    plan = a_plan(donors=19)
    levels = {pair: ("12", str(12 + place % 3)) for place, pair in enumerate(plan.donors)} | {
        plan.treated[0]: ("10", "8.5")
    }
    for promise, kept in ((Decimal(-30), False), (Decimal("-2.4"), True), (None, None)):
        found = measure_effect(plan, a_panel(plan, levels), registered=REGISTERED, promise=promise)
        assert found.keeps_promise is kept


def test_what_is_too_little_is_said():
    assert codes(a_plan(donors=18)) == ["effect_donors_too_few"]
    assert codes(a_plan(months_before=5)) == ["effect_months_too_few"]
    assert codes(a_plan(), without=1) == ["effect_figures_missing"]
    assert codes(a_plan(), registered=date(2027, 1, 2)) == ["effect_plan_late"]
    assert codes(a_plan(donors=19), without=2) == ["effect_figures_missing", "effect_donors_too_few"]


def test_six_months_and_nineteen_donors_are_enough():
    plan = a_plan(donors=19, months_before=6, months_after=1)
    panel = a_panel(plan, dict.fromkeys((*plan.treated, *plan.donors), ("10", "8")))
    assert measure_effect(plan, panel, registered=ADOPTED).effect == 0


def test_a_donor_that_lacks_a_month_is_left_out():
    plan = a_plan(donors=25)
    panel = a_panel(plan, dict.fromkeys((*plan.treated, *plan.donors), ("10", "8")))
    panel[plan.donors[0]] |= {plan.before[0]: Decimal(1000)}
    del panel[plan.donors[0]][plan.after[0]]
    found = measure_effect(plan, panel, registered=REGISTERED)
    assert (found.donors, found.effect) == (24, Decimal(0))


def test_a_month_in_the_middle_of_which_the_rule_began_is_in_neither():
    plan = replace(a_plan(), adopted=date(2027, 1, 15))
    assert (plan.before[0], plan.before[-1]) == (date(2026, 1, 1), date(2026, 12, 1))
    assert (plan.after[0], plan.after[-1]) == (date(2027, 2, 1), date(2027, 9, 1))
    assert a_plan().after[0] == date(2027, 1, 1)


def test_donors_are_those_of_the_same_products_where_there_are_enough():
    reached, alike, others = pairs(1), pairs(20)[1:], pairs(30, "87")
    assert plan_effect("days", reached, [*others, *alike, *reached], ADOPTED).donors == tuple(alike)
    assert plan_effect("days", reached, [*others, *alike[1:]], ADOPTED).donors == tuple(sorted([*alike[1:], *others]))


def test_the_digest_names_the_plan_and_nothing_else():
    plan = a_plan()
    assert plan.digest == a_plan().digest
    shuffled = plan_effect("days", plan.treated, reversed(plan.donors), ADOPTED)
    assert shuffled.digest == plan.digest
    for other in (a_plan(donors=38), a_plan(months_after=9), replace(plan, outcome="papers")):
        assert other.digest != plan.digest


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "mood"},
        {"treated": ()},
        {"donors": tuple(pairs(3))},
        {"months_after": 0},
        {"donors": (TradePair("ZZ", "a", "b"), TradePair("ZY", "a", "b"))},
    ],
)
def test_a_plan_that_compares_nothing_cannot_be_made(fields: dict[str, object]):
    with pytest.raises(ValueError, match="plan"):
        replace(a_plan(), **fields)  # type: ignore[arg-type]


def shares(effect: float, runs: int, treated: int = 1, seed: int = 20261201) -> tuple[float, float]:
    """How often the test alarms, and how often the interval has the true effect."""
    drawn = np.random.default_rng(seed)
    plan = a_plan(treated=treated, donors=40 - treated)
    found = [measure_effect(plan, draw_panel(drawn, plan, effect), registered=REGISTERED) for _ in range(runs)]
    alarms = sum(each.p is not None and each.p <= Decimal("0.05") for each in found)
    true = Decimal(repr(effect))
    covered = sum(each.interval is not None and each.interval[0] <= true <= each.interval[1] for each in found)
    return alarms / runs, covered / runs


@pytest.mark.parametrize("treated", [1, 3])
def test_about_one_in_twenty_effects_that_are_not_there_are_found(treated: int):
    alarms, covered = shares(0.0, 200, treated)
    # Of 200 the standard deviation is 1.5 points: three of them either way.
    assert 0.005 <= alarms <= 0.095
    assert covered >= 0.9


def test_two_days_less_are_found_in_most_panels():
    alarms, covered = shares(-2.0, 100)
    assert alarms >= 0.6
    assert covered >= 0.87
