"""What ends by itself: invitations that nobody accepted, and verifications after their last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.organisations.actions.organisations import organisation_change
from ewtp.core.organisations.commands import ExpireInvitation, LapseVerification
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.organisations.commands import OrganisationCommand

CLOCK = system_actor("clock")


def invitation_expire(*, organisation: str, invitation: str, now: datetime) -> Refusal | None:
    """End an invitation whose time is over; nothing is done where it ended before.

    Refuses with ``timer_not_due`` where its time is not over by the clock of this computer.
    """
    return _change(organisation, ExpireInvitation(invitation), now)


def verification_lapse(*, organisation: str, verification: str, now: datetime) -> Refusal | None:
    """End a verification whose last day is over; nothing is done where it ended before.

    Refuses with ``timer_not_due`` where the day is not over by the clock of this computer.
    """
    return _change(organisation, LapseVerification(verification), now)


def _change(organisation: str, command: OrganisationCommand, now: datetime) -> Refusal | None:
    changed = organisation_change(organisation=organisation, command=command, actor=CLOCK, now=now)
    return changed if isinstance(changed, Refusal) else None
