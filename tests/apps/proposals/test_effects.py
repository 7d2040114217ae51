"""What an adoption did: its plan is in the log before any figure, figures are loaded, and a page tells the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.proposals.actions.adoptions import proposal_adopt
from ewtp.apps.proposals.actions.effect_plans import effect_plan_register
from ewtp.apps.proposals.actions.outcomes import LoadReport, law_outcomes_compute, outcomes_load
from ewtp.apps.proposals.reading.effect_record import effects_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.effects.effect_plan import TradePair, read_plan
from ewtp.core.effects.plan_request import PlanRequest
from tests.actors import OPERATOR
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.test_proposal_story import code, kept

pytestmark = pytest.mark.django_db
EFFECTIVE = date(2027, 1, 1)
CITED = ActCited("ZM", "Act 9 of 2026", "Parliament of Zambia", "section 2", date(2026, 6, 1))
ONE_DAY = timedelta(days=1)
DONORS = tuple(TradePair(f"A{letter}", "*", "0901") for letter in "DEFGILMOQRSTUWXZ") + tuple(
    TradePair(f"B{letter}", "*", "0901") for letter in "ABDE"
)


@pytest.fixture
def adopted(passed, zambian):
    """The proposal, of which Zambia adopts the first article."""
    return kept(
        proposal_adopt(
            proposal=passed.id, articles=["permit"], effective=EFFECTIVE, cited=CITED, actor=zambian, now=NOW
        )
    )


def planned(proposal):
    return [each for each in events_about(proposal.id) if each.kind == "proposals:effect:planned"]


PLAN = PlanRequest("days", "reported", (TradePair("ZM", "*", "0901"),), DONORS, 6, 2)


def a_row(pair, month, value, firms="9"):
    return {
        **pair.as_json(),
        "month": f"{month:%Y-%m}",
        "outcome": "days",
        "value": value,
        "lines": "20",
        "firms": firms,
    }


def loaded(plan, moment, *, treated_after="4"):
    """Ten days everywhere in every month, and fewer for the treated under the rule; donors differ a little."""
    rows = []
    for place, pair in enumerate((*plan.treated, *plan.donors)):
        for month in (*plan.before, *plan.after):
            under = month in plan.after
            value = (treated_after if under else "10") if pair in plan.treated else f"{10 + (place % 3) * under}"
            rows.append(a_row(pair, month, value))
    report = outcomes_load(title="Days from arrival to release", rows=rows, actor=OPERATOR, now=moment)
    assert isinstance(report, LoadReport), report
    return report


def test_the_plan_is_registered_with_the_adoption_and_says_what_the_law_promises(adopted):
    (record,) = effects_of(adopted)
    plan = record.registered.plan
    assert (plan.outcome, plan.figures, plan.adopted) == ("papers", "law", EFFECTIVE)
    assert plan.treated == (TradePair("ZM", "*", "0901"),)
    # Of two papers one is asked for no longer.
    assert record.registered.promise == -1
    (event,) = planned(adopted)
    assert (event.payload["digest"], event.payload["promise"], event.payload["by"]) == (plan.digest, "-1.000000", "")
    assert read_plan(event.payload["plan"]) == plan
    assert not record.effect.is_told
    # What the law states of the months that are over is computed, each month once.
    later = datetime(2027, 2, 3, tzinfo=NOW.tzinfo)
    # Which version is the latest is remembered for a moment, and here no moment has passed.
    read_cached_book().forget()
    assert law_outcomes_compute(now=later) > 0
    assert law_outcomes_compute(now=later) == 0
    months = {f"{each.month:%Y-%m}": each.treated for each in effects_of(adopted)[0].months}
    assert [months[each] for each in ("2026-12", "2027-01", "2027-02")] == [Decimal(2), Decimal(1), None]


def test_a_sponsor_registers_another_plan_in_time_and_its_effect_is_told(adopted, author, world):
    act = adopted.adoptions[0].act
    asked = {"proposal": adopted.id, "act": act, "now": NOW + ONE_DAY}
    stranger = world.found("firm", "GH")
    assert code(effect_plan_register(asked=PLAN, actor=stranger, **asked)) == "effect_planner_needed"
    assert (
        code(effect_plan_register(asked=replace(PLAN, months_before=0), actor=author, **asked)) == "effect_plan_invalid"
    )
    late = asked | {"now": datetime(2027, 1, 2, tzinfo=NOW.tzinfo)}
    assert code(effect_plan_register(asked=PLAN, actor=author, **late)) == "effect_registered_late"
    wrong = asked | {"act": "adopted-zm-99"}
    assert code(effect_plan_register(asked=PLAN, actor=author, **wrong)) == "adoption_unknown"
    kept(effect_plan_register(asked=PLAN, actor=author, **asked))
    assert len(planned(adopted)) == 2
    plan = effects_of(adopted)[0].registered.plan
    loaded(plan, datetime(2027, 4, 1, tzinfo=NOW.tzinfo))
    (record,) = effects_of(kept(proposal_read(adopted.id)))
    # The twenty donors rise by 21 days together, the treated falls by six.
    assert record.effect.is_told
    assert record.effect.effect == Decimal("-7.05")
    assert (str(record.effect.p), str(record.effect.smallest_p)) == ("0.0476", "0.0476")
    shown = Client().get(f"/proposals/{adopted.id}/effect").content.decode()
    assert "Days at the border" in shown
    assert len(shown.encode()) < 60_000
    told = Client().get(f"/api/v1/proposals/{adopted.id}/effect").json()["items"][0]
    assert told["plan"]["digest"] == told["effect"]["plan"] == plan.digest
    assert [each["by"] for each in told["plans"]] == [None, author.on_behalf_of]


def test_figures_of_few_firms_are_withheld_and_a_later_load_counts(adopted, author):
    asked = {"proposal": adopted.id, "act": adopted.adoptions[0].act, "now": NOW + ONE_DAY}
    kept(effect_plan_register(asked=PLAN, actor=author, **asked))
    plan = effects_of(adopted)[0].registered.plan
    moment = datetime(2027, 4, 1, tzinfo=NOW.tzinfo)
    loaded(plan, moment)
    few = [a_row(plan.treated[0], plan.after[0], "1", firms="4")]
    outcomes_load(title="Corrected", rows=few, actor=OPERATOR, now=moment + ONE_DAY)
    (record,) = effects_of(adopted)
    assert (record.withheld, [each.code for each in record.effect.why]) == (1, ["effect_figures_missing"])
    outcomes_load(title="Corrected again", rows=[few[0] | {"firms": "9"}], actor=OPERATOR, now=moment + 2 * ONE_DAY)
    assert effects_of(adopted)[0].effect.is_told
    shown = Client().get(f"/proposals/{adopted.id}/effect", headers={"accept-language": "ar"}).content.decode()
    assert 'dir="rtl"' in shown
