"""The course of a vote: how it went by the clock, which no ballot moves."""

from __future__ import annotations

from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.answering_body import find_supported_entries
from ewtp.core.votes.procedure import procedure_from_texts
from ewtp.core.votes.vote_clock import Pause, downtimes, find_closing_time, merge_pauses
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    BallotCast,
    HeartbeatSent,
    VoteClosed,
    VoteEntry,
    VoteStarted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ewtp.core.votes.procedure import VoteProcedure
    from ewtp.core.votes.roll import VoteRoll


@immutable
class VoteCourse:
    """A vote without its ballots, at the moment ``now``.

    ``closes`` is when ballots are no longer taken, as far as is known, and ``closing`` the index of the entry that says
    so, None where there is none. The entries ``before`` that and stamped earlier count while the vote is open, those
    ``after`` it once it is closed. ``pauses`` are the times for which alarms stopped the clock.
    """

    started: VoteStarted
    procedure: VoteProcedure
    opened: datetime
    closes: datetime
    closing: int | None
    now: datetime
    before: Sequence[VoteEntry] = field(hash=False)
    after: Sequence[VoteEntry] = field(hash=False)
    pauses: Mapping[AlarmKind, Pause] = field(hash=False)

    @property
    def unanswered(self) -> tuple[AlarmKind, ...]:
        """The alarms that stop the clock."""
        return tuple(kind for kind in self.pauses if answer_to(kind, self.before, self.procedure) is None)

    @property
    def limit(self) -> datetime:
        """Until when ballots are opened and counted."""
        return self.closes + self.procedure.clock_opening


def vote_course(entries: Iterable[VoteEntry], roll: Callable[[], VoteRoll], now: datetime) -> VoteCourse:
    """The course of a vote at a moment, from the entries of the log about it and the heartbeats since it was opened.

    ``roll`` is asked for where alarms were answered, since those answer who were drawn from it. ValueError where the
    first entry does not open a vote, or where its procedure cannot be read. Ballots among the entries are passed over.
    """
    known = [one for one in entries if one.at <= now and type(one.event) is not BallotCast]
    happened = sorted(known, key=attrgetter("index"))
    if any(isinstance(one.event, AlarmAnswered) for one in happened):
        happened = find_supported_entries(happened, roll())
    started, procedure = _start(happened)
    opened = happened[0].at
    closed = _find_closing(happened, opened, procedure)
    last = None if closed is None else closed.index
    numbered = happened if last is None else [one for one in happened if one.index < last]
    seen = now if closed is None else closed.at
    closes = _closes(numbered, opened, procedure, seen)
    # What is stamped later is late, also where the hub has not yet written that the vote is closed.
    before = [one for one in numbered if one.at < closes]
    after = [one for one in happened if (last is not None and one.index >= last) or one.at >= closes]
    pauses = {kind: pause for kind, pause in _pauses(before, procedure, seen).items() if pause.start < closes}
    return VoteCourse(started, procedure, opened, closes, last, now, before, after, pauses)


def _start(happened: Sequence[VoteEntry]) -> tuple[VoteStarted, VoteProcedure]:
    started = happened[0].event if happened else None
    if not isinstance(started, VoteStarted):
        msg = "the first entry opens a vote on this roll"
        raise ValueError(msg)  # noqa: TRY004 - as below
    procedure = procedure_from_texts(started.procedure)
    if isinstance(procedure, Refusal):
        raise ValueError(procedure.message)  # noqa: TRY004 - it is of the wrong content, not of the wrong type
    return started, procedure


def _find_closing(happened: Sequence[VoteEntry], opened: datetime, procedure: VoteProcedure) -> VoteEntry | None:
    """The entry that closes the vote; one that was written too early closes nothing."""
    for place, one in enumerate(happened):
        if isinstance(one.event, VoteClosed) and one.at >= _closes(happened[:place], opened, procedure, one.at):
            return one
    return None


def _closes(before: Sequence[VoteEntry], opened: datetime, procedure: VoteProcedure, seen: datetime) -> datetime:
    beats = (one.at for one in before if isinstance(one.event, HeartbeatSent))
    pauses = merge_pauses(_pauses(before, procedure, seen).values())
    return find_closing_time(opened, pauses, downtimes(opened, beats, seen, procedure), procedure)


def _pauses(before: Iterable[VoteEntry], procedure: VoteProcedure, seen: datetime) -> dict[AlarmKind, Pause]:
    """How long each kind of alarm stopped the clock: once in a vote, from the first alarm of the kind to its answer."""
    found: dict[AlarmKind, Pause] = {}
    entries = list(before)
    for one in entries:
        event = one.event
        if isinstance(event, AlarmRaised) and event.alarm.stops and event.alarm not in found:
            answer = answer_to(event.alarm, entries, procedure)
            limit = one.at + procedure.clock_alarm
            found[event.alarm] = Pause(one.at, answer.at if answer else min(limit, max(seen, one.at)))
    return found


def answer_to(kind: AlarmKind, before: Iterable[VoteEntry], procedure: VoteProcedure) -> VoteEntry | None:
    """The first answer in time to the first alarm of a kind."""
    raised = None
    for one in before:
        event = one.event
        if raised is None and isinstance(event, AlarmRaised) and event.alarm is kind:
            raised = one.at
        elif raised is not None and isinstance(event, AlarmAnswered) and event.alarm is kind:
            return one if one.at < raised + procedure.clock_alarm else None
    return None
