"""Make somebody with an account an operator of the installation, and end that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from ewtp.apps.accounts.reading.operators import has_second_factor
from ewtp.apps.accounts.reading.people import find_account
from ewtp.apps.accounts.reading.sentences import SECOND_FACTOR_MISSING
from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor


class OperatorEvent(EventKind):
    """What happens to operators."""

    GRANTED = "accounts:operator:granted"
    REVOKED = "accounts:operator:revoked"


@dataclass(frozen=True, slots=True)
class OperatorGranted(EventPayload):
    """A person operates the installation from its pages."""

    kind: ClassVar = OperatorEvent.GRANTED
    person: str


@dataclass(frozen=True, slots=True)
class OperatorRevoked(EventPayload):
    """A person does so no more."""

    kind: ClassVar = OperatorEvent.REVOKED
    person: str


@transaction.atomic
def operator_set(*, email: str, operates: bool, actor: Actor, now: datetime) -> str | Refusal:
    """Have the person with this address operate the installation, or not; returns the person's identifier.

    Refuses with ``person_unknown`` where no account, or more than one, has the address, and with
    ``second_factor_missing`` where a password alone would open the operator's pages. A second call changes nothing.
    Only an operator names another (``operator_needed``).
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    user = find_account(email)
    if isinstance(user, Refusal):
        return user
    if operates and not has_second_factor(user):
        return Refusal(SECOND_FACTOR_MISSING, {"email": user.email}, where="email")
    if user.is_staff is not operates:
        user.is_staff = operates
        user.save(update_fields=["is_staff"])
        payload = OperatorGranted(user.person) if operates else OperatorRevoked(user.person)
        event_append(subject=user.person, actor=actor, payload=payload, now=now)
    return user.person
