"""The rolls of votes as lines of a bundle; the log has their roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.proposals.reading.vote_record import roll_of
from ewtp.apps.proposals.store import models
from ewtp.core.log.bundle_format import roll_line
from ewtp.core.votes.vote_events import VoteEventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

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
