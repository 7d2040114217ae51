"""The state of a vote: a function of what happened and of the moment at which it is asked for.

Nothing waits for a job: the vote is closed, counted, lapsed or final because its time is over, whether or not anybody
has looked. Whoever has the entries of the log computes the same.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import field
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.ballot_box import BallotBox, fill_ballot_box
from ewtp.core.votes.vote_course import answer_to, vote_course
from ewtp.core.votes.vote_events import AlarmAnswered, AlarmKind, AlarmVerdict, SendBackCast, VoteStarted, cast_ballots
from ewtp.core.votes.vote_tally import Choice, HouseCount, VoteTally, sends_back, tally_vote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ewtp.core.votes.ballot_box import Electorate
    from ewtp.core.votes.procedure import VoteProcedure
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_count import VoteCount
    from ewtp.core.votes.vote_course import VoteCourse
    from ewtp.core.votes.vote_events import CastBallot, VoteEntry


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
class VoteFigures:
    """A vote at a moment, with its ballots as figures.

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
    tally: VoteTally | None

    @property
    def takes_ballots(self) -> bool:
        """Whether a ballot can be cast."""
        return self.stage in (VoteStage.OPEN, VoteStage.SUSPENDED)


@immutable
class VoteState(VoteFigures):
    """A vote at a moment, with every ballot."""

    box: BallotBox


def vote_state(
    entries: Iterable[VoteEntry], roll: VoteRoll, now: datetime, ballots: Sequence[CastBallot] | None = None
) -> VoteState:
    """The state of a vote at a moment, from the entries of the log about it and the heartbeats since it was opened.

    Whoever has its ``ballots`` apart, in order of their index, gives them so.

    ValueError where the first entry does not open a vote, where its procedure cannot be read, or where the roll is not
    the one whose root was logged. Entries stamped later than ``now`` have not happened yet. Where no heartbeat shows
    that the hub was up, it was down, and the vote stays open.
    """
    known = list(entries)
    course = vote_course(known, lambda: roll, now)
    if course.started.roll_root != roll.root.hex():
        msg = "the first entry opens a vote on this roll"
        raise ValueError(msg)
    ballots = cast_ballots(known) if ballots is None else ballots
    split = _split_ballots(ballots, course.closing, course.closes, now)
    box = fill_ballot_box(course.started, split, (course.before, course.after), roll, course.closes)
    one = vote_figures(course, box.count, lambda: box.electorate)
    return VoteState(
        one.stage,
        one.started,
        one.procedure,
        one.opened,
        one.closes,
        one.until,
        one.unanswered,
        one.turnout,
        one.tally,
        box,
    )


def takes_ballots(course: VoteCourse) -> bool:
    """Whether a ballot can be cast, which no ballot decides."""
    return course.now < course.closes and _stop_clock(course) is None


def vote_figures(course: VoteCourse, count: VoteCount, electorate: Callable[[], Electorate]) -> VoteFigures:
    """Where a vote stands by its course and the count of its ballots.

    The ``electorate`` is asked for where small firms may have sent back what passed.
    """
    procedure, unanswered = course.procedure, course.unanswered
    stage, until, tally = _stop_clock(course), None, None
    if stage is None and course.now < course.closes:
        stage = VoteStage.SUSPENDED if unanswered else VoteStage.OPEN
        until = min((course.pauses[kind].start + procedure.clock_alarm for kind in unanswered), default=course.closes)
    elif stage is None:
        unanswered, counted = (), count.find_count_time(course.limit, course.closes)
        if course.now < counted:
            stage, until = VoteStage.COUNTING, course.limit
        else:
            tally = tally_vote(count.counts(), procedure, course.started.majority)
            stage, until = _result(tally, course, counted, electorate)
    return VoteFigures(
        stage,
        course.started,
        procedure,
        course.opened,
        course.closes,
        until,
        unanswered,
        count.turnout,
        tally,
    )


def _split_ballots(
    ballots: Sequence[CastBallot], last: int | None, closes: datetime, now: datetime
) -> tuple[Sequence[CastBallot], Sequence[CastBallot]]:
    """The ballots before the entry that closes the vote and before its end, and those after; none later than now."""
    # None of them moves the clock, and there may be a million.
    place = len(ballots) if last is None else bisect_left(ballots, last, key=itemgetter(0))
    latest = max(map(itemgetter(1), ballots), default=now)
    if place == len(ballots) and latest <= now and (latest < closes or not ballots):
        return ballots, ()
    behind = [one for one in ballots[place:] if one[1] <= now]
    in_time = [one for one in ballots[:place] if one[1] < closes and one[1] <= now]
    if len(in_time) == place:
        return in_time, behind
    return in_time, [*(one for one in ballots[:place] if closes <= one[1] <= now), *behind]


def _stop_clock(course: VoteCourse) -> VoteStage | None:
    """How alarms ended the vote; None where they did not. The first that did counts."""
    ends = []
    for kind, pause in course.pauses.items():
        answer = answer_to(kind, course.before, course.procedure)
        limit = pause.start + course.procedure.clock_alarm
        if answer is None and course.now >= limit:
            ends.append((limit, VoteStage.LAPSED))
        elif answer and isinstance(answer.event, AlarmAnswered) and answer.event.verdict is AlarmVerdict.NEW_ROLL:
            ends.append((answer.at, VoteStage.NEW_ROLL))
    return min(ends)[1] if ends else None


def _result(
    tally: VoteTally, course: VoteCourse, counted: datetime, electorate: Callable[[], Electorate]
) -> tuple[VoteStage, datetime | None]:
    """The stage after the count, and when it ends."""
    if not tally.passed:
        return VoteStage.FAILED, None
    if course.started.sent_back >= course.procedure.send_back_times:
        return VoteStage.PASSED, None
    until = counted + course.procedure.clock_send_back
    if course.now < until:
        return VoteStage.RETURNABLE, until
    if not any(isinstance(one.event, SendBackCast) for one in course.after):
        return VoteStage.PASSED, None
    wanted = sends_back(send_back_count(electorate(), course.after, counted, until), course.procedure)
    return (VoteStage.SENT_BACK if wanted else VoteStage.PASSED), None


def send_back_count(electorate: Electorate, after: Iterable[VoteEntry], start: datetime, end: datetime) -> HouseCount:
    """How the house of small firms voted on sending back; whoever is for it gives a reason; the last vote counts."""
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
