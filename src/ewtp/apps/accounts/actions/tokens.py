"""Make, use and revoke tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction
from django.db.models import Q

from ewtp.apps.accounts.reading.scopes import ORGANISATION_SCOPES, Scope
from ewtp.apps.accounts.reading.sentences import TOKEN_NAME_INVALID, TOKEN_SCOPE_UNKNOWN, TOKEN_UNKNOWN
from ewtp.apps.accounts.reading.tokens import Token, token_digest, token_value
from ewtp.apps.accounts.store.models import ApiToken
from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.actor import Actor, ActorKind
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.database.row_security import rows_for, system_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LONGEST_NAME = 100
PREFIX_LENGTH = len("ewtp_") + 8
# The last use is recorded to the hour, because a write for every request would cost more than the fact is worth.
USE_RESOLUTION = timedelta(hours=1)


class TokenEvent(EventKind):
    """What happens to tokens."""

    CREATED = "accounts:token:created"
    REVOKED = "accounts:token:revoked"


@dataclass(frozen=True, slots=True)
class TokenCreated(EventPayload):
    """A token was made; ``digest`` is the SHA-256 of its secret."""

    kind: ClassVar = TokenEvent.CREATED
    name: str
    digest: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenRevoked(TokenCreated):
    """A token was revoked."""

    kind: ClassVar = TokenEvent.REVOKED


@dataclass(frozen=True, slots=True)
class NewToken:
    """A new token; ``secret`` is shown once and not stored."""

    secret: str
    token: Token


@transaction.atomic
def token_create(
    *, name: str, scopes: Sequence[str], now: datetime, actor: Actor, organisation: str = ""
) -> NewToken | Refusal:
    """Make a token of an organisation, or of the operator.

    Refuses with ``operator_needed`` where the actor does not act for the organisation, ``token_name_invalid`` or
    ``token_scope_unknown``. A token gives no scope that it lacks itself; which member of an organisation may make one
    is the organisation's to say (``organisation_token_create``).
    """
    if not actor.is_operator and (not organisation or actor.on_behalf_of != organisation):
        return Refusal(OPERATOR_NEEDED)
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        return Refusal(TOKEN_NAME_INVALID, {"most": LONGEST_NAME}, where="name")
    allowed = [
        scope
        for scope in (ORGANISATION_SCOPES if organisation else Scope)
        if actor.is_operator or actor.kind is not ActorKind.TOKEN or scope in actor.scopes
    ]
    if not scopes or not set(scopes) <= set(allowed):
        return Refusal(TOKEN_SCOPE_UNKNOWN, {"scopes": allowed}, where="scopes")
    secret = f"ewtp_{secrets.token_urlsafe(32)}"
    with rows_for(actor):
        row = ApiToken.objects.create(
            prefix=secret[:PREFIX_LENGTH],
            digest=token_digest(secret),
            name=name.strip(),
            scopes=sorted(set(scopes)),
            organisation=organisation,
            made_by=actor.label,
            created=now,
        )
    _note(row, actor=actor, now=now, payload=TokenCreated)
    return NewToken(secret, token_value(row))


@transaction.atomic
def token_revoke(*, prefix: str, now: datetime, actor: Actor) -> Token | Refusal:
    """Revoke a token from ``now`` on; a second call changes nothing.

    Refuses with ``token_unknown``, also where the token belongs to another organisation than the actor's.
    """
    with rows_for(actor):
        rows = ApiToken.objects.select_for_update().filter(prefix=prefix)
        row = (rows if actor.is_operator else rows.filter(organisation=actor.on_behalf_of)).first()
        if row is None:
            return Refusal(TOKEN_UNKNOWN, {"prefix": prefix[:LONGEST_NAME]})
        if row.revoked is None:
            row.revoked = now
            row.save(update_fields=["revoked"])
            _note(row, actor=actor, now=now, payload=TokenRevoked)
        return token_value(row)


def token_used(*, prefix: str, now: datetime) -> None:
    """Record that a token was used, to the hour."""
    stale = Q(last_used__isnull=True) | Q(last_used__lt=now - USE_RESOLUTION)
    with system_rows("the last use of a token, whose ever it is"):
        ApiToken.objects.filter(stale, prefix=prefix).update(last_used=now)


def _note(row: ApiToken, *, actor: Actor, now: datetime, payload: type[TokenCreated | TokenRevoked]) -> None:
    facts = payload(name=row.name, digest=row.digest, scopes=tuple(row.scopes))
    event_append(subject=row.prefix, actor=actor, payload=facts, now=now)
