"""The life of a message in the outbox: it waits, is tried until it is delivered, or is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from ewtp.core.jobs.sentences import MESSAGE_NOT_DEAD, MESSAGE_NOT_WAITING, MESSAGE_UNKNOWN
from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

# With the delays below, a message is given up some nine hours after its first failure.
MOST_ATTEMPTS = 20
_FIRST_DELAY = timedelta(seconds=1)
_LONGEST_DELAY = timedelta(hours=1)


@immutable
class Message:
    """A message that is not delivered yet.

    ``attempts`` counts the failures since it was enqueued or revived; ``next_try`` is None for one that was given up.
    """

    attempts: int
    next_try: datetime | None


@immutable
class Enqueue:
    """Have it delivered, at ``due`` at the earliest."""

    due: datetime


@immutable
class Deliver:
    """It was handled."""


@immutable
class Fail:
    """It could not be handled; ``chance``, from 0 to 1, spreads the next tries of messages that failed together.

    It is given up at once where it is ``final``: a later attempt would end in the same way.
    """

    reason: Refusal
    chance: float
    final: bool = False


@immutable
class Revive:
    """Try a message again that was given up."""


@immutable
class Discard:
    """Forget a message that was given up."""


@immutable
class Enqueued:
    """It waits."""

    due: datetime


@immutable
class Removed:
    """It is no longer in the outbox: ``delivered``, or else discarded."""

    delivered: bool


@immutable
class Failed:
    """An attempt failed; ``next_try`` is None where it was the last one."""

    reason: Refusal
    next_try: datetime | None


MessageCommand = Enqueue | Deliver | Fail | Revive | Discard
MessageEvent = Enqueued | Removed | Failed


def retry_delay(attempts: int, chance: float) -> timedelta:
    """How long to wait after this many failures: twice as long each time, at most an hour, less up to a half of it.

    The half is drawn, so that messages that failed together do not return together ("equal jitter").
    """
    longest: timedelta = min(_FIRST_DELAY * 2 ** min(attempts, 32), _LONGEST_DELAY)
    return longest * (0.5 + 0.5 * chance)


def decide_message(
    message: Message | None, command: MessageCommand, now: datetime
) -> tuple[MessageEvent, ...] | Refusal:
    """The events of a command, or ``message_unknown``, ``message_not_waiting`` or ``message_not_dead``."""
    if isinstance(command, Enqueue):
        return () if message is not None else (Enqueued(command.due),)
    if message is None:
        return Refusal(MESSAGE_UNKNOWN)
    is_waiting = message.next_try is not None
    if isinstance(command, Deliver | Fail) and not is_waiting:
        return Refusal(MESSAGE_NOT_WAITING)
    if isinstance(command, Revive | Discard) and is_waiting:
        return Refusal(MESSAGE_NOT_DEAD)
    match command:
        case Deliver():
            return (Removed(delivered=True),)
        case Fail(reason, chance, final):
            is_last = final or message.attempts + 1 >= MOST_ATTEMPTS
            return (Failed(reason, None if is_last else now + retry_delay(message.attempts, chance)),)
        case Revive():
            return (Enqueued(now),)
        case Discard():
            return (Removed(delivered=False),)
    assert_never(command)


def evolve_message(message: Message | None, event: MessageEvent) -> Message | None:
    """The message after an event; None once it is no longer in the outbox."""
    match event:
        case Enqueued(due):
            return Message(0, due)
        case Removed():
            return None
        case Failed(_, next_try):
            return Message((message.attempts if message else 0) + 1, next_try)
    assert_never(event)


MESSAGE: Aggregate[Message | None, MessageCommand, MessageEvent] = Aggregate(None, decide_message, evolve_message)
