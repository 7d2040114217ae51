"""End the sessions of somebody whose browser or password fell into other hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from ewtp.apps.accounts.reading.people import find_account
from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor


class SessionEvent(EventKind):
    """What the operator does with sessions of others."""

    ENDED = "accounts:sessions:ended"


@dataclass(frozen=True, slots=True)
class SessionsEnded(EventPayload):
    """So many sessions of a person were ended."""

    kind: ClassVar = SessionEvent.ENDED
    person: str
    count: int


@transaction.atomic
def sessions_end(*, email: str, actor: Actor, now: datetime) -> SessionsEnded | Refusal:
    """End every session of the person with this address, who has to sign in again everywhere; says how many there were.

    Refuses with ``operator_needed``, or with ``person_unknown`` where no account, or more than one, has the address.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    user = find_account(email)
    if isinstance(user, Refusal):
        return user
    listed = UserSession.objects.filter(user=user)
    count, _ = Session.objects.filter(session_key__in=list(listed.values_list("session_key", flat=True))).delete()
    listed.delete()
    ended = SessionsEnded(user.person, count)
    if count:
        event_append(subject=user.person, actor=actor, payload=ended, now=now)
    return ended
