"""The life of a timer: it is set, moved, cancelled, and fires once when it is due, or at every interval."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from ewtp.core.jobs.sentences import TIMER_NOT_DUE, TIMER_UNKNOWN
from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal


@immutable
class Timer:
    """A timer that is set; ``every`` is the interval of one that fires again and again."""

    due: datetime
    every: timedelta | None = None

    def __post_init__(self) -> None:
        if self.every is not None and self.every <= timedelta():
            msg = f"a timer cannot fire every {self.every}"
            raise ValueError(msg)


@immutable
class SetTimer:
    """Have it fire then; one that is set already is moved."""

    due: datetime
    every: timedelta | None = None


@immutable
class KeepTimer:
    """Have it fire at every interval from now on; one with this interval keeps its next moment."""

    every: timedelta


@immutable
class CancelTimer:
    """Do not have it fire."""


@immutable
class FireTimer:
    """It is due."""


@immutable
class TimerSet:
    """It will fire then."""

    due: datetime
    every: timedelta | None


@immutable
class TimerCancelled:
    """It will not fire."""


@immutable
class TimerFired:
    """It fired; ``next_due`` is None where it does not do so again."""

    next_due: datetime | None


TimerCommand = SetTimer | KeepTimer | CancelTimer | FireTimer
TimerEvent = TimerSet | TimerCancelled | TimerFired


def decide_timer(timer: Timer | None, command: TimerCommand, now: datetime) -> tuple[TimerEvent, ...] | Refusal:
    """The events of a command, or ``timer_unknown`` or ``timer_not_due``."""
    match command:
        case SetTimer(due, every):
            return () if timer == Timer(due, every) else (TimerSet(due, every),)
        case KeepTimer(every):
            return () if timer is not None and timer.every == every else (TimerSet(now, every),)
    if timer is None:
        return Refusal(TIMER_UNKNOWN)
    match command:
        case CancelTimer():
            return (TimerCancelled(),)
        case FireTimer():
            return (TimerFired(_next_due(timer, now)),) if timer.due <= now else Refusal(TIMER_NOT_DUE)
    assert_never(command)


def evolve_timer(timer: Timer | None, event: TimerEvent) -> Timer | None:
    """The timer after an event; None where it will not fire."""
    match event:
        case TimerSet(due, every):
            return Timer(due, every)
        case TimerCancelled():
            return None
        case TimerFired(next_due):
            return None if next_due is None or timer is None else Timer(next_due, timer.every)
    assert_never(event)


def _next_due(timer: Timer, now: datetime) -> datetime | None:
    """The first moment of the interval after ``now``: moments that were missed while nothing ran do not pile up."""
    if timer.every is None:
        return None
    return timer.due + timer.every * ((now - timer.due) // timer.every + 1)


TIMER: Aggregate[Timer | None, TimerCommand, TimerEvent] = Aggregate(None, decide_timer, evolve_timer)
