"""The outbox: messages are enqueued in the transaction of an action, and delivered after it.

A worker claims a batch with ``FOR UPDATE SKIP LOCKED`` and handles it in the transaction that removes it. The row lock
is the lease: PostgreSQL releases it when a worker's connection ends, however it ends, and the batch is as it was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connection, transaction

from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.jobs.actions.handlers import Delivery
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.log.actions.events import event_append
from ewtp.core.jobs.message import (
    MESSAGE,
    Deliver,
    Discard,
    Enqueued,
    Fail,
    Failed,
    Message,
    MessageCommand,
    MessageEvent,
    Removed,
    Revive,
)
from ewtp.core.jobs.sentences import HANDLER_FAILED
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.apps.jobs.actions.handlers import Handler
    from ewtp.core.values.actor import Actor
    from ewtp.core.values.aggregate import CommandOutcome

_LOG = logging.getLogger("ewtp.jobs")


class OutboxEvent(EventKind):
    """What the operator does with messages that were given up; what they say may be personal and is left out."""

    REVIVED = "jobs:message:revived"
    DISCARDED = "jobs:message:discarded"


@dataclass(frozen=True, slots=True)
class MessageRevived(EventPayload):
    """A message that was given up is retried; ``attempts`` counts those before, ``reason`` is the code of the last."""

    kind: ClassVar = OutboxEvent.REVIVED
    topic: str
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class MessageDiscarded(EventPayload):
    """A message that was given up is removed; ``attempts`` counts those made, ``reason`` is the code of the last."""

    kind: ClassVar = OutboxEvent.DISCARDED
    topic: str
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class Drained:
    """How many messages of a batch were delivered, and how many failed."""

    delivered: int
    failed: int

    @property
    def claimed(self) -> int:
        """The size of the batch."""
        return self.delivered + self.failed


@transaction.atomic
def messages_enqueue(
    *, topic: str, payloads: Iterable[dict[str, Any]], now: datetime, due: datetime | None = None
) -> list[UUID]:
    """Have a message delivered for each payload (an object of JSON), from ``due`` on; returns their ids.

    Call it inside the transaction of the action: the messages exist if and only if that is committed.
    """
    rows = [
        OutboxMessage(topic=topic, payload=payload, enqueued=now, next_try=now if due is None else due)
        for payload in payloads
    ]
    return [row.message_id for row in OutboxMessage.objects.bulk_create(rows)]


def message_revive(*, message_id: UUID, actor: Actor, now: datetime) -> Refusal | None:
    """Try a message again that was given up.

    Refuses with ``operator_needed``, ``message_unknown`` or ``message_not_dead``.
    """
    return _decide(message_id, Revive(), actor, now)


def message_discard(*, message_id: UUID, actor: Actor, now: datetime) -> Refusal | None:
    """Forget a message that was given up; refuses as ``message_revive`` does."""
    return _decide(message_id, Discard(), actor, now)


@transaction.atomic
def outbox_drain(*, topic: str, handler: Handler, now: datetime, chance: Callable[[], float]) -> Drained:
    """Handle one batch of messages of a topic that are due, oldest first; those that others are handling are skipped.

    ``chance`` returns numbers from 0 to 1. A handler that raises has failed like one that refuses; an error of the
    connection itself ends the batch, which is then as it was.
    """
    due = OutboxMessage.objects.filter(topic=topic, next_try__lte=now).order_by("next_try", "id")
    rows = list(due.select_for_update(skip_locked=True)[: handler.batch])
    delivered: list[int] = []
    all_succeed = _handle_together(handler, rows, now)
    for row in rows:
        failure = None if all_succeed else _handle(handler, row, now)
        command: MessageCommand = Deliver()
        if failure is not None:
            command = Fail(failure, chance(), final=failure.code in handler.final)
        outcome = MESSAGE.answer(Message(row.attempts, row.next_try), command, now)
        if isinstance(outcome, Refusal):
            msg = f"message {row.message_id} was claimed and cannot be settled: {outcome.message}"
            raise TypeError(msg)
        if failure is None:
            delivered.append(row.id)
        else:
            _save(row, outcome)
    if delivered:
        OutboxMessage.objects.filter(id__in=delivered).delete()
    return Drained(len(delivered), len(rows) - len(delivered))


def _handle_together(handler: Handler, rows: list[OutboxMessage], now: datetime) -> bool:
    """Handle a batch of several at the cost of one savepoint; where any fails, all is undone, and False returned."""
    if len(rows) < 2:  # noqa: PLR2004 - one alone has a savepoint of its own
        return not rows
    savepoint = transaction.savepoint()
    try:
        succeeded = all(handler.handle(_delivery(row), now) is None for row in rows)
    except Exception:  # noqa: BLE001 - each is handled again on its own, and what fails there is logged
        succeeded = False
    if succeeded:
        transaction.savepoint_commit(savepoint)
    else:
        transaction.savepoint_rollback(savepoint)
    return succeeded


def _delivery(row: OutboxMessage) -> Delivery:
    return Delivery(row.message_id, row.topic, row.payload, row.attempts)


def _handle(handler: Handler, row: OutboxMessage, now: datetime) -> Refusal | None:
    """Handle a message; what a failed handler wrote is undone."""
    savepoint = transaction.savepoint()
    try:
        refused = handler.handle(_delivery(row), now)
    except Exception as error:
        # A connection that ended cannot undo anything; its transaction is gone, and the batch with it.
        if not connection.is_usable():
            raise
        _LOG.exception("the handler of %s failed for message %s", row.topic, row.message_id)
        refused = Refusal(HANDLER_FAILED, {"error": type(error).__name__})
    if refused is None:
        transaction.savepoint_commit(savepoint)
    else:
        transaction.savepoint_rollback(savepoint)
    return refused


@dataclass(frozen=True, slots=True)
class _MessageRows:
    """The rows of messages that were given up, by the id that receivers know, and who settles them."""

    actor: Actor

    def load(self, key: UUID, locks: RowLocks) -> Message | None:
        rows = locks.lock_rows(OutboxMessage.objects.filter(message_id=key))
        return Message(rows[0].attempts, rows[0].next_try) if rows else None

    def save(self, key: UUID, outcome: CommandOutcome[Message | None, MessageEvent], now: datetime) -> None:
        row = OutboxMessage.objects.get(message_id=key)
        payload = MessageDiscarded if outcome.state is None else MessageRevived
        facts = payload(row.topic, row.attempts, (row.reason or {}).get("code", ""))
        event_append(subject=str(key), actor=self.actor, payload=facts, now=now)
        _save(row, outcome)


def _save(row: OutboxMessage, outcome: CommandOutcome[Message | None, MessageEvent]) -> None:
    for event in outcome.events:
        match event:
            case Removed():
                row.delete()
            case Failed(reason, next_try):
                if next_try is None:
                    _LOG.error("message %s of %s was given up: %s", row.message_id, row.topic, reason.message)
                row.reason = reason.as_json()
            case Enqueued():
                pass
    if outcome.state is not None:
        row.attempts, row.next_try = outcome.state.attempts, outcome.state.next_try
        row.save(update_fields=["attempts", "next_try", "reason"])


def _decide(message_id: UUID, command: MessageCommand, actor: Actor, now: datetime) -> Refusal | None:
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    outcome = decision_make(aggregate=MESSAGE, rows=_MessageRows(actor), key=message_id, command=command, now=now)
    return outcome if isinstance(outcome, Refusal) else None
