"""The pages of proposals: who sees what, and what a form does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from ewtp.apps.accounts.store.models import User
from ewtp.apps.proposals.actions.proposals import proposal_draft
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.test_proposal_story import ACTS, kept, text_of

pytestmark = pytest.mark.django_db


def signed_in(actor):
    user = User.objects.create(username=actor.name, email=f"{actor.name}@example.org", person=actor.name)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def today(monkeypatch):
    """The clock of the pages stands at the moment of the tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))


@pytest.mark.usefixtures("zambia", "today")
def test_a_draft_is_looked_at_saved_and_submitted(houses):
    author = houses["small"][1]
    client = signed_in(author)
    looked = client.post("/proposals/new", {"acts": ACTS, "do": "look"})
    assert looked.status_code == 200
    assert "ends the requirement of ZABS" in looked.content.decode()
    saved = client.post("/proposals/new", {"acts": ACTS, "do": "save"})
    assert saved.status_code == 303
    address = saved.headers["Location"]
    assert Client().get(address).status_code == 404
    sent = client.post(f"{address}/act", {"do": "submit"})
    assert (sent.status_code, sent.headers["Location"]) == (303, address)
    shown = Client().get(address).content.decode()
    assert "One paper is enough" in shown
    assert "Seeking sponsors" in shown
    assert len(shown.encode()) < 60_000


@pytest.mark.usefixtures("zambia", "today")
def test_what_cannot_be_read_is_said_at_its_field(houses):
    client = signed_in(houses["small"][1])
    wrong = client.post("/proposals/new", {"acts": 'title "x"\nend requirement', "do": "save"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    untitled = client.post("/proposals/new", {"acts": ACTS.replace('title "One paper is enough"', ""), "do": "save"})
    assert untitled.status_code == 422


@pytest.mark.usefixtures("zambia", "today")
def test_what_is_seldom_meant_is_remarked(houses):
    acts = 'title "x" add prohibition of ZM from 2027-03-01 until 2027-03-01'
    shown = signed_in(houses["small"][1]).post("/proposals/new", {"acts": acts, "do": "look"}).content.decode()
    assert "</bdi> holds on one day alone, <bdi>1 March 2027</bdi>." in shown
    assert "is about every product of every origin" in shown


@pytest.mark.usefixtures("zambia", "today")
def test_a_rule_offers_its_remedies_in_three_clicks(houses):
    client = signed_in(houses["small"][1])
    offered = client.get("/proposals/new?rule=permit&product=090111").content.decode()
    assert "?rule=permit&amp;product=090111&amp;way=end" in offered
    drafted = client.get("/proposals/new?rule=permit&product=090111&way=end").content.decode()
    assert "end requirement of ZM by ZABS paper Permit on 0901" in drafted


@pytest.mark.usefixtures("zambia", "today")
def test_a_stranger_does_nothing(houses, world):
    made = kept(proposal_draft(text=text_of(), actor=houses["small"][1], now=NOW))
    stranger = signed_in(houses["small"][2])
    assert stranger.post(f"/proposals/{made.id}/act", {"do": "submit"}).status_code == 404
    assert Client().post(f"/proposals/{made.id}/act", {"do": "submit"}).status_code == 302
    unverified = world.found("firm", "KE", size=None)
    assert signed_in(unverified).post("/proposals/new", {"acts": ACTS, "do": "save"}).status_code == 422
