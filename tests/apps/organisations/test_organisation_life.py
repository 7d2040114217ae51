"""Organisations in the database do what the rules of core say, and what ends by itself does so once, with an event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.jobs.actions.timers import timers_fire
from ewtp.apps.jobs.store.models import OutboxMessage, Timer
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.organisations.actions.organisation_rows import OrganisationRows
from ewtp.apps.organisations.actions.organisations import (
    NewInvitation,
    member_invite,
    organisation_change,
    organisation_register,
    organisation_verify,
    verification_revoke,
)
from ewtp.apps.organisations.actions.time_limits import CLOCK, invitation_expire
from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import organisation_value
from ewtp.core.organisations.commands import AddIdentifier, Envelope, RemoveIdentifier, WithdrawInvitation
from ewtp.core.organisations.decisions import INVITATION_LIFETIME, ORGANISATION
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows
from ewtp.web.job_handlers import HANDLERS
from tests.actors import OPERATOR, person
from tests.aggregate_machine import FEW
from tests.core.organisations.organisation_machine import ORG, OrganisationMachine, shown
from tests.drawn_inputs import input_count

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


class StoredOrganisationMachine(OrganisationMachine):
    """The same commands through the kit, from the beginning."""

    starts = None

    def __init__(self) -> None:
        super().__init__()
        with system_rows("a test"):
            models.Organisation.objects.all().delete()
        Timer.objects.all().delete()

    def stored(self, command: Envelope, now: datetime) -> tuple[str | None, dict[str, Any]]:
        with system_rows("a test"):
            outcome = decision_make(
                aggregate=ORGANISATION, rows=OrganisationRows(command.actor), key=ORG, command=command, now=now
            )
            row = models.Organisation.objects.filter(id=ORG).first()
            kept = {} if row is None else shown(organisation_value(row))
        invitations, verifications = kept.get("invitations", {}), kept.get("verifications", {})
        lasting = {*invitations, *(key for key, fields in verifications.items() if fields[3] is None)}
        assert set(Timer.objects.values_list("key", flat=True)) == lasting
        return (outcome.code if isinstance(outcome, Refusal) else None), kept


def test_the_database_agrees_with_the_rules():
    few = settings(FEW, max_examples=input_count(6), stateful_step_count=40)
    run_state_machine_as_test(StoredOrganisationMachine, settings=few)


@pytest.fixture
def own(db: None) -> Organisation:  # noqa: ARG001 - it is in the database
    made = organisation_register(name="One", kind="firm", economy="KE", founder="ann", actor=person("ann"), now=NOW)
    assert isinstance(made, Organisation)
    return made


def invited(own: Organisation, email: str = "bo@example.org") -> NewInvitation:
    made = member_invite(organisation=own.id, email=email, role="viewer", actor=person("ann", own.id), now=NOW)
    assert isinstance(made, NewInvitation)
    return made


def verified(own: Organisation, subject: str = "identity") -> str:
    until = (NOW + timedelta(days=3)).date()
    stated = organisation_verify(
        organisation=own.id, subject=subject, evidence="x", digest="a" * 64, until=until, actor=OPERATOR, now=NOW
    )
    assert isinstance(stated, Organisation)
    return stated.verifications[-1].id


def pass_until(now: datetime) -> None:
    """Do what a worker does then."""
    timers_fire(now=now, limit=10)
    for topic, handler in HANDLERS.items():
        if topic != "prune":
            outbox_drain(topic=topic, handler=handler, now=now, chance=lambda: 0.0)


def trail(own: Organisation, source: str) -> list[tuple[str, str]]:
    return [
        (each.kind.rpartition(":")[2], each.actor) for each in events_about(own.id, source=f"organisations:{source}")
    ]


def test_an_invitation_ends_by_itself_once(own):
    invited(own)
    over = NOW + INVITATION_LIFETIME
    pass_until(over - timedelta(seconds=1))
    assert trail(own, "invitation") == [("made", "person:ann")]
    pass_until(over)
    pass_until(over + timedelta(days=1))
    assert trail(own, "invitation") == [("made", "person:ann"), ("expired", CLOCK.label)]
    found = organisation_read(OPERATOR, own.id)
    assert found is not None
    assert found.invitations == ()


def test_a_verification_ends_by_itself_after_its_day(own):
    verified(own)
    pass_until(NOW + timedelta(days=3, hours=11))
    assert trail(own, "verification") == [("stated", OPERATOR.label)]
    pass_until(NOW + timedelta(days=3, hours=12))
    pass_until(NOW + timedelta(days=4))
    assert trail(own, "verification") == [("stated", OPERATOR.label), ("lapsed", CLOCK.label)]


def test_two_organisations_are_not_verified_under_one_number(own):
    other = organisation_register(name="Two", kind="firm", economy="KE", founder="bo", actor=person("bo"), now=NOW)
    assert isinstance(other, Organisation)
    for founder, each, written in (("ann", own, "C-0012"), ("bo", other, "kec0012")):
        command = AddIdentifier("company_number", written)
        added = organisation_change(organisation=each.id, command=command, actor=person(founder, each.id), now=NOW)
        assert isinstance(added, Organisation), added
    held = verified(own, "company_number")
    # Of two at once, the second waits for this and then finds the first.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(%s, 0)",
            ["organisations_identifier company_number:KE:C0012"],
        )
        assert cursor.fetchone() == (1,)
    asked = partial(
        organisation_verify,
        organisation=other.id,
        subject="company_number",
        evidence="x",
        digest="a" * 64,
        until=(NOW + timedelta(days=3)).date(),
        actor=OPERATOR,
        now=NOW,
    )
    refused = asked()
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.params["holder"]) == ("identifier_of_another", own.id)
    ended = verification_revoke(verification=held, reason="the other one's", actor=OPERATOR, now=NOW)
    assert isinstance(ended, Organisation)
    assert isinstance(asked(), Organisation)


def test_what_ended_before_has_no_timer_left(own):
    ann = person("ann", own.id)
    assert isinstance(
        organisation_change(organisation=own.id, command=AddIdentifier("eori", "KE1"), actor=ann, now=NOW), Organisation
    )
    first, second, verification = invited(own), invited(own, "cy@example.org"), verified(own, "eori")
    revoked = verified(own)
    assert Timer.objects.count() == 4
    assert isinstance(
        verification_revoke(verification=revoked, reason="an error", actor=OPERATOR, now=NOW), Organisation
    )
    for command in (WithdrawInvitation(first.id), RemoveIdentifier("eori")):
        assert isinstance(organisation_change(organisation=own.id, command=command, actor=ann, now=NOW), Organisation)
    assert set(Timer.objects.values_list("key", flat=True)) == {second.id}
    assert verification != revoked
    pass_until(NOW + timedelta(days=10))
    assert [kind for kind, _ in trail(own, "verification")] == ["stated", "stated", "revoked"]


def test_a_clock_that_is_slow_tries_again(own):
    made = invited(own)
    refused = invitation_expire(organisation=own.id, invitation=made.id, now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "timer_not_due"
    over = NOW + INVITATION_LIFETIME
    timers_fire(now=over, limit=10)
    handler = HANDLERS["invitation_over"]
    slow = over - timedelta(seconds=2)
    OutboxMessage.objects.update(next_try=slow)
    assert outbox_drain(topic="invitation_over", handler=handler, now=slow, chance=lambda: 0.0).failed == 1
    assert outbox_drain(topic="invitation_over", handler=handler, now=over, chance=lambda: 0.0).delivered == 1


def test_nothing_is_timed_where_the_action_is_undone(own):
    refused = member_invite(organisation=own.id, email="nobody", role="viewer", actor=person("ann", own.id), now=NOW)
    assert isinstance(refused, Refusal)
    assert not Timer.objects.exists()
