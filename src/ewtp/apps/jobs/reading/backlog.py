"""What waits to be delivered, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Min, Q

from ewtp.apps.jobs.store.models import OutboxMessage, Timer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that wait and that were given up, and the moment since which the oldest that waits has been due."""

    waiting: int
    dead: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class DeadMessage:
    """A message that was given up: the refusal of its last attempt in JSON, and how often it was tried."""

    message_id: UUID
    topic: str
    enqueued: datetime
    attempts: int
    reason: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The message for lists; its payload may hold personal data and is left out."""
        return {
            "id": str(self.message_id),
            "topic": self.topic,
            "enqueued": self.enqueued.isoformat(),
            "attempts": self.attempts,
            "reason": self.reason,
        }


def topics_due(topics: Iterable[str], now: datetime) -> list[str]:
    """Those of the topics, in their order, that have a message to deliver; one look at an index for each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT topic FROM unnest(%s::text[]) WITH ORDINALITY AS asked (topic, place) WHERE EXISTS (SELECT FROM"
            " jobs_outboxmessage AS m WHERE m.topic = asked.topic AND m.next_try <= %s) ORDER BY place",
            [list(topics), now],
        )
        return [topic for (topic,) in cursor.fetchall()]


def outbox_backlog() -> Backlog:
    """What waits in the outbox."""
    found = OutboxMessage.objects.aggregate(
        waiting=Count("id", filter=Q(next_try__isnull=False)),
        dead=Count("id", filter=Q(next_try__isnull=True)),
        oldest=Min("next_try"),
    )
    return Backlog(found["waiting"], found["dead"], found["oldest"])


def dead_messages(*, limit: int) -> tuple[DeadMessage, ...]:
    """The messages that were given up, latest first."""
    rows = OutboxMessage.objects.filter(next_try__isnull=True).order_by("-id")[:limit]
    return tuple(DeadMessage(row.message_id, row.topic, row.enqueued, row.attempts, row.reason or {}) for row in rows)


def find_unhandled_topics(topics: Iterable[str]) -> tuple[str, ...]:
    """The topics of messages that wait and are none of these, in alphabetical order."""
    waiting = OutboxMessage.objects.filter(next_try__isnull=False).exclude(topic__in=list(topics))
    return tuple(waiting.order_by("topic").values_list("topic", flat=True).distinct())


def next_due() -> datetime | None:
    """When the next timer is due."""
    found: datetime | None = Timer.objects.aggregate(due=Min("due"))["due"]
    return found
