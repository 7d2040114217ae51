"""The figures of a vote that has ended, written into the log for everybody to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.actions.events import event_append
from ewtp.core.values.actor import system_actor
from ewtp.core.votes.vote_events import ResultPublished

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.votes.vote_state import VoteState

_CLOCK = system_actor("clock")


def result_publish(*, vote: VoteRecord, state: VoteState, now: datetime) -> None:
    """Write the result of a vote, house by house, in the caller's transaction."""
    tally = state.tally
    counts = () if tally is None else tally.counts
    payload = ResultPublished(
        stage=str(state.stage),
        houses={str(one.house): (one.active, one.yes, one.no, one.abstain) for one in counts},
        mean_share="" if tally is None or tally.mean_share is None else str(tally.mean_share),
    )
    event_append(subject=vote.id, actor=_CLOCK, payload=payload, now=now)
