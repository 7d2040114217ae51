"""For whom somebody acts where rules are made, and what the organisation may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.organisations.reading.organisation_list import organisation_read, organisation_seat
from ewtp.apps.proposals.reading.electorate import membership_on
from ewtp.core.organisations.organisation import OrganisationKind
from ewtp.core.organisations.role import Permission, permissions_of
from ewtp.core.proposals.proposal import Participant
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.actor import ActorKind
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.values.actor import Actor


@immutable
class Participation:
    """What an actor may do here.

    ``participant`` is None without a verified seat; ``may_take_part`` says whether the actor may speak for the
    organisation; ``authority_of`` is the economy whose verified authority it is, or empty. For the procedure of the
    platform nobody speaks but the system, which gives effect to what passed.
    """

    participant: Participant | None = None
    may_take_part: bool = False
    authority_of: str = ""
    is_system: bool = False

    @property
    def adopts_for(self) -> tuple[str, ...]:
        """The territories whose adoptions the actor may state."""
        own = (self.authority_of,) if self.authority_of else ()
        return (*own, PLATFORM) if self.is_system else own


def participation_of(actor: Actor, day: date) -> Participation:
    """The participation of an actor on a day."""
    found = organisation_read(actor, actor.on_behalf_of) if actor.on_behalf_of else None
    if found is None:
        return Participation(is_system=actor.kind is ActorKind.SYSTEM and actor.is_operator)
    may_take_part = Permission.TRADE in permissions_of(actor, found.id, found.roles)
    seat = organisation_seat(found, day)
    if seat is None or not seat.verified:
        return Participation(may_take_part=may_take_part)
    group = membership_on(day).groups[found.id]
    participant = Participant(found.id, group, seat.house, found.economy)
    is_authority = found.kind is OrganisationKind.AGENCY and may_take_part
    return Participation(participant, may_take_part, found.economy if is_authority else "")
