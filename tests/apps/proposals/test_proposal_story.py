"""One proposal from its draft to two economies, in the database: what each step does, and what answers say then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from ewtp.apps.accounts.store.models import User
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.apps.proposals.actions.adoptions import proposal_adopt, proposal_decline
from ewtp.apps.proposals.actions.comments import comment_add
from ewtp.apps.proposals.actions.proposals import (
    amendment_accept,
    amendment_suggest,
    proposal_change,
    proposal_draft,
    proposal_submit,
)
from ewtp.apps.proposals.actions.votes import (
    _give_effect_to_procedure,
    ballot_cast,
    heartbeat_send,
    send_back_cast,
    vote_close,
    vote_open,
)
from ewtp.apps.proposals.reading.comment_list import comments_of
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.apps.proposals.reading.proposal_list import proposal_read, proposals_page
from ewtp.apps.proposals.reading.proposal_text import acts_compiled, text_stored
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.store.models import Ballot
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.proposals.proposal import Proposal, ProposalStage, proposal_stage_of
from ewtp.core.proposals.proposal_commands import RecordReplay, SponsorProposal
from ewtp.core.replay.recomputation import RepeatableReplay, ReplayRecipe
from ewtp.core.values.actor import Actor, ActorKind
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.vote_state import VoteStage
from ewtp.core.votes.vote_tally import Majority
from ewtp.gateways.database.row_security import own_rows
from tests.apps.proposals.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ACTS = """
title "One paper is enough"
text "The health certificate says what the permit says."

article permit
  end requirement of ZM by ZABS paper Permit on 0901 from 2027-01-01

article health requires permit
  end requirement of ZM by ZMOH on 0901 from 2027-06-01
