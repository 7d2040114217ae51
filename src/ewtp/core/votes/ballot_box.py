"""What is in the box: the last ballot of each owner group, whether it was opened, and which ballots are void."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement
from ewtp.core.votes import sentences
from ewtp.core.votes.ballot import NONCE, BallotMode, BallotReceipt
from ewtp.core.votes.roll_edits import roll_edits
from ewtp.core.votes.vote_count import HouseBallots, VoteCount, ballot_mode, count_vote
from ewtp.core.votes.vote_events import BallotsUnsealed, UnsealedBallot, VoteStarted
from ewtp.core.votes.vote_tally import HOUSES, Choice, HouseCount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ewtp.core.organisations.house import House
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import CastBallot, VoteEntry

_SEAL = re.compile(r"[0-9a-f]{64}\Z")


@immutable
class VoidBallot:
    """A ballot, or the opening of one, that does not count: the index of its entry, and why."""

    index: int
    reason: Statement


@immutable
class CountedBallot:
    """The last ballot of a group: ``choice`` is None while it is sealed; ``known_at`` when it was cast or opened."""

    index: int
    member: str
    seal: str
    choice: Choice | None
    known_at: datetime


@immutable
class Electorate:
    """The roll after strikes and joined groups: the group of each member that is left, and the house of each group."""

    groups: Mapping[str, str] = field(hash=False)
    houses: Mapping[str, House] = field(hash=False)
    struck: frozenset[str]

    @property
    def active(self) -> Mapping[House, int]:
        """How many groups each house has."""
        return Counter(self.houses.values())


@immutable
class BallotBox:
    """The ballots of a vote by group, and their count."""

    electorate: Electorate
    ballots: Mapping[str, CountedBallot] = field(hash=False)
    count: VoteCount
    void: tuple[VoidBallot, ...] = ()

    @property
    def secret(self) -> frozenset[House]:
        """The houses that vote in secret."""
        return self.count.secret

    @property
    def counted(self) -> Mapping[House, tuple[datetime, HouseCount]]:
        """The figures of secret houses, with the moment of each."""
        return self.count.counted

    @property
    def turnout(self) -> Mapping[House, int]:
        """How many groups of each house cast a ballot."""
        return self.count.turnout

    def counts(self) -> tuple[HouseCount, ...]:
        """How each house voted; a ballot that was not opened counts for nothing."""
        return self.count.counts()


def fill_ballot_box(
    started: VoteStarted,
    cast: tuple[Sequence[CastBallot], Sequence[CastBallot]],
    others: tuple[Sequence[VoteEntry], Sequence[VoteEntry]],
    roll: VoteRoll,
    closes: datetime,
) -> BallotBox:
    """The box of a vote from the ballots ``cast`` before it closes and after, and the other entries before and after.

    All are in order of their index. Strikes and joined groups count while the vote is open: afterwards somebody may
    know whom they would serve.
    """
    before, after = others
    electorate = electorate_of(before, roll)
    modes = {house: ballot_mode(started, house) for house in HOUSES}
    void: list[VoidBallot] = []
    ballots = {
        group: CountedBallot(index, member, seal, choice, at)
        for group, (index, at, member, choice, seal) in _last_ballots(cast[0], modes, electorate, void).items()
    }
    late = Statement(sentences.BALLOT_LATE, {"end": _moment_text(closes)})
    void += [VoidBallot(index, late) for index, *_ in cast[1]]
    groups = {ballot.index: group for group, ballot in ballots.items()}
    unsealed = ((one.at, one.event.ballots) for one in after if isinstance(one.event, BallotsUnsealed))
    for at, each in ((at, each) for at, those in unsealed for each in those):
        group = groups.get(each.index)
        # A ballot that a later one replaced needs no opening, and nothing is opened twice.
        if group is None or ballots[group].choice is not None:
            continue
        opened = _open_ballot(started.vote, ballots[group], each, at)
        if opened is None:
            void.append(VoidBallot(each.index, Statement(sentences.BALLOT_UNSEALED)))
        else:
            ballots[group] = opened
    count = count_vote(started, _ballots_by_house(electorate, ballots), after)
    return BallotBox(electorate, ballots, count, tuple(void))


def _ballots_by_house(electorate: Electorate, ballots: Mapping[str, CountedBallot]) -> list[HouseBallots]:
    """What the ballots of each house say, as far as they were opened."""
    said = Counter((electorate.houses[group], ballot.choice) for group, ballot in ballots.items())
    opened: dict[House, datetime] = {}
    for group, ballot in ballots.items():
        if ballot.seal and ballot.choice is not None:
            house = electorate.houses[group]
            opened[house] = max(opened.get(house, ballot.known_at), ballot.known_at)
    active = electorate.active
    return [
        HouseBallots(
            house,
            active[house],
            said[house, None],
            said[house, Choice.FOR],
            said[house, Choice.AGAINST],
            said[house, Choice.ABSTAIN],
            opened.get(house),
        )
        for house in HOUSES
    ]


def electorate_of(entries: Iterable[VoteEntry], roll: VoteRoll) -> Electorate:
    """The roll after the strikes and joined groups among the entries."""
    edits = roll_edits(entries, roll.houses)
    groups = {entry.member: edits.joined.get(entry.group, entry.group) for entry in roll.entries}
    houses = {**roll.houses, **edits.houses}
    left = {member: group for member, group in groups.items() if member not in edits.struck}
    present = set(left.values())
    return Electorate(
        left, {group: house for group, house in houses.items() if group in present}, edits.struck & groups.keys()
    )


def _moment_text(moment: datetime) -> str:
    """A moment as sentences have it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _last_ballots(
    cast: Sequence[CastBallot], modes: Mapping[House, BallotMode], electorate: Electorate, void: list[VoidBallot]
) -> dict[str, CastBallot]:
    """The last valid ballot of each group; those that are void are added to ``void``."""
    if set(modes.values()) == {BallotMode.OPEN} and not any(one[4] or one[3] is None for one in cast):
        # Where each says its choice, none is void but those of somebody who is not on the roll.
        by_member = {ballot[2]: ballot for ballot in cast}
        if by_member.keys() <= electorate.groups.keys():
            return _last_of_groups(by_member, electorate)
    # There may be a million ballots of a hundred thousand groups: each looks up its member and nothing else. A slot has
    # whether its group votes in the open, and its last ballot so far.
    slots: dict[str, list[Any]] = {
        group: [modes[house] is BallotMode.OPEN, None] for group, house in electorate.houses.items()
    }
    places = {member: slots[group] for member, group in electorate.groups.items()}
    for ballot in cast:
        index, _, member, choice, seal = ballot
        slot = places.get(member)
        if slot is None:
            is_struck = member in electorate.struck
            reason = sentences.BALLOT_STRUCK if is_struck else sentences.BALLOT_MEMBER_UNKNOWN
            void.append(VoidBallot(index, Statement(reason, {"member": member})))
        elif (choice is not None and not seal) if slot[0] else (choice is None and _SEAL.match(seal)):
            slot[1] = ballot
        else:
            mode = modes[electorate.houses[electorate.groups[member]]]
            void.append(VoidBallot(index, Statement(sentences.BALLOT_MODE_WRONG, {"mode": f"ballot:{mode}"})))
    return {group: slot[1] for group, slot in slots.items() if slot[1] is not None}


def _last_of_groups(by_member: Mapping[str, CastBallot], electorate: Electorate) -> dict[str, CastBallot]:
    """The last ballot of each group, from that of each member; in the order of the roll."""
    found: dict[str, CastBallot] = {}
    for member, ballot in by_member.items():
        group = electorate.groups[member]
        earlier = found.get(group)
        if earlier is None or earlier[0] < ballot[0]:
            found[group] = ballot
    return {group: found[group] for group in electorate.houses if group in found}


def _open_ballot(vote: str, sealed: CountedBallot, opened: UnsealedBallot, at: datetime) -> CountedBallot | None:
    """The ballot with its choice; None where the nonce and the choice are not those that were sealed."""
    if not NONCE.match(opened.nonce):
        return None
    seal = BallotReceipt(vote, sealed.member, opened.choice, opened.nonce).seal
    return CountedBallot(sealed.index, sealed.member, sealed.seal, opened.choice, at) if seal == sealed.seal else None
