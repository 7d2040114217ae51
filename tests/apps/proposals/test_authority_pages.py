"""The pages on which authorities keep their keys, and others plan a measurement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from ewtp.apps.proposals.reading.authority_key_list import authority_key_read
from ewtp.apps.proposals.reading.effect_record import effects_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.core.log.note import NoteSigner
from ewtp.core.proposals.authority_statement import key_text, sign_statement
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.test_authorities import OTHER, OWN, adopt, registered
from tests.apps.proposals.test_effects import DONORS
from tests.apps.proposals.test_pages import signed_in, today
from tests.apps.proposals.test_proposal_story import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
__all__ = ["today"]
DAY = timedelta(days=1)


def held(economy):
    found = authority_key_read(economy)
    return ("", False) if found is None else (found.key, found.hosted)


def test_an_authority_registers_and_replaces_its_key_on_the_page(zambian):
    client = signed_in(zambian)
    assert "Register the key" not in Client().get("/authorities").content.decode()
    assert "Register the key" in client.get("/authorities").content.decode()
    sent = {"do": "register", "economy": "ZM"}
    foreign = client.post("/authorities/act", sent | {"economy": "KE"})
    assert (foreign.status_code, "Only a verified authority" in foreign.content.decode()) == (422, True)
    assert client.post("/authorities/act", sent).status_code == 303
    hosted, is_hosted = held("ZM")
    assert is_hosted
    # A key of its own: the page gives the text to sign, and the hub hands over the one that it holds.
    asked = client.post("/authorities/act", sent | {"key": OWN.public.text})
    assert asked.status_code == 422
    text = key_text(economy="ZM", key=OWN.public.text, replaces=hosted)
    assert '"states":"key"' in asked.content.decode().replace("&quot;", '"')
    note = sign_statement(text, OWN)
    # Browsers send line breaks of their own kind.
    pasted = note.replace("\n", "\r\n")
    assert client.post("/authorities/act", sent | {"key": OWN.public.text, "signed": pasted}).status_code == 303
    assert held("ZM") == (OWN.public.text, False)
    assert OWN.public.text in Client().get("/authorities").content.decode()
    alone = registered(OTHER, replaces=OWN.public.text)
    assert client.post("/authorities/act", sent | {"key": OTHER.public.text, "signed": alone}).status_code == 422
    both = registered(OTHER, OWN, replaces=OWN.public.text)
    assert client.post("/authorities/act", sent | {"key": OTHER.public.text, "signed": both}).status_code == 303
    assert held("ZM") == (OTHER.public.text, False)
    assert client.post("/authorities/act", {"do": "steal"}).status_code == 404


def test_three_governments_state_the_key_of_one_that_lost_its_own(passed, zambian, world):
    kept(adopt(passed, zambian))
    sent = {"do": "back", "lost_economy": "ZM", "lost_key": OWN.public.text}
    assert signed_in(zambian).post("/authorities/act", sent).status_code == 422
    lost = NoteSigner("authority/KE", bytes([9] * 32))
    for economy in ("KE", "GH", "ZA"):
        assert held("ZM")[0] != lost.public.text
        client = signed_in(world.found("agency", economy))
        assert client.post("/authorities/act", sent).status_code == 303
    assert held("ZM") == (OWN.public.text, False)


def test_a_sponsor_registers_another_plan_on_the_page(passed, zambian, author, world):
    act = kept(adopt(passed, zambian)).adoptions[0].act
    address = f"/proposals/{passed.id}/effect"
    assert "Register another plan" not in Client().get(address).content.decode()
    client = signed_in(author)
    assert "Register another plan" in client.get(address).content.decode()
    donors = "\r\n".join(f"{each.destination} {each.origins} {each.products}" for each in DONORS)
    sent = {"act": act, "outcome": "days", "figures": "reported", "treated": "zm * 0901", "donors": donors}
    for wrong, said in (
        ({"treated": "ZM 0901"}, "Write each trade on a line"),
        ({"months_before": "many"}, "Give a whole number of months."),
        ({"outcome": "weather"}, "Give an outcome that its source can state"),
        ({"act": "another"}, "No economy has adopted the proposal by the act"),
    ):
        refused = client.post(f"{address}/plan", sent | wrong)
        assert (refused.status_code, said in refused.content.decode()) == (422, True), wrong
    stranger = signed_in(world.found("firm", "GH"))
    assert stranger.post(f"{address}/plan", sent).status_code == 422
    assert client.post(f"{address}/plan", sent | {"months_before": "6"}).status_code == 303
    (effect,) = effects_of(kept(proposal_read(passed.id)))
    counts = effect.registered
    assert (counts.by, counts.plan.outcome, counts.plan.months_before) == (author.on_behalf_of, "days", 6)
    assert len(client.get(address).content) < 60_000
    assert NOW.date() < effect.adoption.effective
