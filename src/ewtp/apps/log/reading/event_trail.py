"""The events about one subject, oldest first, whether they have their numbers yet or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.log.store.models import LogEntry, PendingEvent
from ewtp.gateways.database.row_security import rows_for, system_rows

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event that was written; ``index`` is None while it has no number, ``payload`` is as JSON has it."""

    index: int | None
    at: datetime
    actor: str
    kind: str
    subject: str
    payload: dict[str, Any]


def events_about(subject: str, *, source: str = "", actor: Actor | None = None) -> tuple[RecordedEvent, ...]:
    """The events about a subject whose kind begins with ``source``; erased ones name none any more.

    An ``actor`` sees those that are public or about the organisation acted for; without one the system looks, whose
    caller has asked who may see the subject.
    """
    with system_rows("the trail of one subject") if actor is None else rows_for(actor):
        return _events(subject, source)


def _events(subject: str, source: str) -> tuple[RecordedEvent, ...]:
    # Waiting ones first: an event that gets its number in between is then found twice, and counts once.
    waiting = list(PendingEvent.objects.filter(subject=subject, kind__startswith=source).order_by("id"))
    numbered = list(LogEntry.objects.filter(subject=subject, kind__startswith=source).order_by("index"))
    known = {bytes(row.salt or b"") for row in numbered}
    left = (row for row in waiting if bytes(row.salt) not in known)
    return (*(_event(row.index, row) for row in numbered), *(_event(None, row) for row in left))


def _event(index: int | None, row: LogEntry | PendingEvent) -> RecordedEvent:
    body = orjson.loads(bytes(row.body or b"{}"))
    return RecordedEvent(index, row.at, row.actor, row.kind, row.subject, body.get("payload", {}))
