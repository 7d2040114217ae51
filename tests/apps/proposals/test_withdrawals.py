"""Proposals that are withdrawn before their vote: by their author, by most of their sponsors, or for another one."""

from __future__ import annotations

import pytest
from django.test import Client

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.core.proposals.proposal import ProposalStage, proposal_stage_of
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.retold import checked, find, retold, retold_with, told_lines
from tests.apps.proposals.test_pages import signed_in, today
from tests.apps.proposals.test_proposal_story import discussed, kept, submitted

pytestmark = pytest.mark.django_db
__all__ = ["discussed", "submitted", "today"]


def ask_over_http(proposal, actor, body):
    made = token_create(name="t", scopes=[Scope.WRITE], now=NOW, actor=actor, organisation=actor.on_behalf_of)
    assert isinstance(made, NewToken), made
    headers = {"Authorization": f"Bearer {made.secret}"}
    return Client().post(
        f"/api/v1/proposals/{proposal.id}/withdrawal", body, content_type="application/json", headers=headers
    )


@pytest.mark.usefixtures("today")
def test_most_of_the_sponsors_withdraw_it_and_it_stays_listed(discussed, houses):
    # Five owner groups stand behind it: small firms 1 and 2, civil society 3 and 4, a large firm.
    sponsors = [houses["small"][2], houses["civil"][3], houses["civil"][4]]
    client = signed_in(sponsors[0])
    assert client.post(f"/proposals/{discussed.id}/act", {"do": "withdraw"}).status_code == 422
    sent = {"do": "withdraw", "withdrawn_because": "The paper has been ended."}
    assert client.post(f"/proposals/{discussed.id}/act", sent).status_code == 303
    page = Client().get(f"/proposals/{discussed.id}").content.decode()
    assert "more than half of the sponsors:" in page
    assert "The paper has been ended." in page
    outsider = ask_over_http(discussed, houses["civil"][5], {"reason": "No."})
    assert (outsider.status_code, outsider.json()["code"]) == (403, "sponsor_needed")
    second = ask_over_http(discussed, sponsors[1], {"reason": "Solved."}).json()
    assert (second["stage"], len(second["withdrawal_asked"])) == ("discussed", 2)
    assert ask_over_http(discussed, sponsors[2], {"reason": "Solved."}).json()["stage"] == "withdrawn"
    page = Client().get(f"/proposals/{discussed.id}").content.decode()
    assert "Withdrawn" in page
    assert "Let it give way" not in page
    assert discussed.id in Client().get("/proposals").content.decode()
    sequence_events(now=NOW)
    lines = told_lines(NOW)
    assert checked(lines)[1].faults == ()
    asks, gone = "proposals:withdrawal:supported", "proposals:proposal:withdrawn"
    for kind, path, value in (
        (asks, "payload.organisation", "org_other"),
        (asks, "on_behalf_of", "org_other"),
        ("proposals:sponsor:joined", "subject", "prp_other"),
    ):
        found = retold_with(lines, kind, path, value)
        assert ("recount_withdrawal_unfounded" in {each.code for each in found}) is (kind == asks), path
    dropped = retold(lines, lambda events: events.pop(find(events, asks, 0)))
    assert [each.code for each in dropped] == ["recount_withdrawal_unfounded"]
    by_author = retold_with(lines, gone, "on_behalf_of", discussed.author.organisation)
    assert by_author == []


@pytest.mark.usefixtures("today")
def test_the_author_withdraws_it_or_lets_it_give_way(discussed, houses):
    author = houses["small"][1]
    itself = ask_over_http(discussed, author, {"by": discussed.id})
    assert (itself.status_code, itself.json()["code"]) == (422, "superseded_by_itself")
    assert ask_over_http(discussed, houses["small"][2], {"by": "prp_" + "1" * 32}).status_code == 403
    assert ask_over_http(discussed, author, {"reason": ""}).json()["code"] == "proposal_reason_missing"
    assert ask_over_http(discussed, author, {"reason": "Another way was found."}).status_code == 200
    found = kept(proposal_read(discussed.id))
    assert (proposal_stage_of(found, NOW), found.reason) == (ProposalStage.WITHDRAWN, "Another way was found.")
    again = ask_over_http(discussed, author, {"reason": "Again."})
    assert (again.status_code, again.json()["code"]) == (409, "proposal_stage")
