"""Where organisations are kept: rows that events change, the log of those, and timers for what ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.jobs.actions.timers import timer_cancel, timer_set
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import event_store, organisation_value
from ewtp.core.organisations import events as happened
from ewtp.core.organisations.verification import lapse_moment

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.core.organisations.events import AnyOrganisationEvent
    from ewtp.core.organisations.organisation import Organisation
    from ewtp.core.values.actor import Actor
    from ewtp.core.values.aggregate import CommandOutcome

# The topics of the messages that timers enqueue.
INVITATION_OVER, VERIFICATION_OVER = "invitation_over", "verification_over"


@dataclass(frozen=True, slots=True)
class OrganisationRows:
    """The rows of organisations by identifier, changed for whoever acts."""

    actor: Actor

    def load(self, key: str, locks: RowLocks) -> Organisation | None:
        """The organisation, locked; None while nothing was registered under the identifier, or it may not be seen."""
        rows = locks.lock_rows(models.Organisation.objects.filter(id=key))
        return organisation_value(rows[0]) if rows else None

    def save(self, key: str, outcome: CommandOutcome[Organisation | None, AnyOrganisationEvent], now: datetime) -> None:
        """Write what the events change, the events themselves, and the timers."""
        for event in outcome.events:
            _time(key, event, now)
            event_store(key, event, now)
            event_append(subject=key, actor=self.actor, payload=event, now=now)


def _time(organisation: str, event: AnyOrganisationEvent, now: datetime) -> None:
    """Set the timer of what ends by itself, and cancel that of what ended before; rows are those before the event."""
    match event:
        case happened.Invited(made):
            payload = {"organisation": organisation, "invitation": made.id}
            timer_set(key=made.id, topic=INVITATION_OVER, payload=payload, due=made.expires, now=now)
        case happened.Verified(stated):
            payload, due = {"organisation": organisation, "verification": stated.id}, lapse_moment(stated.until)
            timer_set(key=stated.id, topic=VERIFICATION_OVER, payload=payload, due=due, now=now)
        case (
            happened.InvitationClosed(identity)
            | happened.InvitationExpired(identity)
            | happened.VerificationRevoked(identity)
            | happened.VerificationLapsed(identity)
            | happened.VerificationOutdated(identity)
        ):
            # One that fired is gone already.
            timer_cancel(key=identity, now=now)
        case happened.IdentifierRemoved(scheme):
            removed = models.Verification.objects.filter(organisation_id=organisation, subject=scheme, ended=None)
            for identity in removed.order_by("id").values_list("id", flat=True):
                timer_cancel(key=identity, now=now)
