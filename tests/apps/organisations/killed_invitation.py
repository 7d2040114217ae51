"""Somebody is invited, mailed, and does not come: a process is killed at each step of that in turn.

For each step there is an organisation of its own. A process invites, delivers the mail and lets the invitation expire,
and kills itself before or after a write or a commit; the next one repeats what was not acknowledged and finishes it. A
delivered mail is a row of the inbox, which takes each once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.apps.jobs.killed_worker import go_through, killed_at

if TYPE_CHECKING:
    from ewtp.apps.jobs.actions.handlers import Delivery

from ewtp.apps.accounts.actions.mail import MAIL, Mail
from ewtp.apps.jobs.actions.handlers import Handler
from ewtp.apps.jobs.actions.inbox import inbox_accept
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.organisations.actions.organisation_rows import INVITATION_OVER
from ewtp.apps.organisations.actions.organisations import (
    NewInvitation,
    member_invite,
    organisation_register,
)
from ewtp.apps.organisations.reading.organisation_list import organisations_page
from ewtp.core.organisations.decisions import INVITATION_LIFETIME
from ewtp.core.organisations.organisation import Organisation
from ewtp.web.job_handlers import HANDLERS
from ewtp.web.work_loop import work_once
from tests.actors import OPERATOR

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


def invite(organisation: str) -> None:
    """Invite, unless that was done."""
    if any(each.kind == "organisations:invitation:made" for each in events_about(organisation)):
        return
    made = member_invite(
        organisation=organisation,
        email="bo@example.org",
        role="viewer",
        actor=OPERATOR,
        now=NOW,
        compose=lambda invitation: Mail(invitation.email, organisation, invitation.secret),
    )
    assert isinstance(made, NewInvitation)


def work_off(organisation: str) -> None:
    """Deliver the mail and, two weeks later, end the invitation."""

    def deliver(delivery: Delivery, now: Any) -> None:
        accepted = inbox_accept(source=organisation, message_id=str(delivery.message_id), content=b"", now=now)
        assert accepted is True, delivery

    handlers = {MAIL: Handler(deliver, batch=1), INVITATION_OVER: HANDLERS[INVITATION_OVER]}
    for now in (NOW, NOW + INVITATION_LIFETIME + timedelta(seconds=1)):
        while work_once(handlers, lambda now=now: now, lambda: 0.0):  # type: ignore[misc]
            pass


def work_until(name: str, step: int) -> None:
    """Finish what was left, then begin with an organisation of this name and end at that step."""
    earlier, _ = organisations_page(OPERATOR, after=0, limit=1_000)
    if earlier:
        invite(earlier[-1].id)
        work_off(earlier[-1].id)
    made = organisation_register(name=name, kind="firm", economy="KE", founder="ann", actor=OPERATOR, now=NOW)
    assert isinstance(made, Organisation)
    with killed_at(step, writes_alone=True):
        invite(made.id)
        work_off(made.id)


if __name__ == "__main__":
    go_through(work_until)
