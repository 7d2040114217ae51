"""Which ballots of a secret house are in its archive: those that count, and those that they replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.votes.ballot_box import BallotBox
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import CastBallot


@immutable
class ArchivedSeals:
    """The digests of ballots in the order of the log: ``cast`` are all in the archive, ``counted`` the last of each.

    ``indices`` has the number of the entry of each.
    """

    cast: tuple[str, ...]
    counted: tuple[str, ...]
    indices: tuple[int, ...]


def read_archived_seals(ballots: Iterable[CastBallot], box: BallotBox, roll: VoteRoll) -> ArchivedSeals:
    """The ballots of the archive. Those of members that were struck, or that a joined group replaced, are not in it."""
    void = {each.index for each in box.void}
    last = {
        ballot.seal: roll.by_member[ballot.member].credential
        for group, ballot in box.ballots.items()
        if box.electorate.houses[group] in box.secret
    }
    counting = set(last.values())
    cast = [
        (index, seal)
        for index, _, member, _, seal in ballots
        if index not in void and member in roll.by_member and roll.by_member[member].credential in counting
    ]
    # In the order of the log: of two ballots of one moment the later entry counts.
    cast.sort()
    seals = tuple(seal for _, seal in cast)
    return ArchivedSeals(seals, tuple(seal for seal in seals if seal in last), tuple(index for index, _ in cast))
