"""A replay from the request to the page: a worker makes it, others confirm or dispute it, and a firm sees its own."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from ewtp.apps.batches.reading.replay_record import replay_record_read
from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.organisations.actions.organisation_tokens import organisation_token_create
from ewtp.apps.proposals.actions.proposals import proposal_draft, proposal_submit
from ewtp.apps.proposals.actions.replays import replay_run, replay_year
from ewtp.apps.proposals.reading.own_shipments import MOST_LINES, bound_change
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.replay_reports import REPLAY_WANTED
from ewtp.core.compiled.format import amount_kind
from ewtp.core.compiled.table.scalar_fallback import AnswerRow
from ewtp.core.rulebook.changeset.sentences import CHANGESET_BASE_MOVED
from ewtp.core.rulebook.territory import Territory
from ewtp.core.values.actor import Scope
from ewtp.core.values.refusal import Refusal
from ewtp.web.job_handlers import LONG_HANDLERS
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.test_proposal_story import kept, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
COLUMNS = "from,to,date,hs,value,currency,buyer"
MINE = f"{COLUMNS}\nKE,ZM,2027-02-01,090111,1000,ZMW,business\nKE,ZM,2026-12-01,090111,1000,ZMW,business\n"


@pytest.fixture
def proposal(zambia, world, monkeypatch):  # noqa: ARG001 - its law is in the database
    """A proposal that is submitted, on a law of two economies; the clock of requests stands still."""
    territories = {
        code: Territory(code, name, (code,), currency, nomenclature="HS2022", hs_edition="HS2022")
        for code, name, currency in (("ZM", "Zambia", "ZMW"), ("KE", "Kenya", "KES"))
    }
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: territories)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    monkeypatch.setattr("ewtp.apps.proposals.actions.replays.LINES", 200)
    author = world.found("firm", "KE")
    made = kept(proposal_draft(text=text_of(), actor=author, now=NOW))
    return kept(proposal_submit(proposal=made.id, actor=author, now=NOW)), author


def caller(actor):
    """A client of the API that acts for the organisation."""
    scopes = (Scope.READ, Scope.WRITE)
    token = organisation_token_create(name="test", scopes=scopes, organisation=actor.on_behalf_of, actor=actor, now=NOW)
    assert not isinstance(token, Refusal)
    return Client(headers={"Authorization": f"Bearer {token.secret}"})


def recorded(proposal):
    found = proposal_read(proposal.id)
    assert found is not None
    return found.replays


def plain(page):
    """The text of a page without its marks, with common spaces between figures and currencies."""
    return html.unescape(re.sub(r"<[^>]+>", "", page)).replace("\u00a0", " ")


def sent(client, address, body):
    response = client.post(address, json.dumps(body), content_type="application/json")
    return response.status_code, response.json()


def test_a_worker_replays_and_others_confirm_or_dispute(proposal, world, tmp_path):
    found, author = proposal
    address, page = f"/api/v1/proposals/{found.id}/simulation", f"/proposals/{found.id}"
    for _ in range(2):
        assert sent(caller(author), address, {})[0] == 202
    waiting = Client().get(address).json()
    assert (waiting["replays"], waiting["waiting"]["reason"]) == ([], None)
    assert "A worker of this site replays it" in Client().get(page).content.decode()
    # Two requests are one message, and the worker's own handler delivers it.
    drained = outbox_drain(topic=REPLAY_WANTED, handler=LONG_HANDLERS[REPLAY_WANTED], now=LATER, chance=lambda: 0.0)
    assert (drained.delivered, drained.failed) == (1, 0)
    (made,) = (told := Client().get(address).json())["replays"]
    assert (told["waiting"], told["recomputed"], made["by"]) == (None, False, "hub")
    assert made["report"]["lines"]["lines"] == 200
    assert made["report"]["synthetic"]["lines"] == 200
    assert made["report"]["lines"]["affected"] > 0
    shown = Client().get(page).content.decode()
    assert "Not yet recomputed by another organisation." in shown
    assert "These lines are synthetic." in shown
    hold_to_bounds(made["report"], plain(shown))
    assert len(shown.encode()) < 60_000
    # The file that anybody downloads is one that `ewtp batch --confirm` takes.
    file = tmp_path / "published.json"
    file.write_bytes(Client().get(f"{address}/{made['result']}").content)
    assert replay_record_read(file) == recorded(found)[0].record
    other, third = world.found("civil_society", "GH"), world.found("civil_society", "ZA")
    assert sent(caller(other), address, json.loads(file.read_bytes()))[0] == 202
    assert sent(caller(third), address, {"recipe": made["recipe"], "result": "0" * 64})[0] == 202
    first = Client().get(address).json()["replays"][0]
    assert (first["confirmed_by"], first["contradicted_by"]) == ([other.on_behalf_of], [third.on_behalf_of])
    assert "The result is disputed." in Client().get(page).content.decode()
    # The worker finds its own record there already, and nothing is recorded twice.
    assert replay_run(proposal=found.id, now=LATER) is None
    assert len(recorded(found)) == 3


def hold_to_bounds(report, text):
    """Whether the page shows every sentence of the report, and the bounds of its change among them."""
    messages = [each["message"] for each in report["summary"]]
    assert [message for message in messages if message not in text] == []
    (said,) = (message for message in messages if message.startswith("Something is open on "))
    # All lines that change are counted, also those in a currency that no rate converts.
    affected = report["lines"]["affected"]
    assert re.match(rf"Something is open on [0-9]+ of the {affected} lines", said), said
    assert ("nothing bounds" in said) is any(None in row["change"].values() for row in report["bounds"])


def test_a_replay_whose_law_moved_is_given_up_at_once_and_can_be_asked_for_again(proposal, monkeypatch):
    found, author = proposal
    address, page = f"/api/v1/proposals/{found.id}/simulation", f"/proposals/{found.id}"
    told = {"measure": "duty of ZM on 0901", "start": "2027-01-01", "count": 1}
    with monkeypatch.context() as law:
        law.setattr(
            "ewtp.apps.proposals.actions.replays.change_ready", lambda *_, **__: Refusal(CHANGESET_BASE_MOVED, told)
        )
        assert sent(caller(author), address, {})[0] == 202
        drained = outbox_drain(topic=REPLAY_WANTED, handler=LONG_HANDLERS[REPLAY_WANTED], now=LATER, chance=lambda: 0.0)
    assert (drained.delivered, drained.failed) == (0, 1)
    row = OutboxMessage.objects.get(topic=REPLAY_WANTED)
    assert (row.attempts, row.next_try) == (1, None)
    shown = Client().get(page).content.decode()
    assert "The replay was given up:" in shown
    assert "The change was written for another rulebook" in shown
    assert sent(caller(author), address, {})[0] == 202
    assert OutboxMessage.objects.filter(topic=REPLAY_WANTED, next_try__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"result": "0" * 64}, "recipe"),
        ({"recipe": {"engine": 1}, "result": "0" * 64}, "recipe"),
        ({"recipe": dict.fromkeys(("engine", "rulebook", "rates", "change", "data"), "x")}, "recipe"),
    ],
)
def test_a_record_that_is_none_is_refused(proposal, body, field):
    found, author = proposal
    status, told = sent(caller(author), f"/api/v1/proposals/{found.id}/simulation", body)
    assert (status, told["code"], told["errors"][0]["where"]) == (422, "replay_record_invalid", field)


def test_an_edited_report_is_refused(proposal):
    found, author = proposal
    recipe = dict.fromkeys(("engine", "rulebook", "rates", "change", "data"), "a" * 64) | {"currency": "USD"}
    body = {"recipe": recipe, "result": "0" * 64, "report": {"lines": {}}}
    status, told = sent(caller(author), f"/api/v1/proposals/{found.id}/simulation", body)
    assert (status, told["code"]) == (422, "replay_record_invalid")


def test_synthetic_lines_are_of_the_year_in_which_the_change_begins():
    assert replay_year(text_of_year("2027-01-01"), NOW) == 2027
    assert replay_year(text_of_year("2020-01-01"), NOW) == NOW.year


def text_of_year(first_day):
    from datetime import date  # noqa: PLC0415 - a helper of one test

    from ewtp.core.rulebook.changeset.changeset import Changeset  # noqa: PLC0415 - likewise
    from tests.apps.rulebook.conftest import a_duty  # noqa: PLC0415 - likewise

    return Changeset("now", "then", added=(a_duty("0901", "5%", date.fromisoformat(first_day)),))


def rows_of_everything():
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def test_a_firm_sees_its_own_shipments_and_nothing_is_kept(proposal, caplog):
    found, _ = proposal
    page = f"/proposals/{found.id}/shipments"
    assert "nothing of them is stored" in Client().get(page).content.decode()
    before = rows_of_everything()
    with caplog.at_level("DEBUG"):
        shown = Client().post(page, {"lines": MINE})
        lines = [dict(zip(COLUMNS.split(","), row.split(","), strict=True)) for row in MINE.split()[1:]]
        status, told = sent(Client(), f"/api/v1/proposals/{found.id}/shipments", {"lines": lines})
    assert rows_of_everything() == before
    assert not any("090111" in record.getMessage() for record in caplog.records)
    # Figures are isolated from the words around them.
    text = plain(shown.content.decode())
    assert shown.status_code == 200
    assert "1 of 2 lines change" in text
    assert "ZABS: Permit" in text
    assert shown.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert (status, told["affected"]) == (200, 1)
    first, second = told["lines"]
    assert (first["change"], [each["document"] for each in first["papers_removed"]]) == ("0.00", ["Permit"])
    assert (second["affected"], second["papers_removed"]) == (False, [])
    assert (second["change_at_least"], second["change_at_most"]) == ("0.00", "0.00")
    assert told["bounds"] == [{"currency": first["currency"], "at_least": None, "at_most": None}]
    assert "no bound" in text


def test_a_change_of_an_open_line_lies_between_the_bounds_of_its_sides():
    def side(total: int, least: int, most: int) -> AnswerRow:
        amounts = (*(0,) * (amount_kind.COUNT - 2), total, least)
        return AnswerRow("GBP", amounts, most, least == most, "", ("",) * 8)

    whole, lowered, open_above = side(120_0000, 120_0000, 120_0000), side(120_0000, 100_0000, 120_0000), side(9, 9, -1)
    assert bound_change(whole, side(110_0000, 110_0000, 110_0000)) == (-10_0000, -10_0000)
    assert bound_change(lowered, whole) == (0, 20_0000)
    assert bound_change(open_above, whole) == (None, 120_0000 - 9)
    assert bound_change(whole, open_above) == (9 - 120_0000, None)
    assert bound_change(open_above, open_above) == (0, 0)


def test_lines_that_cannot_be_read_or_are_too_many_are_refused(proposal):
    found, _ = proposal
    address, page = f"/api/v1/proposals/{found.id}/shipments", f"/proposals/{found.id}/shipments"
    many = COLUMNS + "\nKE,ZM,2027-02-01,090111,1,ZMW,business" * (MOST_LINES + 1)
    assert sent(Client(), address, {"csv": many})[1]["code"] == "shipments_too_many"
    refused = Client().post(page, {"lines": many})
    assert refused.status_code == 422
    assert "ewtp proposal shipments" in refused.content.decode()
    assert sent(Client(), address, {})[1]["code"] == "shipments_missing"
    assert Client().post(page, {}).status_code == 422
    assert "Line 1, value" in Client().post(page, {"lines": MINE.replace("1000", "much", 1)}).content.decode()
