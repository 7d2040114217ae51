"""Let somebody in again who lost every second factor and every recovery code, once the operator knows who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext

from ewtp.apps.accounts.actions.mail import Mail, mail_enqueue
from ewtp.apps.accounts.actions.sessions import sessions_end
from ewtp.apps.accounts.reading.people import find_account
from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor


class SecondFactorEvent(EventKind):
    """What the operator does with second factors of others."""

    REMOVED = "accounts:second_factors:removed"


@dataclass(frozen=True, slots=True)
class SecondFactorsRemoved(EventPayload):
    """So many passkeys, one-time code generators and lists of recovery codes of a person were removed."""

    kind: ClassVar = SecondFactorEvent.REMOVED
    person: str
    count: int


@transaction.atomic
def second_factors_remove(*, email: str, actor: Actor, now: datetime) -> SecondFactorsRemoved | Refusal:
    """Remove every second factor of the person with this address, end the sessions, and tell the person by mail.

    The password is needed as before, so whoever asked in another's name gets no further. Refuses with
    ``operator_needed``, or with ``person_unknown`` where no account, or more than one, has the address. Where there is
    no second factor, nothing is done.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    user = find_account(email)
    if isinstance(user, Refusal):
        return user
    count, _ = Authenticator.objects.filter(user=user).delete()
    removed = SecondFactorsRemoved(user.person, count)
    if count:
        event_append(subject=user.person, actor=actor, payload=removed, now=now)
        sessions_end(email=email, actor=actor, now=now)
        subject = gettext("Your second factors were removed")
        text = gettext(
            "The operator of this site removed the second factors of your account and ended its sessions, because "
            "somebody said that they were lost. Sign in with your password and set up new ones. If that was not you, "
            "change your password and write to the operator."
        )
        mail_enqueue(mail=Mail(user.email, subject, text), now=now)
    return removed
