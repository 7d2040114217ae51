"""For whom an actor speaks toward a barrier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.apps.organisations.reading.owner_group import owner_group_of
from ewtp.core.barriers.barrier_commands import Speaker
from ewtp.core.organisations.organisation import OrganisationKind
from ewtp.core.organisations.role import Permission, permissions_of
from ewtp.core.votes.ownership import STATE

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.values.actor import Actor


def speaker_of(actor: Actor, day: date) -> Speaker:
    """The speaker that an actor is on a day; a member who may not trade for the organisation does not speak for it."""
    operates = actor.is_operator
    found = organisation_read(actor, actor.on_behalf_of) if actor.on_behalf_of else None
    if found is None:
        return Speaker(operates=operates)
    group = owner_group_of(found.id, day)
    return Speaker(
        organisation=found.id,
        group=group,
        state=group.removeprefix(STATE) if group.startswith(STATE) else "",
        verified=found.find_seat_start(day) is not None,
        agency_of=found.economy if found.kind is OrganisationKind.AGENCY else "",
        speaks=Permission.TRADE in permissions_of(actor, found.id, found.roles),
        operates=operates,
    )
