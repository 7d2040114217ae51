"""A vote as the log has it: its roll, its entries, and the state that follows from them at a moment."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.proposals.store import models
from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.answering_body import hearings_of
from ewtp.core.votes.roll import RollEntry, VoteRoll
from ewtp.core.votes.vote_event_reader import read_vote_event
from ewtp.core.votes.vote_events import VoteClosed, VoteEntry
from ewtp.core.votes.vote_state import VoteStage, vote_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.apps.log.reading.event_trail import RecordedEvent
    from ewtp.core.votes.answering_body import AlarmHearing
    from ewtp.core.votes.vote_events import AlarmKind
    from ewtp.core.votes.vote_state import VoteState

SOURCE = "votes:"
# Heartbeats are about the hub and not about one vote.
HUB = "hub"
# The number of an entry that has none yet is behind all that have one.
_UNNUMBERED = 2**62
# The ends of votes whose ballots were counted.
_COUNTED = (VoteStage.PASSED, VoteStage.FAILED, VoteStage.SENT_BACK)


@immutable
class VoteRecord:
    """A vote with what its state follows from, and why what passed was not given effect, as a refusal's JSON."""

    id: str
    proposal: str
    roll: VoteRoll
    entries: tuple[VoteEntry, ...]
    refused: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def state(self, now: datetime) -> VoteState:
        """The state of the vote at a moment."""
        return vote_state(self.entries, self.roll, now)

    def hearings(self, now: datetime) -> dict[AlarmKind, AlarmHearing]:
        """Who answers each kind of alarm that stops the clock, and what was said."""
        return hearings_of((one for one in self.entries if one.at <= now), self.roll)

    @property
    def is_numbered(self) -> bool:
        """Whether every entry has its number in the log."""
        return all(has_number(each) for each in self.entries)

    @property
    def is_closed(self) -> bool:
        """Whether the hub has written that the vote is closed: no ballot that is written after that counts."""
        return any(isinstance(each.event, VoteClosed) for each in self.entries)


def has_number(entry: VoteEntry) -> bool:
    """Whether an entry has its number in the log."""
    return entry.index < _UNNUMBERED


def vote_of(proposal: str) -> VoteRecord | None:
    """The latest vote on a proposal; None where there was none."""
    row = models.Vote.objects.filter(proposal_id=proposal).order_by("-opened").first()
    return None if row is None else vote_record(row)


def open_votes() -> list[VoteRecord]:
    """The votes that have not ended, the oldest first."""
    return [vote_record(row) for row in models.Vote.objects.filter(ended="").order_by("opened")]


def ended_votes(*, before: datetime, most: int) -> list[VoteRecord]:
    """The last counted votes that were opened before a moment, the oldest first."""
    rows = models.Vote.objects.filter(ended__in=_COUNTED, opened__lt=before).order_by("-opened")[:most]
    return [vote_record(row) for row in reversed(rows)]


def roll_of(row: models.Vote) -> VoteRoll:
    """The roll on which a vote was opened, as it is stored."""
    return VoteRoll(
        RollEntry(
            each.member, each.group, House(each.house), each.economy, each.verifier, each.verified, each.credential
        )
        for each in row.roll.all()
    )


def vote_record(row: models.Vote) -> VoteRecord:
    """A vote with its roll and its entries, those that have no number yet included."""
    own = events_about(row.id, source=SOURCE)
    recorded = [*own, *_beats_behind(own[0].index, row.opened)]
    return VoteRecord(row.id, row.proposal_id, roll_of(row), tuple(_entries(recorded)), row.refused)


def _beats_behind(start: int | None, opened: datetime) -> list[RecordedEvent]:
    """The heartbeats that the log has behind the entry which opened a vote."""
    return [
        each
        for each in events_about(HUB, source=SOURCE)
        if each.at >= opened and (each.index is None or (start is not None and each.index > start))
    ]


def _entries(recorded: Iterable[RecordedEvent]) -> list[VoteEntry]:
    """The entries in the order of the log; those that have no number yet follow in the order of their moments."""
    waiting = 0
    found = []
    for each in recorded:
        index = each.index
        if index is None:
            index, waiting = _UNNUMBERED + waiting, waiting + 1
        found.append(VoteEntry(index, each.at, read_vote_event(each.kind, each.payload)))
    return sorted(found, key=lambda one: one.index)
