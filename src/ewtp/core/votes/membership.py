"""Who is a member of the houses on a day, from what is known of every organisation and of what it did."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import seat_of
from ewtp.core.organisations.identifier import Scheme
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.organisations.shareholder import WHOLE
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.ownership import OwnershipTie, Tie, owner_groups, state_id, tie_of
from ewtp.core.votes.roll import VoteMember

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation


_SUBJECTS = {each: Subject(each.value) for each in Scheme}


@immutable
class HouseMembership:
    """The members of the houses, what is known of their owners, and the owner group of every organisation."""

    members: tuple[VoteMember, ...]
    ties: tuple[OwnershipTie, ...]
    groups: Mapping[str, str]


def house_membership(known: Mapping[str, Organisation], acts: Mapping[str, date], day: date) -> HouseMembership:
    """The membership on a day: organisations whose seat is verified then.

    ``acts`` has the last day on which an organisation drafted, sponsored or voted; it is active from the later of that
    and the last day on which another verified it, since whoever verifies it has seen its trade or its work.
    """
    ties = owner_ties(known, day)
    members = (_find_member(each, known, acts, day) for each in known.values())
    found = tuple(each for each in members if each is not None)
    return HouseMembership(found, tuple(ties), owner_groups(known, ties))


def owner_ties(known: Mapping[str, Organisation], day: date) -> list[OwnershipTie]:
    """Who controls whom: owners that agreed to be named so, and states their agencies; who holds whom, and who is one.

    What an organisation says of its owner or its identifiers alone joins nothing: it would let anybody vote in the name
    of another. Of ``known``, identifiers that no other has may be left out.
    """
    named = ((each.find_controller(day), each.id) for each in known.values())
    ties = [OwnershipTie(owner, owned, Tie.CONTROLS) for owner, owned in named if owner]
    agencies = (each for each in known.values() if each.kind is OrganisationKind.AGENCY)
    holdings = ((held, each.id) for each in known.values() for held in each.find_holders(day))
    made = (tie_of(held.owner, owned, Fraction(held.share, WHOLE)) for held, owned in holdings)
    ties += [tie for tie in made if tie is not None]
    ties += [OwnershipTie(state_id(each.economy), each.id, Tie.CONTROLS) for each in agencies]
    return [*ties, *_identifier_ties(known, day)]


def _identifier_ties(known: Mapping[str, Organisation], day: date) -> Iterator[OwnershipTie]:
    """The ties between organisations for which one identifier is verified on a day: each with the first of them."""
    holders: dict[str, list[tuple[Organisation, Scheme]]] = defaultdict(list)
    for each in known.values():
        for scheme, identifier in each.identifiers.items():
            holders[identifier.key(each.economy)].append((each, scheme))
    # Nearly every identifier is held once, and verifications take longer to look through.
    for several in (each for each in holders.values() if len(each) > 1):
        named = sorted(one.id for one, scheme in several if one.find_verification(_SUBJECTS[scheme], day) is not None)
        yield from (OwnershipTie(named[0], other, Tie.SHARES_IDENTIFIER) for other in named[1:])


def _find_member(
    one: Organisation, known: Mapping[str, Organisation], acts: Mapping[str, date], day: date
) -> VoteMember | None:
    """An organisation as a member; None where it has no verified seat."""
    seat = seat_of(one, known.get(one.ultimate_owner), day)
    if seat is None or not seat.verified:
        return None
    shown, start = one.find_verification(Subject.IDENTITY, day), one.find_seat_start(day)
    if shown is None or start is None:
        return None
    active = acts.get(one.id)
    for stated in {each.at.date() for each in one.verifications}:
        if stated <= day and (active is None or stated > active):
            active = stated
    # Nobody but its own state makes an authority one; whoever verifies others is a bloc of its own.
    is_agency = one.kind is OrganisationKind.AGENCY
    verifier = state_id(one.economy) if is_agency else shown.by_organisation or shown.by
    return VoteMember(one.id, seat.house, one.economy, one.kind, verifier, start, active)
