"""Tokens of an organisation: made and revoked by whoever has the permission there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.accounts.actions.tokens import NewToken, token_create, token_revoke
from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.core.organisations.role import Permission, permissions_of
from ewtp.core.organisations.sentences import ORGANISATION_UNKNOWN, PERMISSION_MISSING
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ewtp.apps.accounts.reading.tokens import Token
    from ewtp.core.values.actor import Actor


@transaction.atomic
def organisation_token_create(
    *, name: str, scopes: Sequence[str], organisation: str, actor: Actor, now: datetime
) -> NewToken | Refusal:
    """Make a token that acts for an organisation, or for the operator where ``organisation`` is empty.

    Refuses with ``organisation_unknown``, ``permission_missing``, ``token_name_invalid`` or ``token_scope_unknown``.
    """
    refusal = _refusal(organisation, actor)
    return refusal or token_create(name=name, scopes=scopes, now=now, actor=actor, organisation=organisation)


@transaction.atomic
def organisation_token_revoke(*, prefix: str, organisation: str, actor: Actor, now: datetime) -> Token | Refusal:
    """Revoke a token of an organisation.

    Refuses with ``organisation_unknown``, ``permission_missing`` or ``token_unknown``.
    """
    refusal = _refusal(organisation, actor)
    return refusal or token_revoke(prefix=prefix, now=now, actor=actor)


def _refusal(organisation: str, actor: Actor) -> Refusal | None:
    if actor.is_operator and not organisation:
        return None
    found = organisation_read(actor, organisation)
    if found is None:
        return Refusal(ORGANISATION_UNKNOWN, {"id": organisation[:40]}, where="organisation")
    if Permission.MANAGE_TOKENS not in permissions_of(actor, found.id, found.roles):
        return Refusal(PERMISSION_MISSING, {"permission": Permission.MANAGE_TOKENS})
    return None
