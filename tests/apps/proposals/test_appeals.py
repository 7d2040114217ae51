"""Appeals against the result of a vote: who may, until when, what they stop, and what an upheld one undoes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.actions.adoptions import proposal_adopt
from ewtp.apps.proposals.actions.appeals import appeal_bodies_draw, appeal_lodge, appeal_opinion_state
from ewtp.apps.proposals.actions.votes import vote_close
from ewtp.apps.proposals.reading.appeal_list import appeals_about, open_appeals
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.core.proposals.proposal import AdoptionEnding, ProposalStage, proposal_stage_of
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.appeal import Appeal, AppealStage
from tests.apps.proposals.retold import checked, find, retold, retold_with, told_lines
from tests.apps.proposals.test_authorities import CITED, papers_on
from tests.apps.proposals.test_pages import signed_in
from tests.apps.proposals.test_proposal_story import beat, code, kept, vote_all

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EFFECTIVE = date(2027, 1, 1)


@pytest.fixture
def decided(running, monkeypatch):
    """The moment at which the vote passed, an hour ago on the clock of the pages."""
    vote_all(running.proposal, running.houses, running.now)
    beat(running.opened)
    vote_close(proposal=running.proposal, now=running.opened + 15 * DAY)
    moment = running.opened + 23 * DAY
    vote_close(proposal=running.proposal, now=moment)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment + timedelta(hours=1))
    assert kept(proposal_read(running.proposal)).decided == moment
    return moment


def lodge(running, actor, now, *, matter="vote", about="", reason="Nobody told our house."):
    return appeal_lodge(proposal=running.proposal, matter=matter, about=about, reason=reason, actor=actor, now=now)


def lodged(running, actor, now):
    made = lodge(running, actor, now)
    assert isinstance(made, Appeal), made
    sequence_events(now=now)
    assert appeal_bodies_draw(now=now) == 1
    assert appeal_bodies_draw(now=now) == 0
    return next(each for _, each in appeals_about(running.proposal) if each.id == made.id)


def judges(running, appeal):
    """Who acts for the groups that decide it."""
    vote = vote_of(running.proposal)
    assert vote is not None
    speakers = {each.on_behalf_of: each for actors in running.houses.values() for each in actors}
    return [speakers[each.member] for each in vote.roll.entries if each.group in (appeal.body or ())]


def say(running, appeal, actor, verdict, now):
    return appeal_opinion_state(
        proposal=running.proposal, appeal=appeal.id, verdict=verdict, reason="Looked into.", actor=actor, now=now
    )


def adopt(running, now, effective=EFFECTIVE):
    actor = running.houses["government"][0]
    return proposal_adopt(
        proposal=running.proposal, articles=["permit"], effective=effective, cited=CITED, actor=actor, now=now
    )


def test_who_may_appeal_until_when_and_about_what(running, decided, world):
    small = running.houses["small"][2]
    assert code(lodge(running, world.found("firm", "KE", size=None), decided)) == "appeal_organisation_needed"
    assert code(lodge(running, small, decided + 7 * DAY)) == "appeal_too_late"
    assert code(lodge(running, small, decided, reason=" ")) == "proposal_reason_missing"
    for matter, about in (("weather", ""), ("vote", "x"), ("alarm", "loud"), ("ballot", "")):
        assert code(lodge(running, small, decided, matter=matter, about=about)) == "appeal_matter_unknown"
    for matter, about in (("vote", ""), ("alarm", "lockstep"), ("ballot", "org_" + "1" * 32)):
        assert isinstance(lodge(running, small, decided, matter=matter, about=about), Appeal)
        assert code(lodge(running, small, decided, matter=matter, about=about)) == "appeal_lodged_before"
    assert len(open_appeals(running.proposal, decided)) == 3


def test_an_open_appeal_stops_adoptions_and_a_dismissed_one_does_not(running, decided):
    small = running.houses["small"][2]
    # Nothing has effect before the time to appeal is over.
    assert code(adopt(running, decided, effective=decided.date() + 6 * DAY)) == "adoption_before_appeals"
    appeal = lodged(running, small, decided)
    assert code(adopt(running, decided)) == "adoption_appealed"
    body = judges(running, appeal)
    assert len(body) == len(appeal.body) == 5
    assert small.on_behalf_of not in [each.on_behalf_of for each in body]
    assert {each.on_behalf_of for each in body} & {each.on_behalf_of for each in running.houses["small"]} == set()
    assert code(say(running, appeal, small, "dismissed", decided)) == "appeal_body_needed"
    assert code(say(running, appeal, body[0], "perhaps", decided)) == "appeal_verdict_unknown"
    verdicts = zip(body, ("upheld", "dismissed", "dismissed", "dismissed"), strict=False)
    made = [say(running, appeal, actor, verdict, decided) for actor, verdict in verdicts][-1]
    assert isinstance(made, Appeal), made
    assert (made.stage(decided), made.answer) == (AppealStage.DISMISSED, "Looked into.")
    assert code(say(running, appeal, body[4], "upheld", decided)) == "appeal_not_open"
    kept(adopt(running, decided))


def test_an_appeal_that_nobody_decides_stops_nothing_for_good(running, decided):
    appeal = lodged(running, running.houses["small"][2], decided)
    over = decided + 14 * DAY
    assert code(adopt(running, over - DAY)) == "adoption_appealed"
    assert appeal.stage(over) is AppealStage.UNDECIDED
    assert code(say(running, appeal, judges(running, appeal)[0], "upheld", over)) == "appeal_not_open"
    kept(adopt(running, over))


def test_an_upheld_appeal_has_the_vote_held_again_and_ends_what_was_adopted(running, decided):
    kept(adopt(running, decided))
    assert papers_on(EFFECTIVE) == ["ZMOH"]
    appeal = lodged(running, running.houses["small"][2], decided + DAY)
    for actor in judges(running, appeal)[:3]:
        made = say(running, appeal, actor, "upheld", decided + 2 * DAY)
        assert not isinstance(made, Refusal), made
    found = kept(proposal_read(running.proposal))
    assert proposal_stage_of(found, decided + 2 * DAY) is ProposalStage.FROZEN
    (adoption,) = found.adoptions
    assert (adoption.ending, adoption.last_day) == (AdoptionEnding.ANNULLED, EFFECTIVE - DAY)
    assert papers_on(EFFECTIVE) == ["ZABS", "ZMOH"]
    page = Client().get(f"/proposals/{running.proposal}").content.decode()
    assert "Upheld: the vote is held again" in page
    assert "ended by an appeal against the vote" in page
    sequence_events(now=decided + 2 * DAY)
    lines = told_lines(decided + 2 * DAY)
    assert checked(lines)[1].faults == ()
    wrong = "recount_appeal_unfounded"
    opened, drawn, said = "appeals:appeal:lodged", "appeals:body:drawn", "appeals:opinion:stated"
    for kind, path, value in (
        (opened, "payload.by", "org_other"),
        (opened, "payload.until", "2027-12-01T00:00:00+00:00"),
        (opened, "at", "2026-12-01T00:00:00+00:00"),
        (drawn, "payload.groups", ["org_one", "org_two", "org_three"]),
        (said, "payload.member", "org_other"),
        (said, "payload.verdict", "dismissed"),
        ("appeals:appeal:decided", "payload.verdict", "dismissed"),
        ("appeals:appeal:decided", "payload.appeal", "apl_other"),
    ):
        assert wrong in {each.code for each in retold_with(lines, kind, path, value)}, (kind, path)
    assert "recount_draw_root" in {each.code for each in retold_with(lines, drawn, "payload.root", "0" * 64)}
    # Without the decision nothing was undone.
    undone = retold(lines, lambda events: events.pop(find(events, "appeals:appeal:decided")))
    assert [each.code for each in undone] == [wrong, wrong]


def test_the_page_and_the_api_lodge_and_decide_in_public(running, decided, reader):
    address, small = f"/proposals/{running.proposal}", running.houses["small"][2]
    reader.now, reader.path = decided + timedelta(hours=1), address
    reader.read()
    client = signed_in(small)
    assert "Lodge the appeal" in client.get(address).content.decode()
    empty = client.post(f"{address}/act", {"do": "appeal", "matter": "vote"})
    assert empty.status_code == 422
    sent = {"do": "appeal", "matter": "vote", "appeals_because": "Nobody told our house."}
    assert client.post(f"{address}/act", sent).status_code == 303
    sequence_events(now=decided)
    appeal_bodies_draw(now=decided)
    ((_, appeal),) = appeals_about(running.proposal)
    reader.sees("Nobody told our house.", "Decided by:")
    assert "Publish the decision" not in reader.last
    for actor in judges(running, appeal)[:3]:
        judge = signed_in(actor)
        assert "Publish the decision" in judge.get(address).content.decode()
        said = {"do": "decide_appeal", "appeal": appeal.id, "verdict": "dismissed", "decides_because": "It was told."}
        assert judge.post(f"{address}/act", said).status_code == 303
        reader.sees()
    shown = Client().get(f"/api/v1{address}/appeals").json()["items"]
    assert [(each["stage"], each["answer"], len(each["opinions"])) for each in shown] == [
        ("dismissed", "It was told.", 3)
    ]
    assert len(Client().get(address).content) < 60_000
    assert Client().get("/api/v1/proposals/prp_none/appeals").status_code == 404
