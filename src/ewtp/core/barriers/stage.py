"""The stage of a barrier and its clocks: functions of what happened, the rulebook and the moment, never of a job."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ewtp.core.barriers.barrier import ClaimTally, Progress

OWNER_WORKING_DAYS = 5
ANSWER_TIME = timedelta(days=30)
CONFIRMATION_TIME = timedelta(days=30)
_FRIDAY = 4


class Stage(StrEnum):
    """Where a barrier stands."""

    REPORTED = "reported"  # nobody is named yet who has to answer
    OWNED = "owned"
    SILENT = "silent"  # nobody answered in time
    ANSWERED = "answered"
    CLAIMED = "claimed"  # an authority says that it is resolved; the reporters are asked
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    CHANGED = "changed"  # the rule ended or was amended


RESOLVED = frozenset({Stage.CONFIRMED, Stage.CHANGED})
UNANSWERED = frozenset({Stage.REPORTED, Stage.OWNED, Stage.SILENT})


class ChangeKind(StrEnum):
    """How a rule changed."""

    ENDED = "ended"
    AMENDED = "amended"


@immutable
class RuleChange:
    """The rule ended, or says something else, from ``day`` on, by the measure ``measure``."""

    kind: ChangeKind
    day: date
    measure: str


class ClockName(StrEnum):
    """What somebody has to do in time."""

    OWNER = "owner"
    ANSWER = "answer"
    CONFIRMATION = "confirmation"


@immutable
class Clock:
    """A time that runs for somebody: since when, until when; ``overdue_days`` whole days past the end, or 0."""

    name: ClockName
    started: datetime
    due: datetime
    overdue_days: int


def stage_of(progress: Progress, now: datetime, change: RuleChange | None = None) -> Stage:
    """The stage at ``now``; ``change`` is the last change of the rule by the rulebook, None where there was none.

    A change on a day after the barrier was (re)opened resolves it, whatever anybody says. An authority's word alone
    never does.
    """
    if change is not None and progress.opened.date() < change.day <= now.date():
        return Stage.CHANGED
    if progress.claim is not None:
        return _claim_stage(progress.claim, now)
    if progress.answer is not None:
        return Stage.ANSWERED
    if now >= progress.opened + ANSWER_TIME:
        return Stage.SILENT
    return Stage.OWNED if progress.owner else Stage.REPORTED


def _claim_stage(claim: ClaimTally, now: datetime) -> Stage:
    """Two thirds of the reporters who answer, once all have, or the rest cannot change it, or the time is over.

    Where nobody can be asked, nothing is waited for: the claim is unconfirmed at once, and a reporter may reopen.
    """
    over = now >= claim.at + CONFIRMATION_TIME or claim.asked == claim.yes + claim.no
    if claim.yes and (3 * claim.yes >= 2 * claim.asked or (over and 3 * claim.yes >= 2 * (claim.yes + claim.no))):
        return Stage.CONFIRMED
    return Stage.UNCONFIRMED if over or 3 * claim.no > claim.asked else Stage.CLAIMED


def clocks_of(progress: Progress, now: datetime, change: RuleChange | None = None) -> tuple[Clock, ...]:
    """The clocks that run at ``now``."""
    stage = stage_of(progress, now, change)
    running = []
    if stage in UNANSWERED:
        if not progress.owner:
            due = add_working_days(progress.unowned, OWNER_WORKING_DAYS)
            running.append(_clock(ClockName.OWNER, progress.unowned, due, now))
        running.append(_clock(ClockName.ANSWER, progress.opened, progress.opened + ANSWER_TIME, now))
    if stage is Stage.CLAIMED and progress.claim is not None:
        due = progress.claim.at + CONFIRMATION_TIME
        running.append(_clock(ClockName.CONFIRMATION, progress.claim.at, due, now))
    return tuple(running)


def _clock(name: ClockName, started: datetime, due: datetime, now: datetime) -> Clock:
    return Clock(name, started, due, max(0, (now - due).days))


def add_working_days(moment: datetime, days: int) -> datetime:
    """The moment this many working days later: Monday to Friday in UTC, because no calendar of holidays is held."""
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() <= _FRIDAY
    return moment


def next_moment_of(progress: Progress, now: datetime) -> datetime:
    """The next moment from which the clock alone may change the stage, the age or the days of a clock.

    All of them are counted in whole days from a step of the barrier: its first report, its opening, when somebody has
    to be named, and a claim. A change of its rule takes effect at midnight besides.
    """
    starts = [progress.reported, progress.opened, add_working_days(progress.unowned, OWNER_WORKING_DAYS)]
    starts += [] if progress.claim is None else [progress.claim.at]
    return min(start + timedelta(days=(now - start).days + 1) for start in starts)


def barrier_age(progress: Progress, now: datetime) -> int:
    """Whole days since the first report; a reopening does not make a barrier younger."""
    return max(0, (now - progress.reported).days)


def median_age(ages: Iterable[int]) -> int | None:
    """The median of ages in days, rounded down; None where nothing is open."""
    given = list(ages)
    return int(median(given)) if given else None
