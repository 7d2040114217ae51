"""What an installation forgets after a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session

from ewtp.apps.accounts.actions.rate_limit import rate_counts_expire
from ewtp.apps.assessment.actions.expiry import unkept_expire
from ewtp.apps.http.actions.idempotency import idempotency_expire
from ewtp.apps.http.surface.idempotency import keys_expired_before
from ewtp.apps.jobs.actions.inbox import inbox_expire

if TYPE_CHECKING:
    from datetime import datetime

# So that no statement holds its locks for long.
_BATCH = 10_000
# No source repeats a message for longer than this.
_INBOX_LIFETIME = timedelta(days=90)


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
