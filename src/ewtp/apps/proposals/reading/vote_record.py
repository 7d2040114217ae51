"""A vote as the log has it: its roll, its entries, and the state that follows from them at a moment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ewtp.apps.log.reading.event_trail import WAITING, TrailFilter, events_of_trails
from ewtp.apps.proposals.reading.ballot_count import active_groups, count_ballots
from ewtp.apps.proposals.store import models
from ewtp.core.organisations.house import House
from ewtp.core.votes.answering_body import hearings_of
from ewtp.core.votes.ballot_box import electorate_of
from ewtp.core.votes.roll import RollEntry, VoteRoll
from ewtp.core.votes.vote_count import count_vote
from ewtp.core.votes.vote_course import vote_course
from ewtp.core.votes.vote_event_reader import read_vote_event
from ewtp.core.votes.vote_events import VoteClosed, VoteEntry, VoteEventKind
from ewtp.core.votes.vote_state import VoteStage, vote_figures, vote_state

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from ewtp.apps.log.reading.event_trail import RecordedEvent
    from ewtp.core.votes.answering_body import AlarmHearing
    from ewtp.core.votes.ballot_box import Electorate
    from ewtp.core.votes.vote_course import VoteCourse
    from ewtp.core.votes.vote_events import AlarmKind
    from ewtp.core.votes.vote_state import VoteFigures, VoteState

SOURCE = "votes:"
# Heartbeats are about the hub and not about one vote.
HUB = "hub"
# What a vote may have a million of.
_BALLOTS = (VoteEventKind.CAST, VoteEventKind.UNSEALED)
# The ends of votes whose ballots were counted.
_COUNTED = (VoteStage.PASSED, VoteStage.FAILED, VoteStage.SENT_BACK)


class VoteRecord:
    """A vote with what its state follows from, and why what passed was not given effect, as a refusal's JSON.

    ``entries`` are all but the ballots and their openings, as they were when the record was made. Where a vote stands
    needs no more: the database counts the ballots. They and the roll are read once somebody asks for them.
    """

    def __init__(self, row: models.Vote) -> None:
        self.id, self.proposal, self.refused = row.id, row.proposal_id, row.refused
        self._row = row
        self.entries = _read_entries(row, without=_BALLOTS)
        self._courses: dict[datetime, VoteCourse] = {}

    @cached_property
    def roll(self) -> VoteRoll:
        """The roll on which the vote was opened."""
        return roll_of(self._row)

    @cached_property
    def active(self) -> Mapping[House, int]:
        """How many groups each house has on that roll."""
        return active_groups(self.id)

    @cached_property
    def all_entries(self) -> tuple[VoteEntry, ...]:
        """The entries with every ballot and its opening, read at once."""
        return _read_entries(self._row)

    @property
    def is_numbered(self) -> bool:
        """Whether every entry has its number in the log."""
        return all(has_number(each) for each in self.all_entries)

    @property
    def is_closed(self) -> bool:
        """Whether the hub has written that the vote is closed: no ballot that is written after that counts."""
        return any(isinstance(each.event, VoteClosed) for each in self.entries)

    def state(self, now: datetime) -> VoteState:
        """The state of the vote at a moment, with every ballot; ValueError where its roll is not the logged one."""
        return vote_state(self.all_entries, self.roll, now)

    def course(self, now: datetime) -> VoteCourse:
        """How the vote went by the clock, which no ballot moves."""
        if now not in self._courses:
            self._courses[now] = vote_course(self.entries, lambda: self.roll, now)
        return self._courses[now]

    def find_figures(self, now: datetime) -> VoteFigures:
        """The same with the ballots as figures that the database counts, on the roll as it is stored."""
        course = self.course(now)
        if course.closing is not None and course.closing >= WAITING:
            # Which ballots have their numbers before it is not known until it has its own.
            return self.state(now)
        count = count_vote(course.started, count_ballots(self.id, course), course.after)
        return vote_figures(course, count, lambda: electorate_of(course.before, self.roll))

    def electorate(self, now: datetime) -> Electorate:
        """The roll after the strikes and joined groups of the vote."""
        return electorate_of(self.course(now).before, self.roll)

    def hearings(self, now: datetime) -> dict[AlarmKind, AlarmHearing]:
        """Who answers each kind of alarm that stops the clock, and what was said."""
        return hearings_of((one for one in self.entries if one.at <= now), self.roll)


def has_number(entry: VoteEntry) -> bool:
    """Whether an entry has its number in the log."""
    return entry.index < WAITING


def vote_of(proposal: str) -> VoteRecord | None:
    """The latest vote on a proposal; None where there was none."""
    row = models.Vote.objects.filter(proposal_id=proposal).order_by("-opened").first()
    return None if row is None else VoteRecord(row)


def open_votes() -> list[VoteRecord]:
    """The votes that have not ended, the oldest first."""
    return [VoteRecord(row) for row in models.Vote.objects.filter(ended="").order_by("opened")]


def list_ended_votes(*, before: datetime, most: int) -> list[VoteRecord]:
    """The last counted votes that were opened before a moment, the oldest first."""
    rows = models.Vote.objects.filter(ended__in=_COUNTED, opened__lt=before).order_by("-opened")[:most]
    return [VoteRecord(row) for row in reversed(rows)]


def roll_of(row: models.Vote) -> VoteRoll:
    """The roll on which a vote was opened, as it is stored."""
    return VoteRoll(
        RollEntry(
            each.member, each.group, House(each.house), each.economy, each.verifier, each.verified, each.credential
        )
        for each in row.roll.all()
    )


def _read_entries(row: models.Vote, without: Collection[str] = ()) -> tuple[VoteEntry, ...]:
    """The entries about a vote, those that have no number yet included, and the heartbeats behind its opening."""
    own, beats = events_of_trails(
        TrailFilter(row.id, SOURCE, tuple(without)), TrailFilter(HUB, SOURCE, since=row.opened)
    )
    return tuple(_entries([*own, *(each for each in beats if _is_behind(each, own[0].index))]))


def _is_behind(beat: RecordedEvent, start: int | None) -> bool:
    """Whether the log has a heartbeat behind the entry which opened a vote."""
    return beat.index is None or (start is not None and beat.index > start)


def _entries(recorded: Iterable[RecordedEvent]) -> list[VoteEntry]:
    """The entries in the order of the log; those that have no number yet follow in the order of their queue."""
    found = (VoteEntry(each.place, each.at, read_vote_event(each.kind, each.payload)) for each in recorded)
    return sorted(found, key=lambda one: one.index)
