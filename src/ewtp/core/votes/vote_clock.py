"""When a vote closes: its days, the time that alarms stopped it, and what outages of the hub add."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ewtp.core.votes.procedure import VoteProcedure

# A heartbeat may be late by as much as the time between two before the hub counts as down.
_LATE = 2
_NO_TIME = timedelta(0)


@immutable
class Pause:
    """A time from ``start`` to ``end``, its end not included."""

    start: datetime
    end: datetime

    def within(self, start: datetime, end: datetime) -> timedelta:
        """How much of it lies between two moments."""
        return max(min(self.end, end) - max(self.start, start), _NO_TIME)


def downtimes(opened: datetime, beats: Iterable[datetime], now: datetime, procedure: VoteProcedure) -> list[Pause]:
    """When the hub was down, from its heartbeats since the vote was opened, up to now."""
    patience = _patience(procedure)
    heard = [opened, *sorted(beat for beat in beats if opened < beat <= now), now]
    return [Pause(one + patience, other) for one, other in pairwise(heard) if other - one > patience]


def next_outage(opened: datetime, beats: Iterable[datetime], procedure: VoteProcedure) -> datetime:
    """From when on the hub counts as down unless another heartbeat is heard; it is past where it counts so already."""
    return max((opened, *beats)) + _patience(procedure)


def _patience(procedure: VoteProcedure) -> timedelta:
    return _LATE * procedure.outage_heartbeat


def find_closing_time(
    opened: datetime, suspensions: Sequence[Pause], outages: Sequence[Pause], procedure: VoteProcedure
) -> datetime:
    """The moment from which no ballot is taken.

    A suspension that begins before it moves it by its length. Where the hub was down in the last hours before it, it
    moves by as much and the grace; what was counted once is not counted again.
    """
    end = opened + procedure.clock_vote
    checked = opened
    waiting = sorted(suspensions, key=lambda one: one.start)
    while True:
        stopped = [one for one in waiting if one.start < end]
        if stopped:
            waiting = [one for one in waiting if one not in stopped]
            end += sum((one.end - one.start for one in stopped), _NO_TIME)
            continue
        window = max(end - procedure.outage_window, checked)
        down = sum((one.within(window, end) for one in outages), _NO_TIME)
        if not down:
            return end
        checked = end
        end += down + procedure.outage_grace


def merge_pauses(pauses: Iterable[Pause]) -> list[Pause]:
    """The same times with those that overlap or touch made one."""
    found: list[Pause] = []
    for one in sorted(pauses, key=lambda each: (each.start, each.end)):
        if found and one.start <= found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found
