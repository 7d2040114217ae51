"""One command to one aggregate, in one transaction: lock and load, decide, save.

An app writes the rules of its aggregate in core (``Aggregate``) and its rows here (``AggregateRows``); its actions call
``decision_make``. What has to happen outside is enqueued by ``save`` in the outbox, and so in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from django.db import transaction

from ewtp.apps.decisions.actions.row_locks import RowLocks
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.aggregate import Aggregate, CommandOutcome

Key_contra = TypeVar("Key_contra", contravariant=True)
State = TypeVar("State")
Command = TypeVar("Command")
Event = TypeVar("Event")


class AggregateRows(Protocol[Key_contra, State, Event]):
    """Where the aggregates of one kind are kept."""

    def load(self, key: Key_contra, locks: RowLocks) -> State:
        """The state of one aggregate, locked through ``locks`` until the transaction ends."""

    def save(self, key: Key_contra, outcome: CommandOutcome[State, Event], now: datetime) -> None:
        """Store the events, the rows that show the state, and the messages to others."""


@transaction.atomic
def decision_make(
    *,
    aggregate: Aggregate[State, Command, Event],
    rows: AggregateRows[Key_contra, State, Event],
    key: Key_contra,
    command: Command,
    now: datetime,
) -> CommandOutcome[State, Event] | Refusal:
    """Have a command decided and saved; a refusal changes nothing, and neither does a command without events."""
    outcome = aggregate.answer(rows.load(key, RowLocks()), command, now)
    if not isinstance(outcome, Refusal) and outcome.events:
        rows.save(key, outcome, now)
    return outcome
