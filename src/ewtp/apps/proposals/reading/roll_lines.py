"""What a bundle has of votes beside the log: their rolls, of which it has the roots, and archives of secret ballots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.proposals.reading.election_record import election_archive
from ewtp.apps.proposals.reading.vote_record import VoteRecord, roll_of
from ewtp.apps.proposals.store import models
from ewtp.core.log.bundle_format import archive_lines, roll_line
from ewtp.core.votes.vote_events import VoteEventKind
from ewtp.core.votes.vote_state import takes_ballots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

# An entry of a roll takes about 250 bytes.
_AT_ONCE = 500


def roll_lines(since: int = 0) -> Iterator[bytes]:
    """The roll of every vote that the log opened from entry ``since`` on, the oldest vote first."""
    for row in models.Vote.objects.order_by("opened"):
        opened = events_about(row.id, source=VoteEventKind.STARTED)
        if opened and opened[0].index is not None and opened[0].index >= since:
            entries = [each.as_json() for each in roll_of(row).entries]
            for start in range(0, len(entries), _AT_ONCE):
                yield roll_line(row.id, entries[start : start + _AT_ONCE])


def election_lines(now: datetime, since: int = 0) -> Iterator[bytes]:
    """The archive of every secret ballot that is over and was opened from entry ``since`` on, the oldest first.

    While ballots are cast the archive may have one that the log has not numbered yet.
    """
    for own in models.Vote.objects.filter(election__isnull=False).select_related("election").order_by("opened"):
        row, vote = own.election, VoteRecord(own)
        if vote.is_numbered and vote.entries[0].index >= since and not takes_ballots(vote.course(now)):
            yield from archive_lines(vote.id, election_archive(row, vote, now))
