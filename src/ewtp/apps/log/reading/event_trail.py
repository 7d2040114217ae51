"""The events about one subject, oldest first, whether they have their numbers yet or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.log.store.models import LogEntry, PendingEvent

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event that was written; ``index`` is None while it has no number, ``payload`` is as JSON has it."""

    index: int | None
    at: datetime
    actor: str
    kind: str
    subject: str
    payload: dict[str, Any]


def events_about(subject: str, *, source: str = "") -> tuple[RecordedEvent, ...]:
    """The events about a subject whose kind begins with ``source``; erased ones name none any more."""
    # Waiting ones first: an event that gets its number in between is then found twice, and counts once.
    waiting = list(PendingEvent.objects.filter(subject=subject, kind__startswith=source).order_by("id"))
    numbered = list(LogEntry.objects.filter(subject=subject, kind__startswith=source).order_by("index"))
    known = {bytes(row.salt or b"") for row in numbered}
    left = (row for row in waiting if bytes(row.salt) not in known)
    return (*(_event(row.index, row) for row in numbered), *(_event(None, row) for row in left))


def _event(index: int | None, row: LogEntry | PendingEvent) -> RecordedEvent:
    body = orjson.loads(bytes(row.body or b"{}"))
    return RecordedEvent(index, row.at, row.actor, row.kind, row.subject, body.get("payload", {}))
