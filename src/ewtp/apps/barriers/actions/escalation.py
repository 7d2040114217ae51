"""What happens where nobody answers in time: every government is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.accounts.actions.mail import mail_enqueue
from ewtp.apps.accounts.reading.addresses import emails_of
from ewtp.apps.barriers.actions.barriers import barrier_act
from ewtp.apps.organisations.reading.organisation_list import agency_people
from ewtp.core.barriers.barrier_commands import EscalateSilence
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ewtp.apps.accounts.actions.mail import Mail
    from ewtp.core.barriers.barrier import Barrier

_CLOCK = system_actor("clock")


@transaction.atomic
def silence_escalate(*, barrier: str, now: datetime, compose: Callable[[str, Barrier], Mail]) -> Refusal | None:
    """Tell every agency that a barrier has no answer, with the mail that ``compose`` makes for an address.

    Nothing is done where somebody answered, or everybody was told. Refuses with ``silence_not_due`` where the time is
    not over by the clock of this computer. The stage of the barrier does not wait for this.
    """
    made = barrier_act(barrier=barrier, command=EscalateSilence(), actor=_CLOCK, now=now)
    if isinstance(made, Refusal):
        return made
    if made.progress.escalated == now:
        for address in sorted(set(emails_of(agency_people()).values())):
            mail_enqueue(mail=compose(address, made), now=now)
    return None