"""
AMENDED = ACTS.replace("2027-06-01", "2028-01-01")


def text_of(acts=ACTS):
    read = read_acts(acts)
    assert not isinstance(read, Refusal), read
    made = acts_compiled(read, "en")
    assert not isinstance(made, Refusal), made
    return made


def kept(found):
    assert isinstance(found, Proposal), found
    return found


def code(refused):
    assert isinstance(refused, Refusal), refused
    return refused.code


def replayed(proposal, actor, result="d" * 64, now=NOW):
    content = proposal.version.content
    recipe = ReplayRecipe("0.1", content.rulebook, "rates", content.changeset, "b" * 64, "USD")
    record = RepeatableReplay(recipe, result)
    return kept(proposal_change(proposal=proposal.id, command=RecordReplay(record), actor=actor, now=now))


@pytest.fixture
def submitted(zambia, houses):  # noqa: ARG001 - its law is in the database
    author = houses["small"][1]
    made = kept(proposal_draft(text=text_of(), actor=author, now=NOW))
    return kept(proposal_submit(proposal=made.id, actor=author, now=NOW))


@pytest.fixture
def discussed(submitted, houses):
    sponsors = [houses["small"][1], houses["small"][2], houses["civil"][3], houses["civil"][4], houses["large"][0]]
    proposal = submitted
    for each in sponsors:
        proposal = kept(proposal_change(proposal=submitted.id, command=SponsorProposal(), actor=each, now=NOW))
    assert proposal_stage_of(proposal, NOW) is ProposalStage.DISCUSSED
    return proposal


@pytest.fixture
def voting(discussed, houses):
    first, second = houses["small"][1], houses["civil"][3]
    replayed(discussed, first)
    replayed(discussed, second)
    opened = NOW + 31 * DAY
    found = kept(vote_open(proposal=discussed.id, actor=first, now=opened))
    assert proposal_stage_of(found, opened) is ProposalStage.VOTING
    return found, opened


def beat(opened):
    """The hub is up during the last day of a vote."""
    for quarter in range(4 * 24 + 2):
        heartbeat_send(now=opened + 13 * DAY + quarter * timedelta(minutes=15))


def vote_all(proposal, houses, now, **choices):
    for house, actors in houses.items():
        for actor in actors:
            cast = ballot_cast(proposal=proposal, choice=choices.get(house, "for"), actor=actor, now=now)
            assert not isinstance(cast, Refusal), (house, cast)


@pytest.mark.usefixtures("zambia")
def test_a_draft_is_its_authors_alone(houses):
    author, other = houses["small"][:2]
    made = kept(proposal_draft(text=text_of(), actor=author, now=NOW))
    assert proposal_read(made.id) is None
    assert proposal_read(made.id, other.on_behalf_of) is None
    assert proposal_read(made.id, author.on_behalf_of) == made
    assert proposals_page(limit=5)[0] == []


def test_the_words_say_what_the_articles_do(submitted):
    text = text_stored(submitted.version.content.digest)
    assert [each.message for each in text.words] == [
        "ZM ends the requirement of ZABS (Permit) on 0901, from 2027-01-01.",
        "ZM ends the requirement of ZMOH on 0901, from 2027-06-01.",
    ]
    assert text.faults == ()


@pytest.mark.usefixtures("zambia")
def test_an_organisation_without_a_verified_seat_takes_no_part():

    made = organisation_register(
        name="New", kind="firm", economy="KE", founder="new", actor=Actor(ActorKind.PERSON, "new"), now=NOW
    )
    assert not isinstance(made, Refusal)
    refused = proposal_draft(text=text_of(), actor=Actor(ActorKind.PERSON, "new", made.id), now=NOW)
    assert code(refused) == "proposal_participant_needed"


def test_an_amendment_is_merged_with_what_was_changed_since(discussed, houses, reader):
    reader.path = f"/proposals/{discussed.id}"
    reader.read()
    author, other = houses["small"][1], houses["civil"][3]
    base = discussed.version.content.changeset
    later = kept(
        amendment_suggest(proposal=discussed.id, text=text_of(AMENDED), base="", actor=other, now=NOW)
    ).amendments[-1]
    sooner = ACTS.replace("2027-01-01", "2026-12-01")
    both = kept(amendment_suggest(proposal=discussed.id, text=text_of(sooner), base=base, actor=other, now=NOW))
    reader.sees()
    sooner_id = next(each.id for each in both.amendments if each.id != later.id)
    merged = kept(amendment_accept(proposal=discussed.id, amendment=later.id, actor=author, now=NOW))
    assert merged.version.content.changeset == text_of(AMENDED).content.changeset
    reader.sees("merged")
    merged = kept(amendment_accept(proposal=discussed.id, amendment=sooner_id, actor=author, now=NOW))
    expected = AMENDED.replace("2027-01-01", "2026-12-01")
    assert merged.version.content.changeset == text_of(expected).content.changeset
    assert merged.version.number == 3


def test_an_amendment_that_conflicts_is_refused(discussed, houses):
    author, other = houses["small"][1], houses["civil"][3]
    base, found = discussed.version.content.changeset, discussed
    for acts in (AMENDED, ACTS.replace("2027-06-01", "2029-01-01")):
        found = kept(amendment_suggest(proposal=discussed.id, text=text_of(acts), base=base, actor=other, now=NOW))
    one, other_one = (each.id for each in found.amendments)
    kept(amendment_accept(proposal=discussed.id, amendment=one, actor=author, now=NOW))
    refused = amendment_accept(proposal=discussed.id, amendment=other_one, actor=author, now=NOW)
    assert code(refused) == "amendment_conflicts"


def test_comments_are_published_under_their_article(discussed, houses):
    author = houses["civil"][3]
    assert comment_add(proposal=discussed.id, article="permit", text="Agreed.", actor=author, now=NOW) is None
    assert [(each.article, each.text) for each in comments_of(discussed.id)] == [("permit", "Agreed.")]
    refused = comment_add(proposal=discussed.id, article="none", text="?", actor=author, now=NOW)
    assert refused is not None
    assert code(refused) == "proposal_article_unknown"


def test_four_houses_pass_it_and_one_economy_adopts(voting, houses, reader):
    proposal, opened = voting
    during, after = opened + DAY, opened + 15 * DAY
    reader.now, reader.path = during, f"/proposals/{proposal.id}"
    reader.read()
    vote_all(proposal.id, houses, during)
    reader.sees()
    record = vote_of(proposal.id)
    assert record is not None
    # Shares of a vote that runs are nobody's to know; turnout is.
    running = record.state(during)
    assert (running.stage, running.tally) == (VoteStage.OPEN, None)
    assert sum(running.turnout.values()) == 24
    assert code(vote_close(proposal=proposal.id, now=during)) == "vote_not_over"
    beat(opened)
    state = vote_close(proposal=proposal.id, now=after)
    assert not isinstance(state, Refusal)
    assert state.tally is not None
    assert state.tally.passed
    reader.now = after
    reader.sees("Passed; small firms may send it back")
    reader.now = ended = after + 8 * DAY
    vote_close(proposal=proposal.id, now=ended)
    found = proposal_read(proposal.id)
    assert found is not None
    assert proposal_stage_of(found, ended) is ProposalStage.PASSED
    reader.sees()
    authority, another = houses["government"][0], houses["government"][1]
    cited = ActCited("ZM", "Act 9 of 2026", "Parliament of Zambia", "section 2", date(2026, 7, 1))
    options = {"proposal": proposal.id, "effective": date(2027, 1, 1), "now": ended}
    refused = proposal_adopt(articles=["permit"], cited=cited, actor=another, **options)
    assert code(refused) == "authority_needed"
    refused = proposal_adopt(articles=["health"], cited=cited, actor=authority, **options)
    assert code(refused) == "adoption_article_needed"
    adopted = kept(proposal_adopt(articles=["permit"], cited=cited, actor=authority, **options))
    assert [(each.territory, each.articles) for each in adopted.adoptions] == [("ZM", ("permit",))]
    reader.sees(adopted.adoptions[0].act)
    # The other article follows later, on the law that the first one has changed.
    both = kept(proposal_adopt(articles=["health"], cited=cited, actor=authority, **options))
    assert [each.articles for each in both.adoptions] == [("permit",), ("health",)]
    declined = proposal_decline(proposal=proposal.id, territory="KE", reason="Not our law.", actor=another, now=ended)
    assert [each.territory for each in kept(declined).declines] == ["KE"]
    reader.sees("Not our law.")


def test_small_firms_send_back_what_passed_and_say_why(voting, houses, monkeypatch):
    proposal, opened = voting
    vote_all(proposal.id, houses, opened + DAY)
    beat(opened)
    small, after = houses["small"], opened + 15 * DAY
    asked = {"proposal": proposal.id, "choice": "for", "now": after}
    during = send_back_cast(actor=small[0], reason="Too soon.", **asked | {"now": opened + DAY})
    assert code(during) == "send_back_closed"
    vote_close(proposal=proposal.id, now=after)
    assert code(send_back_cast(actor=houses["government"][0], reason="Too soon.", **asked)) == "send_back_closed"
    assert code(send_back_cast(actor=small[0], reason=" ", **asked)) == "proposal_reason_missing"
    assert code(send_back_cast(actor=small[0], reason="x" * 501, **asked)) == "proposal_reason_missing"
    # One of them does so on the page.
    monkeypatch.setattr("django.utils.timezone.now", lambda: after)
    user = User.objects.create(username="small", email="small@example.org", person=small[0].name)
    client = Client()
    client.force_login(user)
    assert 'value="send_back"' in client.get(f"/proposals/{proposal.id}").content.decode()
    form = {"do": "send_back", "choice": "for"}
    assert client.post(f"/proposals/{proposal.id}/act", form).status_code == 422
    said = client.post(f"/proposals/{proposal.id}/act", form | {"sent_back_because": "Too soon for us."})
    assert said.status_code == 303
    for each in small[1:]:
        assert send_back_cast(actor=each, reason="Too soon for us.", **asked) is None
    vote_close(proposal=proposal.id, now=after + 8 * DAY)
    record = vote_of(proposal.id)
    assert record is not None
    assert record.state(after + 8 * DAY).stage is VoteStage.SENT_BACK


def test_one_house_against_it_fails_it(voting, houses):
    proposal, opened = voting
    vote_all(proposal.id, houses, opened + DAY, small="against")
    beat(opened)
    vote_close(proposal=proposal.id, now=opened + 15 * DAY)
    found = proposal_read(proposal.id)
    assert found is not None
    assert proposal_stage_of(found, opened + 15 * DAY) is ProposalStage.FAILED


def test_a_ballot_stays_sealed_until_the_vote_is_closed(voting, houses):

    proposal, opened = voting
    mine, other = houses["small"][:2]
    receipt = ballot_cast(proposal=proposal.id, choice="for", actor=mine, now=opened + DAY)
    record = vote_of(proposal.id)
    assert record is not None
    assert not isinstance(receipt, Refusal)
    told = [each.payload for each in events_about(record.id) if each.kind == "votes:ballot:cast"]
    assert told == [{"member": mine.on_behalf_of, "choice": None, "seal": receipt.seal}]
    with own_rows(organisation=other.on_behalf_of):
        assert Ballot.objects.count() == 0
    with own_rows(organisation=mine.on_behalf_of):
        assert [each.nonce for each in Ballot.objects.all()] == [receipt.nonce]


def held_votes():
    """How many locks on rows of votes this transaction has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relname = 'proposals_vote'"
            " AND mode = 'RowShareLock' AND pid = pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def test_no_receipt_is_given_once_the_hub_has_closed_the_vote(voting, houses):
    proposal, opened = voting
    mine = houses["small"][0]
    beat(opened)
    assert held_votes() == 0
    assert not isinstance(ballot_cast(proposal=proposal.id, choice="for", actor=mine, now=opened + DAY), Refusal)
    # Until its ballot is written nobody closes the vote.
    assert held_votes() == 1
    vote_close(proposal=proposal.id, now=opened + 15 * DAY)
    # The request came in time and was slow: its entry would be behind the one that closes the vote.
    slow = ballot_cast(proposal=proposal.id, choice="against", actor=mine, now=opened + 13 * DAY)
    assert code(slow) == "ballot_too_late"


