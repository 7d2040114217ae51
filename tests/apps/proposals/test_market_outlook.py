"""What answers tell of rules that they do not count, and which articles are blocked where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from ewtp.apps.proposals.actions.adoption_endings import adoption_displace, adoption_withdraw
from ewtp.apps.proposals.actions.adoptions import proposal_decline
from ewtp.apps.proposals.reading.market_outlook import outlook_changes
from ewtp.apps.proposals.reading.rival_adoptions import rival_adoptions
from ewtp.apps.proposals.surface.displacement_mail import displacement_mail
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.proposals.proposal import AdoptionEnding
from tests.apps.proposals.conftest import CODE, NOW, pass_proposal
from tests.apps.proposals.test_adoption_terms import ENDING, SUNSET
from tests.apps.proposals.test_authorities import EFFECTIVE, adopt
from tests.apps.proposals.test_proposal_story import kept
from tests.apps.proposals.test_reciprocity import HERE, THERE, adopt_own, mutual

pytestmark = pytest.mark.django_db
__all__ = ["mutual"]
DAY = timedelta(days=1)


def told(day, code=CODE, territory="ZM"):
    return [(str(each.state), each.day) for each in outlook_changes(territory, [code], day, NOW)]


def shown(day):
    """What the page of an answer says, and the papers that the answer asks for."""
    # A process looks for a new version once a second, and an adoption may be younger than that here.
    read_cached_book().forget()
    line = {"hs": CODE, "value": {"amount": "1000", "currency": "ZMW"}}
    body = {"from": "KE", "to": "ZM", "date": day.isoformat(), "lines": [line]}
    answer = Client().post("/api/v1/assessments", body, content_type="application/json").json()
    page = Client().get(f"/answers/{answer['id']}").content.decode()
    return page, sorted(each["agency"] for each in answer["lines"][0]["requirements"])


def test_what_passed_is_told_and_not_counted_and_what_is_adopted_from_its_day(passed, zambian):
    assert told(NOW.date()) == [("passed", None)]
    assert told(NOW.date(), code="100630") == told(NOW.date(), territory="KE") == []
    page, papers = shown(NOW.date())
    assert "has not adopted it" in page
    assert papers == ["ZABS", "ZMOH"]
    kept(adopt(passed, zambian))
    assert told(EFFECTIVE - DAY) == [("coming", EFFECTIVE)]
    page, papers = shown(EFFECTIVE - DAY)
    assert "not counted before" in page
    assert papers == ["ZABS", "ZMOH"]
    assert told(EFFECTIVE) == []
    page, papers = shown(EFFECTIVE)
    assert ("around this day" in page, papers) == (False, ["ZMOH"])


def test_an_answer_says_when_an_adoption_ends_and_why_it_ended(author, zambian, zambia):  # noqa: ARG001 - its law
    passed = pass_proposal(author, ENDING)
    kept(adopt(passed, zambian))
    assert told(EFFECTIVE) == [("ending", SUNSET)]
    assert "counted until" in shown(EFFECTIVE)[0]
    assert told(SUNSET + DAY) == [("ended", SUNSET)]
    assert "nobody renewed it" in shown(SUNSET + DAY)[0]
    # A year later nobody has to be told.
    assert told(SUNSET + 366 * DAY) == []


def test_an_answer_says_that_an_adoption_is_withdrawn_and_history_stays(passed, zambian):
    act = kept(adopt(passed, zambian)).adoptions[0].act
    under, last_day = NOW + timedelta(days=200), (NOW + timedelta(days=260)).date()
    kept(
        adoption_withdraw(
            proposal=passed.id, act=act, last_day=last_day, reason="Under review.", actor=zambian, now=under
        )
    )
    assert told(last_day) == [("ending", last_day)]
    assert "Under review." in shown(last_day)[0]
    page, papers = shown(last_day + DAY)
    assert "It was withdrawn:" in page
    assert papers == ["ZABS", "ZMOH"]
    assert act in Client().get(f"/proposals/{passed.id}").content.decode()


def test_an_answer_says_which_law_displaced_an_adoption(passed, zambian):
    act = kept(adopt(passed, zambian)).adoptions[0].act
    first = EFFECTIVE + 10 * DAY
    said = {"act": act, "first_day": first.isoformat(), "source": "Statutory Instrument 4"}
    assert adoption_displace(**said, now=NOW, compose=displacement_mail("https://trade.example")) is None
    (change,) = outlook_changes("ZM", [CODE], first, NOW)
    assert (change.ending, change.day) == (AdoptionEnding.DISPLACED, first - DAY)
    page = shown(first)[0]
    assert "Newer law was imported" in page
    assert "Statutory Instrument 4" in page
    listed = Client().get(f"/api/v1/adoptions/changes?economy=ZM&hs={CODE}&date={first}").json()["items"]
    assert [(each["state"], each["ending"], each["reason"]) for each in listed] == [
        ("ended", "displaced", "Statutory Instrument 4")
    ]
    assert Client().get("/api/v1/adoptions/changes?economy=ZM&hs=1&date=soon").status_code == 422


def test_an_answer_says_for_whom_a_reciprocal_adoption_waits(mutual, zambian, world):
    adopt_own(mutual, zambian, "ZM", "zambia", HERE)
    waiting = outlook_changes("ZM", [CODE], HERE, NOW)
    assert [(str(each.state), each.partners) for each in waiting] == [("waiting", ("KE",))]
    page, _ = shown(HERE)
    assert "on condition of reciprocity" in page
    adopt_own(mutual, world.found("agency", "KE"), "KE", "kenya", THERE)
    assert [str(each.state) for each in outlook_changes("ZM", [CODE], THERE - DAY, NOW)] == ["waiting"]
    assert outlook_changes("ZM", [CODE], THERE, NOW) == []


def test_the_grid_shows_what_blocks_an_article(passed, zambian, world):
    page = Client().get(f"/proposals/{passed.id}").content.decode()
    assert "Articles and economies" in page
    assert "needs permit, which is not adopted here" in page
    kept(
        proposal_decline(
            proposal=passed.id, territory="KE", reason="Not ours.", actor=world.found("agency", "KE"), now=NOW
        )
    )
    kept(adopt(passed, zambian))
    page = Client().get(f"/proposals/{passed.id}").content.decode()
    assert "which is not adopted here" not in page
    assert 'from <time datetime="2027-01-01">' in " ".join(page.split()).replace("</span> ", "")


@pytest.mark.usefixtures("zambia")
def test_of_two_proposals_about_one_rule_the_other_is_blocked_where_one_was_adopted(author, zambian):
    act = 'replace expression with "{0}" in duty of ZM on 0901 from 2027-01-01 without sunset'
    acts = f'title "{{0}}"\n\narticle duty\n  {act}\n'
    one, other = (pass_proposal(author, acts.format(rate)) for rate in ("5%", "7%"))
    blocked = "another adoption rules on the same:"
    assert blocked not in Client().get(f"/proposals/{other.id}").content.decode()
    kept(adopt(one, zambian, articles=["duty"]))
    page = Client().get(f"/proposals/{other.id}").content.decode()
    assert blocked in page
    assert f"/proposals/{one.id}" in page
    # Written on the law with that adoption, another one is free to be adopted.
    rebased = pass_proposal(author, acts.format("8%"))
    assert rival_adoptions(rebased, NOW.date()) == {}
    assert blocked not in Client().get(f"/proposals/{rebased.id}").content.decode()
