"""Timers: at a moment, or at every interval, a message of a topic is enqueued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.jobs.store.models import Timer as TimerRow
from ewtp.core.jobs.timer import (
    TIMER,
    CancelTimer,
    FireTimer,
    KeepTimer,
    SetTimer,
    Timer,
    TimerCommand,
    TimerEvent,
    TimerFired,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.core.values.aggregate import CommandOutcome


def timer_set(
    *, key: str, topic: str, payload: dict[str, Any], due: datetime, now: datetime, every: timedelta | None = None
) -> None:
    """Enqueue a message of ``topic`` when ``due``, and then at every interval; a timer of this key is replaced."""
    _decide(key, SetTimer(due, every), now, topic, payload)


def timer_keep(*, key: str, topic: str, payload: dict[str, Any], every: timedelta, now: datetime) -> None:
    """Enqueue a message of ``topic`` at every interval, first now; one with this interval keeps its next moment."""
    _decide(key, KeepTimer(every), now, topic, payload)


def timer_cancel(*, key: str, now: datetime) -> Refusal | None:
    """Do not let a timer fire; refuses with ``timer_unknown`` where it has fired already."""
    outcome = _decide(key, CancelTimer(), now)
    return outcome if isinstance(outcome, Refusal) else None


@transaction.atomic
def timers_fire(*, now: datetime, limit: int) -> int:
    """Enqueue the messages of up to ``limit`` timers that are due; returns how many fired."""
    due = TimerRow.objects.filter(due__lte=now).order_by("due", "id")
    rows = list(due.select_for_update(skip_locked=True)[:limit])
    for row in rows:
        outcome = TIMER.answer(Timer(row.due, row.every), FireTimer(), now)
        if isinstance(outcome, Refusal):
            msg = f"timer {row.key} was claimed and cannot fire: {outcome.message}"
            raise TypeError(msg)
        _TimerRows(row.topic, row.payload).save(row.key, outcome, now)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _TimerRows:
    """The rows of timers, by key; a timer that is set takes this topic and payload."""

    topic: str
    payload: dict[str, Any]

    def load(self, key: str, locks: RowLocks) -> Timer | None:
        # Two that set a timer for the first time have no row to wait at.
        locks.lock_key("jobs_timer", key)
        rows = locks.lock_rows(TimerRow.objects.filter(key=key))
        return Timer(rows[0].due, rows[0].every) if rows else None

    def save(self, key: str, outcome: CommandOutcome[Timer | None, TimerEvent], now: datetime) -> None:
        for event in outcome.events:
            if isinstance(event, TimerFired):
                messages_enqueue(topic=self.topic, payloads=[self.payload], now=now)
        if outcome.state is None:
            TimerRow.objects.filter(key=key).delete()
        else:
            fields: dict[str, Any] = {"topic": self.topic, "payload": self.payload}
            fields |= {"due": outcome.state.due, "every": outcome.state.every}
            TimerRow.objects.update_or_create(key=key, defaults=fields)


def _decide(
    key: str, command: TimerCommand, now: datetime, topic: str = "", payload: dict[str, Any] | None = None
) -> CommandOutcome[Timer | None, TimerEvent] | Refusal:
    rows = _TimerRows(topic, payload or {})
    return decision_make(aggregate=TIMER, rows=rows, key=key, command=command, now=now)
