"""Who holds the keys of a secret ballot: one organisation of each house, and a fifth that the log draws."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.votes.vote_tally import HOUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ewtp.core.organisations.house import House

TRUSTEES = 5


def draw_trustee(
    named: Sequence[str], houses: Mapping[str, House], groups: Mapping[str, str], root: bytes, election: str
) -> str | None:
    """The fifth trustee beside four that are named; None where nobody of another owner group is left.

    Members of other groups are ordered by SHA-256 over the root and the canonical JSON of election and member.
    """
    taken = {groups.get(each, each) for each in named}

    def order(member: str) -> bytes:
        return hashlib.sha256(root + canonical_json({"election": election, "member": member})).digest()

    return min((each for each in houses if groups.get(each, each) not in taken), key=order, default=None)


def are_of_each_house(named: Sequence[str], houses: Mapping[str, House], groups: Mapping[str, str]) -> bool:
    """Whether these are members of one house each and of as many owner groups."""
    seats = [houses.get(each) for each in named]
    return sorted(map(str, seats)) == sorted(map(str, HOUSES)) and len({groups.get(each) for each in named}) == len(
        named
    )
