"""Alarms of capture on a real roll: raised, answered by the body that the log drew, and what the answer does."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client

from ewtp.apps.http.surface.page_cache import page_cache
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.organisations.actions.organisations import organisation_change
from ewtp.apps.organisations.reading.owner_group import owner_group_of
from ewtp.apps.organisations.reading.public_facts import organisations_in_public
from ewtp.apps.organisations.store.models import Identifier
from ewtp.apps.proposals.actions.alarm_answers import bodies_draw, opinion_state
from ewtp.apps.proposals.actions.alarms import alarms_raise
from ewtp.apps.proposals.actions.votes import ballot_cast, vote_close, vote_open
from ewtp.apps.proposals.reading.electorate import find_kin, membership_on
from ewtp.apps.proposals.reading.house_sizes import forget_house_sizes
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.vote_power import power_of_vote
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.surface.vote_presentation import vote_context
from ewtp.core.organisations.commands import RevokeVerification
from ewtp.core.organisations.house import House
from ewtp.core.organisations.organisation import Subject
from ewtp.core.proposals.proposal import ProposalStage, proposal_stage_of
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.answering_body import draw_body
from ewtp.core.votes.vote_events import AlarmKind, AlarmRaised, BodyDrawn
from ewtp.core.votes.vote_state import VoteStage
from ewtp.gateways.database.row_security import system_rows
from tests.actors import OPERATOR
from tests.apps.proposals.retold import retold, told_lines
from tests.apps.proposals.test_pages import signed_in
from tests.apps.proposals.test_proposal_story import DAY, beat, code

pytestmark = pytest.mark.django_db


def record(running):
    found = vote_of(running.proposal)
    assert found is not None
    return found


def judges(running, kind=AlarmKind.ALONE):
    """Who acts for the groups that answer a kind of alarm."""
    vote = record(running)
    body = vote.hearings(running.now)[kind].body or ()
    speakers = {each.on_behalf_of: each for actors in running.houses.values() for each in actors}
    return [speakers[each.member] for each in vote.roll.entries if each.group in body]


def answer(running, verdict, struck=(), kind=AlarmKind.ALONE):
    """Have the body drawn, and three of it say the same."""
    sequence_events(now=running.now)
    bodies_draw(proposal=running.proposal, now=running.now)
    for actor in judges(running, kind)[:3]:
        refused = opinion_state(
            proposal=running.proposal,
            alarm=kind,
            verdict=verdict,
            reason="Looked into.",
            struck=struck,
            actor=actor,
            now=running.now,
        )
        assert refused is None, refused


@pytest.fixture
def alarmed(running):
    """A vote in which one economy has more than half of the ballots that were cast by small firms."""
    ballot_cast(proposal=running.proposal, choice="for", actor=running.houses["small"][1], now=running.now)
    assert alarms_raise(proposal=running.proposal, now=running.now) > 0
    assert alarms_raise(proposal=running.proposal, now=running.now) == 0
    assert record(running).state(running.now).unanswered == (AlarmKind.ALONE,)
    return running


def test_power_is_measured_when_a_vote_is_opened_and_kept_in_the_log(running):
    opened = running.opened
    shown = power_of_vote(record(running), opened)
    labels = [each["bloc"] for each in shown["blocs"]]
    assert {"house:government", "economy:KE"} <= set(labels)
    assert shown["alarms"] == shown["bodies"] == shown["changes"] == []


def test_the_body_is_drawn_by_the_root_over_the_alarm_and_three_of_it_let_the_vote_go_on(alarmed):
    now, houses = alarmed.now, alarmed.houses
    # Before the alarm has its number nobody knows the root.
    assert bodies_draw(proposal=alarmed.proposal, now=now) == 0
    stranger = houses["small"][1]
    asked = {"proposal": alarmed.proposal, "alarm": "alone", "verdict": "stands", "reason": "Chance.", "struck": ()}
    assert code(opinion_state(actor=stranger, now=now, **asked)) == "answering_body_needed"
    answer(alarmed, "stands")
    vote = record(alarmed)
    drawn = next(each.event for each in vote.entries if isinstance(each.event, BodyDrawn))
    alarms = [each.event for each in vote.entries if isinstance(each.event, AlarmRaised)]
    assert drawn.groups == draw_body(vote.id, alarms, vote.roll, bytes.fromhex(drawn.root))
    assert House.SMALL_FIRM not in {vote.roll.houses[group] for group in drawn.groups}
    assert (vote.state(now).stage, vote.state(now).unanswered) == (VoteStage.OPEN, ())
    shown = power_of_vote(vote, now)
    assert [(each["verdict"], each["reason"]) for each in shown["answers"]] == [("stands", "Looked into.")]
    assert len(shown["bodies"][0]["opinions"]) == 3
    assert code(opinion_state(actor=stranger, now=now, **asked)) == "alarm_not_open"


def test_what_a_body_strikes_is_off_the_roll_and_out_of_the_tally(alarmed):
    now, houses = alarmed.now, alarmed.houses
    struck = houses["small"][1].on_behalf_of
    sequence_events(now=now)
    bodies_draw(proposal=alarmed.proposal, now=now)
    judge = judges(alarmed)[0]
    asked = {"proposal": alarmed.proposal, "alarm": "alone", "reason": "Shells.", "actor": judge, "now": now}
    for verdict, named in (("strikes", []), ("strikes", ["nobody"]), ("stands", [struck])):
        assert code(opinion_state(verdict=verdict, struck=named, **asked)) == "strike_invalid"
    # Whoever is of no bloc that an alarm is about cannot be struck.
    assert code(opinion_state(verdict="strikes", struck=[houses["small"][2].on_behalf_of], **asked)) == "strike_invalid"
    assert code(opinion_state(verdict="shrug", struck=[], **asked)) == "alarm_answer_invalid"
    answer(alarmed, "strikes", [struck])
    state = record(alarmed).state(now)
    assert (state.box.electorate.active[House.SMALL_FIRM], state.turnout[House.SMALL_FIRM]) == (5, 0)
    assert [each.reason.code for each in state.box.void] == ["ballot_struck"]
    # One of twenty-four is more than 2% of the roll, but a single group stops no clock by being struck.
    assert alarms_raise(proposal=alarmed.proposal, now=now) == 0
    assert record(alarmed).state(now).unanswered == ()


def test_a_new_roll_ends_the_vote_and_it_can_be_opened_again(alarmed):
    now, houses = alarmed.now, alarmed.houses
    first = record(alarmed).id
    answer(alarmed, "new_roll")
    ended = vote_close(proposal=alarmed.proposal, now=now)
    assert not isinstance(ended, Refusal)
    assert ended.stage is VoteStage.NEW_ROLL
    found = proposal_read(alarmed.proposal)
    assert found is not None
    assert proposal_stage_of(found, now) is ProposalStage.FROZEN
    assert not isinstance(vote_open(proposal=alarmed.proposal, actor=houses["small"][1], now=now), Refusal)
    again = record(alarmed)
    assert again.id != first
    assert again.state(now).turnout[House.SMALL_FIRM] == 0


def test_an_alarm_that_nobody_answers_lapses_the_vote(alarmed):
    late = alarmed.now + 14 * DAY
    assert record(alarmed).state(late - DAY).stage is VoteStage.SUSPENDED
    ended = vote_close(proposal=alarmed.proposal, now=late)
    assert not isinstance(ended, Refusal)
    assert ended.stage is VoteStage.LAPSED
    found = proposal_read(alarmed.proposal)
    assert found is not None
    assert proposal_stage_of(found, late) is ProposalStage.FROZEN


def test_members_that_lose_their_seats_are_struck_and_the_roll_alarm_stops_the_clock(running):
    now, houses = running.now, running.houses
    one, other = houses["large"][2].on_behalf_of, houses["large"][3].on_behalf_of
    assert alarms_raise(proposal=running.proposal, now=now) == 0
    for lost, subject, raised in ((one, Subject.IDENTITY, 0), (other, Subject.COMPANY_NUMBER, 1)):
        held = organisations_in_public()[lost].verifications
        found = next(each.id for each in held if each.subject is subject)
        revoked = RevokeVerification(found, "The register struck it off.")
        assert not isinstance(organisation_change(organisation=lost, command=revoked, actor=OPERATOR, now=now), Refusal)
        assert alarms_raise(proposal=running.proposal, now=now) == raised
    vote = record(running)
    assert vote.state(now).box.electorate.struck == {one, other}
    assert vote.state(now).unanswered == (AlarmKind.ROLL,)
    assert [each["members"] for each in power_of_vote(vote, now)["changes"]] == [[one], [other]]


def test_the_hinge_is_told_after_the_count_and_stops_nothing(running):
    opened, houses = running.opened, running.houses
    choices = {house: ["for", "for"] for house in houses} | {"government": ["for", "for", "for", "against", "against"]}
    for house, chosen in choices.items():
        for actor, choice in zip(houses[house], chosen, strict=False):
            ballot_cast(proposal=running.proposal, choice=choice, actor=actor, now=opened + DAY)
    beat(opened)
    state = vote_close(proposal=running.proposal, now=opened + 15 * DAY)
    assert not isinstance(state, Refusal)
    assert state.stage is VoteStage.RETURNABLE
    told = [each for each in power_of_vote(record(running), opened + 15 * DAY)["alarms"] if not each["stops"]]
    assert {each["alarm"] for each in told} == {"hinge"}
    assert {"without": "failed"} in [each["figures"] for each in told]


def test_the_page_shows_the_body_and_takes_its_answer(alarmed, monkeypatch):
    now, houses = alarmed.now, alarmed.houses
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    sequence_events(now=now)
    bodies_draw(proposal=alarmed.proposal, now=now)
    first, *others = judges(alarmed)[:3]
    client, address = signed_in(first), f"/proposals/{alarmed.proposal}"
    shown = client.get(address).content.decode()
    assert "drawn by the root of the log" in shown
    assert "Power of the largest blocs" in shown
    assert len(shown.encode()) < 60_000
    assert 'name="verdict"' not in signed_in(houses["small"][1]).get(address).content.decode()
    given = {"do": "opinion", "alarm": "alone", "verdict": "stands", "reason": ""}
    refused = client.post(f"{address}/act", given)
    assert refused.status_code == 422
    assert client.post(f"{address}/act", given | {"reason": "By chance."}).status_code == 303
    for each in others:
        signed_in(each).post(f"{address}/act", given | {"reason": "By chance."})
    assert "The vote continues" in client.get(address).content.decode()


def test_members_of_a_roll_that_are_one_firm_are_named(running):
    """A hub that verified one company for two members, and counted both, had another roll than its entries give."""
    one, other = (running.houses[house][1].on_behalf_of for house in ("small", "large"))
    sequence_events(now=running.now)

    def one_number(events) -> None:
        added = {each["subject"]: each for each in events if each["kind"] == "organisations:identifier:added"}
        number = added[one]["payload"]["identifier"]["value"]
        added[other]["payload"]["identifier"]["value"] = f"00{number}"

    (fault,) = retold(told_lines(running.now), one_number)
    # The small firm votes among the large ones now; the other is named where the group is not named after it.
    assert (fault.code, fault.params["members"]) == ("recount_roll_unfounded", sorted({one, max(one, other)}))


def test_a_vote_in_which_nothing_can_pass_says_so(running, monkeypatch):
    address = f"/proposals/{running.proposal}"
    monkeypatch.setattr("django.utils.timezone.now", lambda: running.now)
    assert "Nothing can pass in this vote" not in Client().get(address).content.decode()
    active = {**record(running).active, House.CIVIL_SOCIETY: 4}
    monkeypatch.setattr("ewtp.apps.proposals.reading.vote_record.active_groups", lambda _: active)
    shown = vote_context(record(running), running.now)
    assert (shown["small_houses"], shown["least_groups"]) == (["Consumers and civil society"], 5)
    page = render_to_string("parts/proposal_vote.html", {**shown, "proposal": {"id": running.proposal}})
    assert "active owner groups. Too few: Consumers and civil society." in page


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(0), "active owner groups without which nothing can pass."),
        (
            # Whoever neither votes nor is verified for a year is active no longer.
            timedelta(days=400),
            "Too few: Small firms, Consumers and civil society, Government, Large firms.",
        ),
    ],
)
def test_the_list_of_proposals_names_the_houses_that_are_too_small_today(running, monkeypatch, later, said):
    monkeypatch.setattr("django.utils.timezone.now", lambda: running.now + later)
    forget_house_sizes()
    page_cache().forget()
    shown = Client().get("/proposals").content.decode()
    assert said in html.unescape(" ".join(shown.split())), shown
    front = html.unescape(" ".join(Client().get("/").content.decode().split()))
    # The front page says it only where it stops something.
    assert ("Too few: " in front) == (said in front) == said.startswith("Too few: "), front


def test_two_that_turn_out_to_be_one_firm_have_one_ballot(running):
    """Whatever let the database have one verified identifier twice: they are one owner group wherever that counts."""
    now, houses = running.now, running.houses
    one, other = houses["small"][1], houses["large"][1]
    for actor in (one, other):
        ballot_cast(proposal=running.proposal, choice="for", actor=actor, now=running.opened)
    with system_rows("a test"):
        held = Identifier.objects.get(organisation=one.on_behalf_of)
        Identifier.objects.filter(organisation=other.on_behalf_of).update(value=held.value, key=held.key)
    first = min(one.on_behalf_of, other.on_behalf_of)
    assert [owner_group_of(each.on_behalf_of, now.date()) for each in (one, other)] == [first, first]
    assert membership_on(now.date()).groups[other.on_behalf_of] == first
    assert find_kin(one.on_behalf_of, now.date()) == {other.on_behalf_of}
    assert alarms_raise(proposal=running.proposal, now=now) == 0
    box = record(running).state(now).box
    assert {box.electorate.groups[each.on_behalf_of] for each in (one, other)} == {first}
    assert [*box.ballots] == [first]
