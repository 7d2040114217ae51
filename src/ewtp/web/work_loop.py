"""Does what happens later: fires timers, delivers messages, numbers the log's events, until it is told to stop.

New messages are looked for several times a second. PostgreSQL's NOTIFY would wake a worker sooner, but it takes one
lock for the whole server at every commit that notifies.
"""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.jobs.actions.timers import timer_cancel, timer_keep, timers_fire
from ewtp.apps.jobs.reading.backlog import topics_due
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.core.values.refusal import Refusal
from ewtp.web.job_handlers import CONFIGURED_TOPICS, PERIODIC_JOBS, read_configured_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from threading import Event

    from ewtp.apps.jobs.actions.handlers import Handler
    from ewtp.web.job_handlers import PeriodicJob

_LOG = logging.getLogger("ewtp.worker")
LOOK_SECONDS = 0.2
_LONG_LOOK_SECONDS = 1.0
# How long to leave a database alone that does not answer.
_AWAY_SECONDS = 1.0
_TIMERS_AT_ONCE = 100
_SEQUENCE_SECONDS = 1.0
# What was said about a log that cannot continue; it is said once and not every second.
_said: set[str] = set()


def keep_periodic_jobs(now: datetime, jobs: Iterable[PeriodicJob] = PERIODIC_JOBS) -> None:
    """Set the timers of periodic jobs that are not set yet, and end those that are no longer configured."""
    configured = read_configured_jobs()
    for job in (*jobs, *configured):
        timer_keep(key=f"every {job.topic}", topic=job.topic, payload={}, every=job.every, now=now)
    for topic in set(CONFIGURED_TOPICS) - {job.topic for job in configured}:
        # Refused where there is none, which is what is wanted.
        timer_cancel(key=f"every {topic}", now=now)


def work_once(handlers: Mapping[str, Handler], now: Callable[[], datetime], chance: Callable[[], float]) -> int:
    """Fire the timers that are due and handle one batch of each topic; returns how much was done."""
    done = timers_fire(now=now(), limit=_TIMERS_AT_ONCE)
    return done + deliver_once(handlers, now, chance)


def deliver_once(handlers: Mapping[str, Handler], now: Callable[[], datetime], chance: Callable[[], float]) -> int:
    """Handle one batch of each topic that has a message due; a worker without work asks the database once."""
    return sum(
        outbox_drain(topic=topic, handler=handlers[topic], now=now(), chance=chance).claimed
        for topic in topics_due(handlers, now())
    )


def work(handlers: Mapping[str, Handler], stopped: Event) -> None:
    """Work until ``stopped`` is set; the batch that is being handled is finished first.

    A database that is away is waited for.
    """
    chance = random.SystemRandom().random
    kept = False
    sequenced = float("-inf")

    def step() -> int:
        nonlocal kept, sequenced
        if not kept:
            keep_periodic_jobs(timezone.now())
            kept = True
        if time.monotonic() - sequenced >= _SEQUENCE_SECONDS:
            sequenced = time.monotonic()
            number_events(timezone.now())
        return work_once(handlers, timezone.now, chance)

    _repeat(step, stopped, LOOK_SECONDS)


def work_long(handlers: Mapping[str, Handler], stopped: Event) -> None:
    """Deliver the messages of topics that take long, until ``stopped`` is set; another thread does all the rest."""
    chance = random.SystemRandom().random

    def step() -> int:
        return deliver_once(handlers, timezone.now, chance)

    _repeat(step, stopped, _LONG_LOOK_SECONDS)


def _repeat(step: Callable[[], int], stopped: Event, look_seconds: float) -> None:
    """Do a step again and again; wait where it found nothing to do, and for a database that is away."""
    while not stopped.is_set():
        try:
            if step() == 0:
                stopped.wait(look_seconds)
        except (DatabaseError, InterfaceError):
            _LOG.warning("the database does not answer the worker; it tries again", exc_info=True)
            connection.close()
            stopped.wait(_AWAY_SECONDS)


def number_events(now: datetime) -> None:
    """Number the events of the log; where that cannot be, they wait until the operator has mended the cause."""
    try:
        numbered = sequence_events(now=now)
        problem = numbered.message if isinstance(numbered, Refusal) else ""
    except LogDamagedError as error:
        problem = str(error)
    if problem and problem not in _said:
        _said.add(problem)
        _LOG.error("the log cannot be written: %s", problem)
