"""Where barriers are kept: rows that events change, the log of those, and the timer of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.barriers.store.barrier_projection import barrier_value, event_record
from ewtp.apps.barriers.store.models import BarrierRow
from ewtp.apps.jobs.actions.timers import timer_cancel, timer_set
from ewtp.apps.log.actions.events import event_append
from ewtp.core.barriers import barrier_events as happened
from ewtp.core.barriers.barrier import AnswerKind
from ewtp.core.barriers.stage import ANSWER_TIME
from ewtp.core.values.actor import Actor, system_actor

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.core.barriers.barrier import Barrier
    from ewtp.core.barriers.barrier_events import BarrierEvent
    from ewtp.core.values.aggregate import CommandOutcome

# The topic of the message that the timer of an answer enqueues.
BARRIER_SILENT = "barrier_silent"
_TABLE = "barriers_barrier"
# Who is named in public events that follow from a report, whose own event names the reporter and is not public.
_PUBLISHER = system_actor("barriers")


@dataclass(frozen=True, slots=True)
class BarrierRows:
    """The rows of barriers by identifier, changed for whoever acts."""

    actor: Actor

    def load(self, key: str, locks: RowLocks) -> Barrier | None:
        """The barrier, locked; None while nobody has reported it. Two first reports wait for one another."""
        locks.lock_key(_TABLE, key)
        rows = locks.lock_rows(BarrierRow.objects.filter(id=key))
        return barrier_value(rows[0]) if rows else None

    def save(self, key: str, outcome: CommandOutcome[Barrier | None, BarrierEvent], now: datetime) -> None:
        """Write what the events change, the events themselves, and the timer."""
        after = outcome.state
        if after is None:
            msg = f"{outcome.events} left no barrier"
            raise ValueError(msg)
        for event in outcome.events:
            event_record(key, event, after, now)
            _time(key, event, now)
            actor = _PUBLISHER if event.public else self.actor
            event_append(subject=key, actor=actor, payload=event, now=now)


def _time(barrier: str, event: BarrierEvent, now: datetime) -> None:
    """Set the timer of the silence when a barrier is opened, and cancel it when somebody answers."""
    timer = f"{barrier}:{BARRIER_SILENT}"
    match event:
        case happened.BarrierOpened() | happened.BarrierReopened():
            timer_set(key=timer, topic=BARRIER_SILENT, payload={"barrier": barrier}, due=now + ANSWER_TIME, now=now)
        case happened.BarrierAnswered(answer) if answer.kind is not AnswerKind.NOT_OURS:
            timer_cancel(key=timer, now=now)
        case happened.ResolutionClaimed():
            timer_cancel(key=timer, now=now)
