"""Tokens as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.accounts.store.models import ApiToken

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret; ``prefix`` identifies it, in the log too."""

    prefix: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    last_used: datetime | None
    revoked: datetime | None

    @property
    def actor(self) -> str:
        """The name of the token's holder in the log."""
        return f"token:{self.prefix}"


def token_digest(secret: str) -> str:
    """The SHA-256 digest that identifies a token; a long random secret needs no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_by_secret(secret: str) -> Token | None:
    """The token with this secret; None where there is none, or it was revoked."""
    row = ApiToken.objects.filter(digest=token_digest(secret), revoked__isnull=True).first()
    return None if row is None else token_value(row)


def token_list() -> tuple[Token, ...]:
    """Every token ever made, oldest first."""
    return tuple(token_value(row) for row in ApiToken.objects.order_by("id"))


def token_value(row: ApiToken) -> Token:
    """The token of a row."""
    return Token(row.prefix, row.name, tuple(row.scopes), row.created, row.last_used, row.revoked)
