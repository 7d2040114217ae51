"""Owner groups: who is controlled by one owner has one vote, and who is held by one owner is a bloc.

``controls`` is more than half of the capital or declared control; ``holds`` is a quarter or more. Holding does not join
groups: a fund with 26% of forty firms must not silence them. Organisations for which one identifier is verified are one
firm, whatever it declares of its owners.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATE = "state:"
_CONTROLS, _HOLDS = Fraction(1, 2), Fraction(1, 4)


class Tie(StrEnum):
    """How an owner is tied to what it owns, or two organisations that are one firm by an identifier of both."""

    CONTROLS = "controls"
    HOLDS = "holds"
    SHARES_IDENTIFIER = "shares_identifier"


_JOINS = frozenset({Tie.CONTROLS, Tie.SHARES_IDENTIFIER})


@immutable
class OwnershipTie:
    """``owner`` controls or holds ``owned``: ids of organisations, or of a state (``state:`` and two letters).

    Of two that share an identifier neither owns the other, and either may come first.
    """

    owner: str
    owned: str
    tie: Tie


def state_id(economy: str) -> str:
    """The id of a state as an owner: its agencies and the firms that it controls are one group."""
    return f"{STATE}{economy}"


def tie_of(owner: str, owned: str, share: Fraction, *, declared_control: bool = False) -> OwnershipTie | None:
    """The tie that a share of the capital or of the votes makes; None below a quarter."""
    if declared_control or share > _CONTROLS:
        return OwnershipTie(owner, owned, Tie.CONTROLS)
    return OwnershipTie(owner, owned, Tie.HOLDS) if share >= _HOLDS else None


def owner_groups(ids: Iterable[str], ties: Iterable[OwnershipTie]) -> dict[str, str]:
    """The group of each id and of each owner named in a tie, by union-find over control and shared identifiers.

    A group has the id of its state, else the lowest id in it. No tie joins two states: a firm that two states control
    is in the group of the one that is first by id.
    """
    parents: dict[str, str] = {each: each for each in ids}
    joined = sorted((one.owner, one.owned) for one in ties if one.tie in _JOINS)
    for pair in joined:
        for each in pair:
            parents.setdefault(each, each)
    # States first, so that what two states control through others falls to one of them whatever the order was.
    for owner, owned in sorted(joined, key=lambda pair: (not pair[0].startswith(STATE), pair)):
        one, other = _root(parents, owner), _root(parents, owned)
        if one != other and not (one.startswith(STATE) and other.startswith(STATE)):
            first, second = sorted((one, other), key=_precedence)
            parents[second] = first
    # Most are a group of their own.
    return {each: each if parent == each else _root(parents, each) for each, parent in list(parents.items())}


def find_held_groups(groups: Mapping[str, str], ties: Iterable[OwnershipTie]) -> dict[str, frozenset[str]]:
    """By group that holds others, the groups that it holds, also through groups that those hold in turn."""
    below: dict[str, set[str]] = {}
    for one in ties:
        if one.tie is Tie.SHARES_IDENTIFIER:
            continue
        owner, owned = groups.get(one.owner, one.owner), groups.get(one.owned, one.owned)
        if owner != owned:
            below.setdefault(owner, set()).add(owned)
    return {owner: frozenset(_reach_groups(owner, below) - {owner}) for owner in sorted(below)}


def _precedence(node: str) -> tuple[bool, str]:
    return (not node.startswith(STATE), node)


def _root(parents: dict[str, str], node: str) -> str:
    """The root of a node; every node on the way is put below it."""
    way = [node]
    while parents[way[-1]] != way[-1]:
        way.append(parents[way[-1]])
    for each in way:
        parents[each] = way[-1]
    return way[-1]


def _reach_groups(start: str, below: Mapping[str, set[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for each in below.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
