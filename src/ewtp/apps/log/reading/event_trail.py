"""The events about one subject, oldest first, whether they have their numbers yet or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.log.store.models import LogEntry, PendingEvent
from ewtp.gateways.database.row_security import rows_for, system_rows

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from ewtp.core.values.actor import Actor

_COLUMNS = ("body", "at", "actor", "kind", "subject")


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
    waiting = list(_rows(PendingEvent, subject, source).order_by("id").values_list("salt", *_COLUMNS))
    # Plain tuples: a vote may have a million ballots, and a row as an object takes longer than all else.
    numbered = list(_rows(LogEntry, subject, source).order_by("index").values_list("index", "salt", *_COLUMNS))
    known = {bytes(salt or b"") for _, salt, *_ in numbered} if waiting else set()
    left = (_event(None, row) for salt, *row in waiting if bytes(salt) not in known)
    return (*(_event(index, row) for index, _, *row in numbered), *left)


def _rows(table: type[LogEntry | PendingEvent], subject: str, source: str) -> QuerySet[Any]:
    return table.objects.filter(subject=subject, kind__startswith=source)


def _event(index: int | None, row: list[Any]) -> RecordedEvent:
    body, at, actor, kind, subject = row
    return RecordedEvent(index, at, actor, kind, subject, orjson.loads(body or b"{}").get("payload", {}))
