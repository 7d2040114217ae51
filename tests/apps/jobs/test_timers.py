"""Timers in the database do what the rules of core say, and each firing enqueues one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from ewtp.apps.decisions.actions.row_locks import LOCKED_TABLES, RowLocks
from ewtp.apps.jobs.actions.timers import timer_cancel, timer_keep, timer_set, timers_fire
from ewtp.apps.jobs.store.models import OutboxMessage, Timer
from ewtp.core.jobs.sentences import TIMER_UNKNOWN
from ewtp.core.jobs.timer import CancelTimer, FireTimer, KeepTimer, SetTimer
from ewtp.core.values.refusal import Refusal
from tests.aggregate_machine import FEW
from tests.core.jobs.test_timer import TimerMachine
from tests.drawn_inputs import input_count

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class StoredTimerMachine(TimerMachine):
    """The same commands through the actions."""

    def __init__(self) -> None:
        super().__init__()
        Timer.objects.all().delete()

    def stored(self, command: Any, now: datetime) -> tuple[str | None, dict[str, Any]]:
        refusal = None
        match command:
            case SetTimer(due, every):
                timer_set(key="t", topic="tea", payload={"n": 1}, due=due, every=every, now=now)
            case KeepTimer(every):
                timer_keep(key="t", topic="tea", payload={"n": 1}, every=every, now=now)
            case CancelTimer():
                refusal = timer_cancel(key="t", now=now)
            case FireTimer() if timers_fire(now=now, limit=1) == 0:
                row = Timer.objects.first()
                return ("timer_not_due" if row else "timer_unknown"), self._row()
        return (refusal.code if refusal else None), self._row()

    @staticmethod
    def _row() -> dict[str, Any]:
        row = Timer.objects.values("due", "every").first()
        return dict(row) if row else {}


def test_the_database_agrees_with_the_rules(db):  # noqa: ARG001 - the machine writes to it
    from hypothesis import settings  # noqa: PLC0415 - only this test needs it
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - only this test needs it

    run_state_machine_as_test(StoredTimerMachine, settings=settings(FEW, max_examples=input_count(15)))


def test_a_timer_enqueues_its_message_when_due_and_no_more():
    timer_set(key="deadline 7", topic="tea", payload={"order": 7}, due=NOW + HOUR, now=NOW)
    assert timers_fire(now=NOW, limit=10) == 0
    assert timers_fire(now=NOW + HOUR, limit=10) == 1
    assert timers_fire(now=NOW + 2 * HOUR, limit=10) == 0
    assert [(row.topic, row.payload) for row in OutboxMessage.objects.all()] == [("tea", {"order": 7})]
    assert timer_cancel(key="deadline 7", now=NOW) == Refusal(TIMER_UNKNOWN)


def test_a_timer_that_repeats_skips_what_it_missed():
    timer_keep(key="every tea", topic="tea", payload={}, every=HOUR, now=NOW)
    assert timers_fire(now=NOW + 5.5 * HOUR, limit=10) == 1
    assert Timer.objects.get().due == NOW + 6 * HOUR
    timer_keep(key="every tea", topic="tea", payload={}, every=HOUR, now=NOW + 9 * HOUR)
    assert Timer.objects.get().due == NOW + 6 * HOUR


def test_a_cancelled_timer_does_not_fire_and_an_undone_action_sets_none():
    timer_set(key="t", topic="tea", payload={}, due=NOW, now=NOW)
    assert timer_cancel(key="t", now=NOW) is None
    with transaction.atomic():
        timer_set(key="t", topic="tea", payload={}, due=NOW, now=NOW)
        transaction.set_rollback(True)
    assert timers_fire(now=NOW + HOUR, limit=10) == 0


def test_locks_are_taken_in_one_order():
    first, last = LOCKED_TABLES[0], LOCKED_TABLES[-1]
    with transaction.atomic():
        locks = RowLocks()
        locks.lock_key(first, "1")
        locks.lock_key(last, "1")
        with pytest.raises(RuntimeError, match=f"{first} are locked before those of {last}"):
            locks.lock_key(first, "2")
    assert set(LOCKED_TABLES) <= set(connection.introspection.table_names())
