"""Aggregates: a state that only events change, and events that are decided from a state, a command and a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

State = TypeVar("State")
Command = TypeVar("Command")
Event = TypeVar("Event")


@immutable
class CommandOutcome(Generic[State, Event]):
    """What a command does: the events in their order (none where nothing changes), and the state after them."""

    events: tuple[Event, ...]
    state: State


@immutable
class Aggregate(Generic[State, Command, Event]):
    """The rules of one kind of aggregate.

    ``start`` is the state before the first event. ``decide`` returns the events of a command, or the refusal;
    ``evolve`` returns the state after an event, and never refuses: what happened cannot be undone by a later rule. Both
    are functions of their arguments.
    """

    start: State
    decide: Callable[[State, Command, datetime], tuple[Event, ...] | Refusal]
    evolve: Callable[[State, Event], State]

    def fold(self, state: State, events: Iterable[Event]) -> State:
        """The state after the events, in their order."""
        for event in events:
            state = self.evolve(state, event)
        return state

    def answer(self, state: State, command: Command, now: datetime) -> CommandOutcome[State, Event] | Refusal:
        """What a command does to a state."""
        events = self.decide(state, command, now)
        return events if isinstance(events, Refusal) else CommandOutcome(events, self.fold(state, events))
