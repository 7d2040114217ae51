"""Whether something that was asked for waits for a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.apps.jobs.store.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that is not delivered: since when, the refusal of its last attempt in JSON, and the next attempt.

    ``next_try`` is None for one that was given up.
    """

    enqueued: datetime
    reason: Mapping[str, Any] | None
    next_try: datetime | None

    @property
    def given_up(self) -> bool:
        """Whether it is not tried again."""
        return self.next_try is None


def message_waiting(*, topic: str, payload: Mapping[str, Any]) -> WaitingMessage | None:
    """The latest message of a topic with this payload that is not delivered yet; None where there is none."""
    row = OutboxMessage.objects.filter(topic=topic, payload=dict(payload)).order_by("-id").first()
    return None if row is None else WaitingMessage(row.enqueued, row.reason, row.next_try)
