"""What the entries of a vote make of its roll: members are struck, and groups of one owner are joined."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable
from ewtp.core.votes.roll import LARGEST_FIRST
from ewtp.core.votes.vote_events import AlarmAnswered, AlarmVerdict, GroupsJoined, MembersStruck

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.organisations.house import House
    from ewtp.core.votes.vote_events import VoteEntry


@immutable
class RollEdits:
    """What a roll has become: ``struck`` members, and the group that each joined group belongs to now.

    ``houses`` has the house of each group that others were joined into.
    """

    struck: frozenset[str]
    joined: Mapping[str, str] = field(hash=False)
    houses: Mapping[str, House] = field(hash=False)


def roll_edits(entries: Iterable[VoteEntry], houses: Mapping[str, House]) -> RollEdits:
    """What the strikes and joined groups among the entries make of a roll whose groups have these ``houses``.

    Of the roll's groups those are needed that an entry joins. Groups are joined into one of them that is on the roll,
    and vote in the house of the largest; an entry that names another does nothing.
    """
    struck: set[str] = set()
    joined: dict[str, str] = {}
    merged: dict[str, House] = {}
    for one in entries:
        event = one.event
        if isinstance(event, MembersStruck):
            struck.update(event.members)
        elif isinstance(event, AlarmAnswered) and event.verdict is AlarmVerdict.STRIKES:
            struck.update(event.struck)
        elif isinstance(event, GroupsJoined):
            those = {*event.groups, event.into} & houses.keys()
            if event.into in those:
                own = (merged.get(group, houses[group]) for group in those)
                merged[event.into] = min(own, key=LARGEST_FIRST.index)
                for group in those:
                    joined.setdefault(group, group)
                joined = {group: event.into if now in those else now for group, now in joined.items()}
    return RollEdits(frozenset(struck), joined, merged)
