"""Tokens as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.accounts.store.models import ApiToken
from ewtp.core.values.actor import Actor, ActorKind, Capacity, Scope
from ewtp.gateways.database.row_security import rows_for, system_rows

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret; ``prefix`` identifies it, in the log too.

    ``organisation`` is the identifier of the organisation that it acts for; empty for a token of the operator's.
    ``made_by`` is the label of the actor who made it.
    """

    prefix: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    last_used: datetime | None
    revoked: datetime | None
    organisation: str = ""
    made_by: str = ""

    @property
    def actor(self) -> Actor:
        """Whom an act with this token is attributed to."""
        operates = not self.organisation and Scope.OPERATE in self.scopes
        capacity = Capacity.OPERATOR if operates else Capacity.TRADER
        return Actor(ActorKind.TOKEN, self.prefix, self.organisation, capacity, frozenset(self.scopes))


def token_digest(secret: str) -> str:
    """The SHA-256 digest that identifies a token; a long random secret needs no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_by_secret(secret: str) -> Token | None:
    """The token with this secret; None where there is none, or it was revoked."""
    with system_rows("a token is looked up before it is known whose it is"):
        row = ApiToken.objects.filter(digest=token_digest(secret), revoked__isnull=True).first()
    return None if row is None else token_value(row)


def token_list() -> tuple[Token, ...]:
    """Every token ever made, oldest first."""
    with system_rows("the operator lists every token"):
        return tuple(token_value(row) for row in ApiToken.objects.order_by("id"))


def organisation_tokens(actor: Actor) -> tuple[Token, ...]:
    """The tokens of the organisation that an actor acts for, oldest first; none where there is no organisation."""
    if not actor.on_behalf_of:
        return ()
    with rows_for(actor):
        return tuple(
            token_value(row) for row in ApiToken.objects.filter(organisation=actor.on_behalf_of).order_by("id")
        )


def token_value(row: ApiToken) -> Token:
    """The token of a row."""
    return Token(
        row.prefix,
        row.name,
        tuple(row.scopes),
        row.created,
        row.last_used,
        row.revoked,
        row.organisation,
        row.made_by,
    )
