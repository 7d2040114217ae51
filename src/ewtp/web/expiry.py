"""What an installation forgets after a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib.sessions.models import Session
from django.db import transaction

from ewtp.apps.accounts.actions.rate_limit import rate_counts_expire
from ewtp.apps.assessment.actions.expiry import unkept_expire
from ewtp.apps.http.actions.idempotency import idempotency_expire
from ewtp.apps.http.surface.idempotency import keys_expired_before
from ewtp.apps.jobs.actions.inbox import inbox_expire
from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor

# So that no statement holds its locks for long.
_BATCH = 10_000
# No source repeats a message for longer than this.
_INBOX_LIFETIME = timedelta(days=90)


class ExpiryEvent(EventKind):
    """What the operator has removed by command."""

    REMOVED = "expiry:rows:removed"


@dataclass(frozen=True, slots=True)
class ExpiredRemoved(EventPayload):
    """So many rows of each kind were removed, because they had expired."""

    kind: ClassVar = ExpiryEvent.REMOVED
    idempotency_keys: int
    sessions: int
    inbox_messages: int
    rate_counters: int
    questions: int


@transaction.atomic
def prune_expired(*, actor: Actor, now: datetime) -> dict[str, int] | Refusal:
    """Remove everything that has expired, and note in the log who had that done; how much of each kind was removed.

    Refuses with ``operator_needed``. Nothing is noted where nothing had expired.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    removed = remove_expired(now)
    if any(removed.values()):
        event_append(subject="expired", actor=actor, payload=ExpiredRemoved(**removed), now=now)
    return removed


def remove_expired(now: datetime) -> dict[str, int]:
    """Remove everything that has expired; how much of each kind was removed."""
    keys = 0
    while removed := idempotency_expire(before=keys_expired_before(), limit=_BATCH):
        keys += removed
    messages = 0
    while removed := inbox_expire(before=now - _INBOX_LIFETIME, limit=_BATCH):
        messages += removed
    questions = 0
    while removed := unkept_expire(before=now, limit=_BATCH):
        questions += removed
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    counters = rate_counts_expire(now=now)
    return {
        "idempotency_keys": keys,
        "sessions": sessions,
        "inbox_messages": messages,
        "rate_counters": counters,
        "questions": questions,
    }
