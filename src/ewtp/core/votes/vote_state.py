"""The state of a vote: a function of what happened and of the moment at which it is asked for.

Nothing waits for a job: the vote is closed, counted, lapsed or final because its time is over, whether or not anybody
has looked. Whoever has the entries of the log computes the same.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import field
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.answering_body import supported_entries
from ewtp.core.votes.ballot_box import BallotBox, fill_ballot_box
from ewtp.core.votes.procedure import procedure_from_texts
from ewtp.core.votes.vote_clock import Pause, closing_time, downtimes, joined_pauses
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BallotCast,
    HeartbeatSent,
    SendBackCast,
    VoteClosed,
    VoteEntry,
    VoteStarted,
    cast_ballots,
)
from ewtp.core.votes.vote_tally import Choice, HouseCount, VoteTally, sends_back, tally_vote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ewtp.core.votes.procedure import VoteProcedure
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import CastBallot


class VoteStage(StrEnum):
    """Where a vote is; the last five are its ends."""

    OPEN = "open"
    SUSPENDED = "suspended"  # an alarm stopped the clock; ballots are taken all the same
    COUNTING = "counting"  # closed, and sealed or secret ballots are being opened
    RETURNABLE = "returnable"  # passed, and the house of small firms may send it back
    PASSED = "passed"
    FAILED = "failed"
    SENT_BACK = "sent_back"
    LAPSED = "lapsed"  # nobody answered an alarm in time
    NEW_ROLL = "new_roll"  # the answer to an alarm: vote again on a new roll


ENDS = frozenset({VoteStage.PASSED, VoteStage.FAILED, VoteStage.SENT_BACK, VoteStage.LAPSED, VoteStage.NEW_ROLL})


@immutable
class VoteState:
    """A vote at a moment.

    ``closes`` is when ballots are no longer taken, as far as is known; ``until`` when the stage ends by itself, None
    where it does not; ``unanswered`` the alarms that stop the clock; ``turnout`` the groups of each house that cast a
    ballot; ``tally`` the result, None before it is counted: shares of a vote that runs would draw others along.
    """

    stage: VoteStage
    started: VoteStarted
    procedure: VoteProcedure
    opened: datetime
    closes: datetime
    until: datetime | None
    unanswered: tuple[AlarmKind, ...]
    turnout: Mapping[House, int] = field(hash=False)
    box: BallotBox
    tally: VoteTally | None = None

    @property
    def takes_ballots(self) -> bool:
        """Whether a ballot can be cast."""
        return self.stage in (VoteStage.OPEN, VoteStage.SUSPENDED)


def vote_state(
    entries: Iterable[VoteEntry], roll: VoteRoll, now: datetime, ballots: Sequence[CastBallot] | None = None
) -> VoteState:
    """The state of a vote at a moment, from the entries of the log about it and the heartbeats since it was opened.

    Whoever has its ``ballots`` apart, in order of their index, gives them so.

    ValueError where the first entry does not open a vote, where its procedure cannot be read, or where the roll is not
    the one whose root was logged. Entries stamped later than ``now`` have not happened yet. Where no heartbeat shows
    that the hub was up, it was down, and the vote goes on.
    """
    known = list(entries)
    ballots = cast_ballots(known) if ballots is None else ballots
    steering = [one for one in known if one.at <= now and type(one.event) is not BallotCast]
    happened = supported_entries(sorted(steering, key=attrgetter("index")), roll)
    started, procedure = _start(happened, roll)
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
    box = fill_ballot_box(started, _split_ballots(ballots, last, closes, now), (before, after), roll, closes)
    unanswered = tuple(kind for kind in pauses if _answer_to(kind, before, procedure) is None)
    so_far = (started, procedure, opened, closes)
    stopped = _stop_clock(pauses, before, procedure, now)
    if stopped is not None:
        return VoteState(stopped, *so_far, None, unanswered, box.turnout, box)
    if now < closes:
        stage = VoteStage.SUSPENDED if unanswered else VoteStage.OPEN
        ends = [pauses[kind].start + procedure.clock_alarm for kind in unanswered]
        return VoteState(stage, *so_far, min(ends, default=closes), unanswered, box.turnout, box)
    limit = closes + procedure.clock_opening
    counted = box.counted_at(limit, closes)
    if now < counted:
        return VoteState(VoteStage.COUNTING, *so_far, limit, (), box.turnout, box)
    tally = tally_vote(box.counts(), procedure, started.majority)
    stage, until = _result(
        tally, VoteState(VoteStage.COUNTING, *so_far, limit, (), box.turnout, box), after, counted, now
    )
    return VoteState(stage, *so_far, until, (), box.turnout, box, tally)


def _split_ballots(
    ballots: Sequence[CastBallot], last: int | None, closes: datetime, now: datetime
) -> tuple[Sequence[CastBallot], Sequence[CastBallot]]:
    """The ballots before the entry that closes the vote and before its end, and those after; none later than now."""
    # None of them moves the clock, and there may be a million.
    place = len(ballots) if last is None else bisect_left(ballots, last, key=itemgetter(0))
    behind = [one for one in ballots[place:] if one[1] <= now]
    in_time = [one for one in ballots[:place] if one[1] < closes and one[1] <= now]
    if len(in_time) == place:
        return in_time, behind
    return in_time, [*(one for one in ballots[:place] if closes <= one[1] <= now), *behind]


def _start(happened: Sequence[VoteEntry], roll: VoteRoll) -> tuple[VoteStarted, VoteProcedure]:
    started = happened[0].event if happened else None
    if not isinstance(started, VoteStarted) or started.roll_root != roll.root.hex():
        msg = "the first entry opens a vote on this roll"
        raise ValueError(msg)
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
    pauses = joined_pauses(_pauses(before, procedure, seen).values())
    return closing_time(opened, pauses, downtimes(opened, beats, seen, procedure), procedure)


def _pauses(before: Iterable[VoteEntry], procedure: VoteProcedure, seen: datetime) -> dict[AlarmKind, Pause]:
    """How long each kind of alarm stopped the clock: once in a vote, from the first alarm of the kind to its answer."""
    found: dict[AlarmKind, Pause] = {}
    entries = list(before)
    for one in entries:
        event = one.event
        if isinstance(event, AlarmRaised) and event.alarm.stops and event.alarm not in found:
            answer = _answer_to(event.alarm, entries, procedure)
            limit = one.at + procedure.clock_alarm
            found[event.alarm] = Pause(one.at, answer.at if answer else min(limit, max(seen, one.at)))
    return found


def _answer_to(kind: AlarmKind, before: Iterable[VoteEntry], procedure: VoteProcedure) -> VoteEntry | None:
    """The first answer in time to the first alarm of a kind."""
    raised = None
    for one in before:
        event = one.event
        if raised is None and isinstance(event, AlarmRaised) and event.alarm is kind:
            raised = one.at
        elif raised is not None and isinstance(event, AlarmAnswered) and event.alarm is kind:
            return one if one.at < raised + procedure.clock_alarm else None
    return None


def _stop_clock(
    pauses: Mapping[AlarmKind, Pause], before: Sequence[VoteEntry], procedure: VoteProcedure, now: datetime
) -> VoteStage | None:
    """How alarms ended the vote; None where they did not. The first that did counts."""
    ends = []
    for kind, pause in pauses.items():
        answer = _answer_to(kind, before, procedure)
        if answer is None and now >= pause.start + procedure.clock_alarm:
            ends.append((pause.start + procedure.clock_alarm, VoteStage.LAPSED))
        elif answer and isinstance(answer.event, AlarmAnswered) and answer.event.verdict is AlarmVerdict.NEW_ROLL:
            ends.append((answer.at, VoteStage.NEW_ROLL))
    return min(ends)[1] if ends else None


def _result(
    tally: VoteTally, state: VoteState, after: Iterable[VoteEntry], counted: datetime, now: datetime
) -> tuple[VoteStage, datetime | None]:
    """The stage after the count, and when it ends."""
    if not tally.passed:
        return VoteStage.FAILED, None
    if state.started.sent_back >= state.procedure.send_back_times:
        return VoteStage.PASSED, None
    until = counted + state.procedure.clock_send_back
    if now < until:
        return VoteStage.RETURNABLE, until
    wanted = sends_back(send_back_count(state.box, after, counted, until), state.procedure)
    return (VoteStage.SENT_BACK if wanted else VoteStage.PASSED), None


def send_back_count(box: BallotBox, after: Iterable[VoteEntry], start: datetime, end: datetime) -> HouseCount:
    """How the house of small firms voted on sending back; whoever is for it gives a reason; the last vote counts."""
    electorate = box.electorate
    choices: dict[str, Choice] = {}
    for one in after:
        event = one.event
        if not isinstance(event, SendBackCast) or not start <= one.at < end:
            continue
        group = electorate.groups.get(event.member)
        given = event.choice is not Choice.FOR or event.reason.strip()
        if group is not None and electorate.houses[group] is House.SMALL_FIRM and given:
            choices[group] = event.choice
    votes = [sum(choice is one for choice in choices.values()) for one in Choice]
    return HouseCount(House.SMALL_FIRM, electorate.active[House.SMALL_FIRM], *votes)
