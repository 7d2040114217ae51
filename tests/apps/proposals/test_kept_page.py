"""The page of a proposal as it is kept: whatever happens is on the next one, and nobody gets another reader's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.organisations.actions.organisations import organisation_change
from ewtp.apps.proposals.actions.alarm_answers import bodies_draw
from ewtp.apps.proposals.actions.alarms import alarms_raise
from ewtp.apps.proposals.actions.comments import comment_add
from ewtp.apps.proposals.actions.proposals import proposal_change
from ewtp.apps.proposals.actions.votes import ballot_cast
from ewtp.apps.proposals.reading.replay_reports import REPLAY_WANTED
from ewtp.core.organisations.commands import Rename
from ewtp.core.proposals.proposal import stage_limit
from ewtp.core.proposals.proposal_commands import EndSponsorship, SponsorProposal
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.test_alarms import answer
from tests.apps.proposals.test_pages import signed_in
from tests.apps.proposals.test_proposal_story import DAY, discussed, kept, replayed, submitted

pytestmark = pytest.mark.django_db
__all__ = ["discussed", "submitted"]
HOUR = timedelta(hours=1)


def test_what_is_said_before_a_vote_is_on_the_next_page(discussed, houses, reader):
    reader.now, reader.path = NOW + HOUR, f"/proposals/{discussed.id}"
    reader.read()
    speaker = houses["civil"][4]
    comment_add(proposal=discussed.id, article="", text="Good for growers.", actor=speaker, now=reader.now)
    reader.sees("Good for growers.")
    kept(proposal_change(proposal=discussed.id, command=SponsorProposal(), actor=houses["large"][1], now=reader.now))
    reader.sees()
    kept(proposal_change(proposal=discussed.id, command=EndSponsorship(), actor=houses["large"][1], now=reader.now))
    reader.sees()
    organisation_change(
        organisation=speaker.on_behalf_of, command=Rename("Growers of Kenya"), actor=speaker, now=reader.now
    )
    reader.sees("Growers of Kenya")
    replayed(discussed, houses["small"][1], now=reader.now)
    reader.sees("d" * 64)
    with transaction.atomic():
        messages_enqueue(topic=REPLAY_WANTED, payloads=[{"proposal": discussed.id}], now=reader.now)
    reader.sees()
    # No event tells of an attempt that failed.
    failed = Refusal(OPERATOR_NEEDED)
    OutboxMessage.objects.filter(topic=REPLAY_WANTED).update(reason=failed.as_json(), attempts=1)
    reader.sees(failed.message)


def test_the_list_is_that_of_now(submitted, houses, reader):
    reader.now, reader.path = NOW + HOUR, "/proposals"
    assert "Each of the four houses has the <bdi>5</bdi> active owner groups" in reader.read()
    author = houses["small"][1]
    assert author.on_behalf_of == submitted.author.organisation
    organisation_change(
        organisation=author.on_behalf_of, command=Rename("Growers of Kenya"), actor=author, now=reader.now
    )
    reader.sees("Growers of Kenya")
    limit = stage_limit(submitted, reader.now)
    assert limit is not None
    reader.now = limit - timedelta(microseconds=1)
    reader.read()
    reader.now = limit
    reader.sees('<span class="tag">Lapsed</span>')


def test_what_happens_in_a_vote_is_on_the_next_page(running, reader):
    reader.now, reader.path = running.now, f"/proposals/{running.proposal}"
    reader.read()
    ballot_cast(proposal=running.proposal, choice="for", actor=running.houses["small"][1], now=reader.now)
    reader.sees()
    assert alarms_raise(proposal=running.proposal, now=reader.now) > 0
    reader.sees("The clock is stopped.")
    sequence_events(now=reader.now)
    bodies_draw(proposal=running.proposal, now=reader.now)
    reader.sees("drawn by the root of the log")
    answer(running, "stands")
    reader.sees("The vote continues")


def test_a_page_is_made_once_for_all_visitors(running, reader):
    reader.now, reader.path = running.now, f"/proposals/{running.proposal}"
    Client().get(reader.path)
    shown = Client().get(reader.path)
    assert reader.made == 1
    assert Client(headers={"Accept-Language": "fr"}).get(reader.path).content != shown.content
    again = Client(headers={"If-None-Match": shown.headers["ETag"]}).get(reader.path)
    assert (again.status_code, again.content, reader.made) == (304, b"", 2)
    assert shown.headers["Vary"] == "Accept-Encoding, Cookie, Accept-Language"


def test_nobody_gets_the_page_of_somebody_who_has_signed_in(running, reader):
    reader.now, reader.path = running.now, f"/proposals/{running.proposal}"
    member = signed_in(running.houses["small"][1])
    own = [member.get(reader.path).content.decode() for _ in range(2)]
    assert reader.made == 2
    assert all("csrfmiddlewaretoken" in each and "example.org" in each for each in own)
    public = Client().get(reader.path).content.decode()
    assert "csrfmiddlewaretoken" not in public
    assert "example.org" not in public
    assert member.get(reader.path).content.decode() != public
    assert reader.made == 4
    # A message waits in a cookie or in the session, for one page of one reader.
    told = signed_in(running.houses["small"][2])
    told.post(f"{reader.path}/act", {"do": "replay"})
    told.get(reader.path)
    assert Client().get(reader.path).content.decode() == public


def test_a_stage_ends_on_a_kept_page_without_any_event(discussed, reader):
    reader.path, reader.now = f"/proposals/{discussed.id}", NOW + 30 * DAY - timedelta(microseconds=1)
    reader.read()
    reader.now = NOW + 30 * DAY
    reader.sees("The text is frozen.")
