"""What a running vote's roll has to follow: members that lost their seats, and groups found to have one owner."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ewtp.core.values.sentence import Statement
from ewtp.core.votes import sentences
from ewtp.core.votes.vote_events import GroupsJoined, MembersStruck

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ewtp.core.votes.ballot_box import Electorate


def roll_changes(
    electorate: Electorate, seated: Collection[str], owners: Mapping[str, str]
) -> list[MembersStruck | GroupsJoined]:
    """The events that bring an electorate up to date; none where nothing changed.

    ``seated`` are the members that hold a verified seat now, ``owners`` the owner group of each organisation now. That
    a group falls apart changes nothing: it was one when the roll was frozen.
    """
    gone = sorted(electorate.groups.keys() - seated)
    found: list[MembersStruck | GroupsJoined] = []
    if gone:
        found.append(MembersStruck(tuple(gone), Statement(sentences.ROLL_SEAT_LOST).message))
    together: dict[str, set[str]] = defaultdict(set)
    for member, group in electorate.groups.items():
        if member in seated:
            together[owners.get(member, group)].add(group)
    for owner, groups in sorted(together.items()):
        if len(groups) > 1:
            into = owner if owner in groups else min(groups)
            found.append(GroupsJoined(tuple(sorted(groups)), into, Statement(sentences.ROLL_ONE_OWNER).message))
    return found
