"""The ballots of a vote counted by house: everything that its stage and its result depend on.

Whoever has the ballots makes it of them (``ballot_box``); a database counts the same by itself, where there are many.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.ballot import BallotMode
from ewtp.core.votes.vote_events import VoteCounted
from ewtp.core.votes.vote_tally import HOUSES, HouseCount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.core.votes.vote_events import VoteEntry, VoteStarted


@immutable
class HouseBallots:
    """The last valid ballots of a house's groups, of which it has ``active``.

    ``closed`` are those that nobody has opened; ``opened`` is when the last sealed one was, None where none was.
    """

    house: House
    active: int
    closed: int
    yes: int
    no: int
    abstain: int
    opened: datetime | None = None

    @property
    def cast(self) -> int:
        """Groups that cast a ballot."""
        return self.closed + self.yes + self.no + self.abstain


@immutable
class VoteCount:
    """The ballots of every house, and of those that vote in secret the figures of their trustees with their moments."""

    houses: Mapping[House, HouseBallots] = field(hash=False)
    secret: frozenset[House]
    counted: Mapping[House, tuple[datetime, HouseCount]] = field(hash=False)

    @property
    def turnout(self) -> Mapping[House, int]:
        """How many groups of each house cast a ballot."""
        return {house: self.houses[house].cast for house in HOUSES}

    def find_count_time(self, limit: datetime, closes: datetime) -> datetime:
        """When everything was opened and counted: not before the vote closes, and at the limit in any case."""
        moments = [closes]
        for house, ballots in self.houses.items():
            if house in self.secret:
                moments.append(self.counted[house][0] if house in self.counted else limit)
            elif ballots.closed:
                moments.append(limit)
            elif ballots.opened is not None:
                moments.append(ballots.opened)
        return min(max(moments), limit)

    def counts(self) -> tuple[HouseCount, ...]:
        """How each house voted; a ballot that was not opened counts for nothing."""
        return tuple(
            self.counted[house][1]
            if house in self.counted
            else HouseCount(house, one.active, one.yes, one.no, one.abstain)
            for house, one in ((house, self.houses[house]) for house in HOUSES)
        )


def count_vote(started: VoteStarted, houses: Iterable[HouseBallots], after: Iterable[VoteEntry]) -> VoteCount:
    """The count of a vote from the ballots of every house and the entries ``after`` it closed, in their order.

    Of a secret house the first count holds that has no more ballots than were cast.
    """
    by_house, secret = {one.house: one for one in houses}, frozenset(started.secret)
    found: dict[House, tuple[datetime, HouseCount]] = {}
    for one in after if secret else ():
        if isinstance(one.event, VoteCounted):
            for house in secret & {House(name) for name in one.event.houses}:
                figures, ballots = one.event.houses[str(house)], by_house[house]
                if house not in found and min(figures) >= 0 and sum(figures) <= ballots.cast:
                    found[house] = (one.at, HouseCount(house, ballots.active, *figures))
    return VoteCount(by_house, secret, found)


def ballot_mode(started: VoteStarted, house: House) -> BallotMode:
    """In which way a house votes."""
    return BallotMode.SECRET if house in started.secret else started.mode
