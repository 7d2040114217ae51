"""A vote as the API writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.votes.vote_state import VoteFigures


def tally_json(record: VoteRecord, state: VoteFigures) -> dict[str, Any]:
    """The state of a vote; its shares are null while it runs."""
    started = state.started
    return {
        "vote": record.id,
        "on": started.on,
        "stage": state.stage,
        "opened": state.opened.isoformat(),
        "closes": state.closes.isoformat(),
        "until": None if state.until is None else state.until.isoformat(),
        "mode": started.mode,
        "majority": started.majority,
        "roll_root": started.roll_root,
        "active": {str(house): count for house, count in record.active.items()},
        "turnout": {str(house): count for house, count in state.turnout.items()},
        "refused": record.refused.get("code"),
        "tally": None if state.tally is None else state.tally.as_json(),
    }
