"""Changes to an organisation as one JSON object: all of them are done, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.organisations.actions.organisations import organisation_change
from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.core.organisations.commands import (
    AddIdentifier,
    DeclareHolders,
    DeclareSize,
    NameUltimateOwner,
    RemoveIdentifier,
    Rename,
)
from ewtp.core.organisations.sentences import ORGANISATION_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ewtp.core.organisations.commands import OrganisationCommand
    from ewtp.core.organisations.organisation import Organisation
    from ewtp.core.values.actor import Actor

_FIELDS = ("name", "size", "ultimate_owner", "holders", "identifiers")


def organisation_patch(content: bytes, organisation: str, actor: Actor, now: datetime) -> Organisation | Refusal:
    """The organisation after the changes that a body asks for."""
    body = BodyReader(content, _FIELDS)
    commands = list(_commands(body))
    if body.refusal is not None:
        return body.refusal
    with transaction.atomic():
        changed: Organisation | Refusal | None = organisation_read(actor, organisation)
        if changed is None:
            return Refusal(ORGANISATION_UNKNOWN, {"id": organisation[:40]})
        for command in commands:
            changed = organisation_change(organisation=organisation, command=command, actor=actor, now=now)
            if isinstance(changed, Refusal):
                transaction.set_rollback(True)
                return changed
        return changed


def _commands(body: BodyReader) -> Iterator[OrganisationCommand]:
    if body.has("name"):
        yield Rename(body.text("name"))
    if body.has("ultimate_owner"):
        yield NameUltimateOwner(body.text("ultimate_owner", required=False))
    if body.has("holders"):
        yield DeclareHolders(tuple(body.objects("holders")))
    if body.has("size"):
        size = body.read_object("size")
        yield DeclareSize(size.get("employees"), _whole(size, "turnover_eur"), _whole(size, "balance_sheet_eur"))
    for scheme, value in body.read_object("identifiers").items():
        # A new identifier takes the place of the old one, which a command alone does not do without being told.
        if value is None:
            yield RemoveIdentifier(scheme)
        else:
            yield AddIdentifier(scheme, value)


def _whole(size: Mapping[str, Any], name: str) -> int | None:
    """A sum in whole euros, which is text in JSON as every amount is."""
    text = size.get(name)
    digits = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= 15  # noqa: PLR2004 - the schema says so
    return int(text) if digits and text else None