def test_nobody_votes_who_is_not_on_the_roll(voting, world):
    proposal, opened = voting
    world.moment = opened
    late = world.found("firm", "KE")
    assert code(ballot_cast(proposal=proposal.id, choice="for", actor=late, now=opened + DAY)) == "not_on_the_roll"
    sequence_events(now=opened + DAY)


def voted_on(acts, houses):
    """The vote on a draft of these acts, opened once everything before it is done."""
    author, other = houses["small"][1], houses["civil"][3]
    made = kept(proposal_draft(text=text_of(acts), actor=author, now=NOW))
    found = kept(proposal_submit(proposal=made.id, actor=author, now=NOW))
    for each in (author, houses["small"][2], other, houses["civil"][4], houses["large"][0]):
        found = kept(proposal_change(proposal=made.id, command=SponsorProposal(), actor=each, now=NOW))
    replayed(found, author)
    replayed(found, other)
    return made.id, vote_open(proposal=made.id, actor=author, now=NOW + 31 * DAY)


@pytest.mark.usefixtures("zambia")
def test_a_change_of_the_procedure_has_a_majority_and_a_notice_of_its_own_and_effect_by_itself(houses, monkeypatch):
    # By the higher majority any of so few groups has the power that raises an alarm; test_alarms.py answers those.
    monkeypatch.setattr("ewtp.apps.proposals.actions.votes.alarms_raise_at_opening", lambda **_: None)
    acts = 'title "Longer"\n\narticle vote\n  set procedure clock.vote to "21d" from {}\n'
    early, refused = voted_on(acts.format("2027-02-16"), houses)
    assert code(refused) == "procedure_too_soon"
    # Nothing was opened: the proposal waits for its vote as before.
    assert vote_of(early) is None
    assert proposal_stage_of(kept(proposal_read(early)), NOW + 31 * DAY) is not ProposalStage.VOTING
    late, opened = voted_on(acts.format("2027-02-17"), houses)
    kept(opened)
    record = vote_of(late)
    assert record is not None
    assert record.state(NOW + 32 * DAY).started.majority is Majority.PROCEDURE
    # What passed is the procedure from its day on, by nobody's act but the vote's.
    opened = NOW + 31 * DAY
    vote_all(late, houses, opened + DAY)
    beat(opened)
    vote_close(proposal=late, now=opened + 15 * DAY)
    ended = vote_close(proposal=late, now=opened + 23 * DAY)
    assert not isinstance(ended, Refusal)
    assert ended.stage is VoteStage.PASSED
    found = kept(proposal_read(late))
    assert [(each.territory, each.effective) for each in found.adoptions] == [("EWTP", date(2027, 2, 17))]
    lengths = [procedure_in_force(day).clock_vote for day in (date(2027, 2, 16), date(2027, 2, 17))]
    assert lengths == [14 * DAY, 21 * DAY]
    # Where it cannot be given effect, as a second time, the vote is over all the same and its page says why.
    _give_effect_to_procedure(late, record.id, opened + 24 * DAY)
    again = vote_of(late)
    assert again is not None
    assert again.refused["code"] == "adoption_twice"
    page = Client().get(f"/proposals/{late}").content.decode()
    assert "what it changes in the procedure was not given effect" in page
    assert "has adopted article" in page
    # Nobody else changes it, and a value that cannot be read is a fault of the draft.
    assert code(proposal_adopt(**by_hand(late, opened), actor=houses["government"][0])) == "authority_needed"
    assert [each["number"] for each in text_of(acts.format("2027-02-17").replace("21d", "long")).faults] == ["CS4"]


def by_hand(proposal, opened):
    cited = ActCited("EWTP", "Act 9 of 2026", "Parliament of Zambia", "section 2", date(2026, 7, 1))
    after = opened + 24 * DAY
    return {"proposal": proposal, "articles": ["vote"], "effective": after.date(), "cited": cited, "now": after}
