"""A barrier in the database agrees with the rules; who may do what over HTTP; silence is told to every government."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ewtp.apps.accounts.store.models import User
from ewtp.apps.barriers.actions.barrier_rows import BARRIER_SILENT, BarrierRows
from ewtp.apps.barriers.actions.barriers import barrier_act, barrier_report
from ewtp.apps.barriers.actions.focal_points import focal_point_name
from ewtp.apps.barriers.reading.barrier_list import BarrierFilter, barrier_read, barriers_now
from ewtp.apps.barriers.reading.findings import gather_finding_of_place
from ewtp.apps.barriers.store.barrier_projection import barrier_value
from ewtp.apps.barriers.store.models import BarrierRow
from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.jobs.actions.timers import timers_fire
from ewtp.apps.jobs.store.models import Timer
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.core.barriers.barrier import Barrier, Means
from ewtp.core.barriers.barrier_commands import AnswerBarrier, BarrierEnvelope
from ewtp.core.barriers.barrier_decisions import BARRIER
from ewtp.core.barriers.evidence import ReportedFinding
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows
from ewtp.web.job_handlers import HANDLERS
from tests.actors import OPERATOR, person
from tests.aggregate_machine import FEW
from tests.apps.barriers.test_reports import founded, post, token
from tests.core.barriers.barrier_machine import MATTER, BarrierMachine, shown
from tests.drawn_inputs import input_count
from tests.sent_mail import sent_mails
from tests.verified_firms import verify_firm

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


class StoredBarrierMachine(BarrierMachine):
    """The same commands through the kit, from the beginning."""

    starts = None

    def __init__(self) -> None:
        super().__init__()
        with system_rows("a test"):
            BarrierRow.objects.all().delete()
        Timer.objects.all().delete()

    def stored(self, command: BarrierEnvelope, now: datetime) -> tuple[str | None, dict[str, Any]]:
        with system_rows("a test"):
            key = MATTER.id
            outcome = decision_make(aggregate=BARRIER, rows=BarrierRows(OPERATOR), key=key, command=command, now=now)
            row = BarrierRow.objects.filter(id=key).first()
            kept = {} if row is None else shown(barrier_value(row))
            if row is not None:
                held = barrier_value(row)
                counted = (len(held.groups), len(held.verified_groups), held.visitors)
                assert (row.groups, row.verified_groups, row.visitors) == counted
        return (outcome.code if isinstance(outcome, Refusal) else None), kept


def test_the_database_agrees_with_the_rules():
    few = settings(FEW, max_examples=input_count(8), stateful_step_count=30)
    run_state_machine_as_test(StoredBarrierMachine, settings=few)


def reported(actor: Any = None, *, economy: str = "GH", now: datetime = NOW, text: str = "Slow.") -> Barrier:
    finding = gather_finding_of_place("610910", economy, text)
    assert isinstance(finding, ReportedFinding)
    made = barrier_report(
        finding=finding, text=text, language="en", means=Means.API, actor=actor or OPERATOR, client="c", now=now
    )
    assert isinstance(made, Barrier)
    return made


def test_who_may_do_what_over_http():
    firm, other = founded("ann"), founded("bo")
    verify_firm(firm, NOW)
    gra, kebs = founded("gra", kind="agency", economy="GH"), founded("kebs", kind="agency")
    body = {"text": "Slow.", "product": "610910", "economy": "GH"}
    barrier = post("/barriers", token(firm), **body).json()["id"]
    answers = {"kind": "disagree", "reason": "It keeps people safe."}

    def code(act: str, who: Organisation, **given: Any) -> str:
        response = post(f"/barriers/{barrier}/{act}", token(who), **given)
        return str(response.json()["code"] if response.status_code >= 400 else response.json()["stage"])

    assert code("answer", firm, **answers) == code("answer", kebs, **answers) == "not_the_authority"
    assert code("claim", firm, reason="Gone.") == "not_the_authority"
    assert code("confirmation", firm, resolved=True) == "claim_missing"
    assert code("reopening", firm, text="Again.") == "barrier_open"
    assert code("answer", gra, kind="perhaps", reason="") == "answer_kind_unknown"
    assert code("answer", gra, kind="will_change", reason="Soon.", promised="2020-01-01") == "promised_unreadable"
    assert code("answer", gra, **answers) == "answered"
    assert code("reopening", other, text="Again.") == "not_a_reporter"
    assert code("claim", gra, reason="Gone.") == "claimed"
    assert code("answer", gra, **answers) == "barrier_open"
    assert code("confirmation", other, resolved=True) == "not_a_reporter"
    assert code("confirmation", gra, resolved=True) == "not_a_reporter"
    assert code("confirmation", firm) == "field_missing"
    assert code("confirmation", firm, resolved=True) == "confirmed"
    assert code("claim", gra, reason="Gone.") == "barrier_resolved"
    assert code("reopening", firm, text="It is back.") == "owned"
    assert code("answer", gra, kind="not_ours", reason="Ask the port.") == "reported"
    again = post(f"/barriers/{barrier}/answer", {}, **answers)
    assert (again.status_code, again.json()["code"]) == (401, "token_missing")
    missing = post("/barriers/bar_none/claim", token(gra), reason="Gone.")
    assert (missing.status_code, missing.json()["code"]) == (404, "barrier_unknown")
    history = Client().get(f"/api/v1/barriers/{barrier}").json()["history"]
    assert [each["kind"].rpartition("barriers:")[2] for each in history] == [
        "barrier:opened",
        "owner:named",
        "answer:given",
        "claim:made",
        "barrier:reopened",
        "answer:given",
    ]


def test_the_focal_point_owns_what_is_reported_after_it_was_named():
    gra = founded("gra", kind="agency", economy="GH")
    for organisation, economy, code in (
        (founded("ann").id, "GH", "owner_unentitled"),
        (gra.id, "KE", "owner_unentitled"),
        ("org_none", "GH", "owner_unentitled"),
        (gra.id, "XQ", "economy_unknown"),
    ):
        refused = focal_point_name(economy=economy, organisation=organisation, actor=OPERATOR, now=NOW)
        assert isinstance(refused, Refusal)
        assert refused.code == code
    assert isinstance(focal_point_name(economy="GH", organisation=gra.id, actor=person("ann"), now=NOW), Refusal)
    assert focal_point_name(economy="GH", organisation=gra.id, actor=OPERATOR, now=NOW) is None
    made = reported()
    assert made.progress.owner == gra.id
    assert [each.kind for each in events_about("GH", source="barriers:focal")] == ["barriers:focal:named"]
    assert reported(economy="KE").progress.owner == ""


def pass_until(now: datetime) -> None:
    """Do what a worker does then."""
    timers_fire(now=now, limit=10)
    for topic in (BARRIER_SILENT, "mail"):
        outbox_drain(topic=topic, handler=HANDLERS[topic], now=now, chance=lambda: 0.0)


def official(name: str, economy: str) -> None:
    """An agency with a member who has an account."""
    user = User.objects.create_user(username=name, email=f"{name}@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    made = organisation_register(
        name=name, kind="agency", economy=economy, founder=user.person, actor=OPERATOR, now=NOW
    )
    assert isinstance(made, Organisation)


def test_silence_is_told_to_every_government_once():
    official("gra", "GH")
    official("kebs", "KE")
    founded("ann")
    made = reported()
    pass_until(NOW + timedelta(days=30, seconds=-1))
    assert sent_mails() == []
    pass_until(NOW + timedelta(days=30))
    pass_until(NOW + timedelta(days=60))
    mails = sent_mails()
    assert sorted(address for mail in mails for address in mail.to) == ["gra@example.org", "kebs@example.org"]
    assert f"/barriers/{made.id}" in str(mails[0].body)
    found = barrier_read(made.id, NOW + timedelta(days=60))
    assert found is not None
    assert found.summary.progress.escalated == NOW + timedelta(days=30)
    assert found.summary.stage == "silent"


def test_an_answer_in_time_stops_the_notice_and_silence_needs_no_job():
    official("gra", "GH")
    agency = founded("fin", kind="agency", economy="GH")
    made, other = reported(), reported(text="b", economy="KE")
    answered = barrier_act(
        barrier=made.id, command=AnswerBarrier("disagree", "No."), actor=person("fin", agency.id), now=NOW
    )
    assert isinstance(answered, Barrier)
    # No worker ran: the stage is that of the moment all the same.
    later = {each.id: each.stage for each in barriers_now(BarrierFilter(), NOW + timedelta(days=40))}
    assert later == {made.id: "answered", other.id: "silent"}
    pass_until(NOW + timedelta(days=40))
    assert {f"/barriers/{other.id}" in str(mail.body) for mail in sent_mails()} == {True}


def test_two_first_reports_at_once_wait_for_one_another():
    with connection.cursor() as cursor:
        reported()
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] >= 1
