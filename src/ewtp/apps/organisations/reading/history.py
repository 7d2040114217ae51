"""What happened to an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.core.organisations.role import Permission, permissions_of

if TYPE_CHECKING:
    from ewtp.apps.log.reading.event_trail import RecordedEvent
    from ewtp.core.values.actor import Actor


def organisation_history(actor: Actor, organisation: str) -> tuple[RecordedEvent, ...] | None:
    """The events about an organisation, oldest first, for whoever may view it; None otherwise."""
    found = organisation_read(actor, organisation)
    if found is None or Permission.VIEW not in permissions_of(actor, found.id, found.roles):
        return None
    return events_about(found.id, source="organisations:", actor=actor)
