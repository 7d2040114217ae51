"""A vote as the entries of a bundle give it, before anything is recounted."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.house import House
from ewtp.core.votes.roll import RollEntry, VoteRoll
from ewtp.core.votes.vote_state import VoteStage, vote_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.core.recount.organisations_so_far import OwnersKnown
    from ewtp.core.votes.vote_events import CastBallot, ResultPublished, VoteEntry, VoteStarted
    from ewtp.core.votes.vote_state import VoteState

# The outcome of a proposal by each end of its vote, as the log has it of the proposal.
OUTCOMES = {
    VoteStage.PASSED: "passed",
    VoteStage.FAILED: "failed",
    VoteStage.SENT_BACK: "sent_back",
    VoteStage.LAPSED: "new_roll",
    VoteStage.NEW_ROLL: "new_roll",
}

_HOUSES = {str(house): house for house in House}
_COUNTED = frozenset({"passed", "failed", "sent_back"})


@dataclass(slots=True)
class LoggedVote:
    """A vote with its entries, the ballots apart, the part of its roll that was given, and what was stated of its end.

    ``outcomes`` are the outcomes of the proposal that the log states, ``results`` the figures that were published, each
    with index and moment. ``owners`` is what the entries before say of the owners of everybody on the roll, None where
    some of them are not shown, and ``owners_at`` the same at the entries that state something about owners.
    ``archive`` is that of a secret ballot, ``decryptions`` index, trustee and digest of what trustees gave.
    ``earlier`` are the votes that the log opened before.
    """

    id: str
    index: int
    started: VoteStarted
    proposal: str
    entries: list[VoteEntry]
    ballots: list[CastBallot] = field(default_factory=list)
    given: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[tuple[int, datetime, str]] = field(default_factory=list)
    results: list[tuple[int, datetime, ResultPublished]] = field(default_factory=list)
    owners: OwnersKnown | None = None
    owners_at: dict[int, OwnersKnown] = field(default_factory=dict)
    archive: bytes = b""
    decryptions: list[tuple[int, int, str]] = field(default_factory=list)
    earlier: list[LoggedVote] = field(default_factory=list)
    # The numbers of the entries by which a result that was there was undone.
    undone: list[int] = field(default_factory=list)

    def state(self, roll: VoteRoll, moment: datetime, before: int | None = None) -> VoteState:
        """The state of the vote at a moment, from all entries or those before one."""
        entries, ballots = self.entries, self.ballots
        if before is not None:
            entries = [one for one in entries if one.index < before]
            ballots = ballots[: bisect_left(ballots, before, key=itemgetter(0))]
        return vote_state(entries, roll, moment, ballots)

    def is_counted_before(self, index: int) -> bool:
        """Whether the log states, before an entry, that the vote was counted."""
        return any(place < index and outcome in _COUNTED for place, _, outcome in self.outcomes)

    def roll(self) -> VoteRoll | None:
        """The roll whose root was logged; None where the one that was given is another."""
        try:
            found = VoteRoll(map(_roll_entry, self.given))
        except (KeyError, TypeError, ValueError):
            return None
        return found if found.root.hex() == self.started.roll_root else None


def _roll_entry(given: Mapping[str, Any]) -> RollEntry:
    return RollEntry(
        given["member"],
        given["group"],
        _HOUSES[given["house"]],
        given["economy"],
        given["verifier"],
        date.fromisoformat(given["verified"]),
        given["credential"],
    )
