"""The roll of a vote: which members may cast a ballot, frozen when the vote is opened, under one hash.

An owner group has one vote, in one house: that of its largest member. A member may cast its group's ballot once it has
been verified for the waiting period, and while it is active: whoever neither voted, sponsored nor traded for a year has
lapsed, and comes back by doing so, but not into a vote that is open already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.log.hash_tree import GrowingTree, leaf_hash, node_hash
from ewtp.core.log.proofs import prove_inclusion
from ewtp.core.organisations.house import House
from ewtp.core.organisations.organisation import OrganisationKind
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.ownership import STATE, OwnershipTie, Tie, owner_groups, state_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ewtp.core.votes.procedure import VoteProcedure

# Where members of one group belong to several houses, the group votes in the first of these.
LARGEST_FIRST = (House.GOVERNMENT, House.LARGE_FIRM, House.SMALL_FIRM, House.CIVIL_SOCIETY)


class Standing(StrEnum):
    """Whether a member may vote."""

    ENTITLED = "entitled"
    WAITING = "waiting"
    LAPSED = "lapsed"


@immutable
class VoteMember:
    """A verified organisation with a seat in a house.

    ``verifier`` is who verified it, ``verified`` since when, ``active`` the last day on which it voted, sponsored or
    traded (None where it never did), ``credential`` what identifies its secret ballots in public, or empty.
    """

    id: str
    house: House
    economy: str
    kind: OrganisationKind
    verifier: str
    verified: date
    active: date | None
    credential: str = ""

    def find_standing(self, procedure: VoteProcedure, day: date) -> Standing:
        """Whether it may vote in a vote that is opened on a day."""
        if self.verified + procedure.member_waiting > day:
            return Standing.WAITING
        if self.active is None or self.active + procedure.member_active < day:
            return Standing.LAPSED
        return Standing.ENTITLED


@immutable
class RollEntry:
    """One member on a roll, as it is hashed."""

    member: str
    group: str
    house: House
    economy: str
    verifier: str
    verified: date
    credential: str

    def as_json(self) -> dict[str, Any]:
        """The entry as JSON has it."""
        return {
            "credential": self.credential,
            "economy": self.economy,
            "group": self.group,
            "house": str(self.house),
            "member": self.member,
            "verified": self.verified.isoformat(),
            "verifier": self.verifier,
        }

    @property
    def leaf(self) -> bytes:
        """The hash of its leaf: of its canonical JSON, as RFC 9162 has it."""
        # Texts under ASCII keys are in the profile of canonical JSON as they are.
        return leaf_hash(orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS))


class VoteRoll:
    """The entries of a roll in order of their members; ValueError where a member is on it twice."""

    def __init__(self, entries: Iterable[RollEntry]) -> None:
        self.entries: tuple[RollEntry, ...] = tuple(sorted(entries, key=attrgetter("member")))
        if len(self.by_member) != len(self.entries):
            msg = "a member is on the roll twice"
            raise ValueError(msg)

    @cached_property
    def by_member(self) -> Mapping[str, RollEntry]:
        """The entries by member."""
        return {entry.member: entry for entry in self.entries}

    @cached_property
    def houses(self) -> Mapping[str, House]:
        """The house of each group."""
        return {entry.group: entry.house for entry in self.entries}

    @cached_property
    def active(self) -> Mapping[House, int]:
        """How many groups each house has."""
        return Counter(self.houses.values())

    @cached_property
    def root(self) -> bytes:
        """The root of the hash tree over the entries (RFC 9162)."""
        tree = GrowingTree()
        tree.extend(self._levels[0])
        return tree.root

    @cached_property
    def _levels(self) -> Sequence[Sequence[bytes]]:
        """The hashes of the complete nodes, by level and number."""
        levels = [[entry.leaf for entry in self.entries]]
        while len(levels[-1]) > 1:
            below = levels[-1]
            levels.append([node_hash(*pair) for pair in zip(below[::2], below[1::2], strict=False)])
        return levels

    def prove(self, member: str) -> tuple[bytes, ...]:
        """The proof that a member's entry is on the roll (RFC 9162, 2.1.3); KeyError where it is not."""
        index = self.entries.index(self.by_member[member])
        return prove_inclusion(index, len(self.entries), lambda level, number: self._levels[level][number])


def freeze_roll(
    members: Iterable[VoteMember], ties: Iterable[OwnershipTie], procedure: VoteProcedure, day: date
) -> VoteRoll:
    """The roll of a vote that is opened on a day, from all verified members and what is known of their owners."""
    everyone, known = list(members), list(ties)
    agencies = [each for each in everyone if each.kind is OrganisationKind.AGENCY]
    known += [OwnershipTie(state_id(each.economy), each.id, Tie.CONTROLS) for each in agencies]
    groups = owner_groups((each.id for each in everyone), known)
    houses: dict[str, set[House]] = defaultdict(set)
    for each in everyone:
        houses[groups[each.id]].add(each.house)
    return VoteRoll(
        RollEntry(
            each.id,
            group := groups[each.id],
            House.GOVERNMENT if group.startswith(STATE) else min(houses[group], key=LARGEST_FIRST.index),
            each.economy,
            each.verifier,
            each.verified,
            each.credential,
        )
        for each in everyone
        if each.find_standing(procedure, day) is Standing.ENTITLED
    )
