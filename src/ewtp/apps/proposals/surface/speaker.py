"""For whom a reader acts who sends a form: an organisation of the reader's, named by the form or the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.organisations.reading.organisation_list import open_memberships_of
from ewtp.core.values.actor import Actor, ActorKind

if TYPE_CHECKING:
    from ewtp.apps.http.surface.form import Form


def speakers_of(person: str) -> list[tuple[str, str]]:
    """The organisations that a person may act for, by identifier and name."""
    return [(each.organisation, each.name) for each in open_memberships_of(person)]


def speakers_here(request: Any) -> list[tuple[str, str]]:
    """Those that the reader may act for; none for one who is not signed in."""
    return speakers_of(request.user.person) if request.user.is_authenticated else []


def find_speaker(request: Any, form: Form) -> Actor:
    """The reader, for the organisation that the form names if it is one of the reader's, else for the only one."""
    mine = [name for name, _ in speakers_of(request.user.person)]
    named = form.texts.get("organisation", "")
    organisation = named if named in mine else mine[0] if len(mine) == 1 else ""
    return Actor(ActorKind.PERSON, request.user.person, organisation)
