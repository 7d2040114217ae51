"""The plan that is made from an adoption: which trade it reaches, and what it is compared with."""

from __future__ import annotations

from datetime import date

from ewtp.core.effects.adoption_reach import MOST_DONORS_BY_LAW, AdoptionReach, default_plan, find_reach
from ewtp.core.effects.effect_plan import read_plan
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import rule

DAY = date(2027, 1, 1)
ECONOMIES = {f"A{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def reach(*codes, outcome="papers", origins=()):
    return AdoptionReach("AA", codes, origins, outcome, DAY)


def test_product_groups_are_headings_or_chapters_or_all_goods():
    assert reach("090111", "0902").groups == ("0901", "0902")
    assert reach("09", "090111").groups == ("09",)
    assert reach(*(f"09{number:02}" for number in range(1, 7))).groups == ("09",)
    assert reach(*(f"{number:02}01" for number in range(1, 7))).groups == ("*",)
    assert reach("").groups == ("*",)


def test_what_the_law_states_is_compared_with_other_schedules_and_other_chapters():
    plan = default_plan(reach("0901"), economies=ECONOMIES, schedules=["AA", "AB", "AC"])
    assert (plan.outcome, plan.figures, plan.adopted) == ("papers", "law", DAY)
    assert [each.as_json() for each in plan.treated] == [{"destination": "AA", "origins": "*", "products": "0901"}]
    assert {each.products for each in plan.donors if each.destination == "AB"} == {"0901"}
    own = {each.products for each in plan.donors if each.destination == "AA"}
    assert own
    assert "09" not in own
    assert len(plan.donors) == MOST_DONORS_BY_LAW


def test_days_are_compared_with_the_same_goods_elsewhere():
    plan = default_plan(reach("0901", outcome="days", origins=("AK",)), economies=ECONOMIES, schedules=[])
    assert (plan.figures, len(plan.donors)) == ("reported", len(ECONOMIES) - 1)
    assert {(each.origins, each.products) for each in plan.donors} == {("AK", "0901")}
    assert read_plan(plan.as_json()) == plan


def test_an_adoption_reaches_what_its_records_are_about():
    duty = rule(Kind.DUTY, "0901", "5%", validity=Period(date(2027, 3, 1)))
    paper = rule(Kind.REQUIREMENT, "0902", "", agency="an agency")
    assert find_reach(Changeset("a", "b", added=(duty,)), "AA", DAY, ECONOMIES) == AdoptionReach(
        "AA", ("0901",), (), "cost", date(2027, 3, 1)
    )
    both = find_reach(Changeset("a", "b", added=(duty, paper)), "AA", DAY, ECONOMIES)
    assert both is not None
    assert (both.codes, both.outcome, both.effective) == (("0901", "0902"), "papers", DAY)
    assert find_reach(Changeset("a", "b", added=(duty,)), "a union", DAY, ECONOMIES) is None
    assert find_reach(Changeset("a", "b"), "AA", DAY, ECONOMIES) is None
