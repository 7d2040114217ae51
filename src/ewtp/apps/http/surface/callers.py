"""The caller of the API: anonymous, or the holder of a token."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from ewtp.apps.accounts.actions.rate_limit import BAD_TOKENS, rate_limit_consume, rate_limit_reached
from ewtp.apps.accounts.actions.tokens import token_used
from ewtp.apps.accounts.reading.scopes import PUBLIC_SCOPES
from ewtp.apps.accounts.reading.tokens import token_by_secret, token_digest
from ewtp.apps.accounts.surface.client_address import client_of
from ewtp.apps.http.surface.sentences import SECRET_UNKNOWN, TOKEN_UNREADABLE
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from ewtp.apps.accounts.reading.tokens import Token
    from ewtp.core.values.actor import Actor

ANONYMOUS = "anonymous"
# A revoked token stops working within this time in every process.
REMEMBERED_SECONDS = 5.0
_MOST_REMEMBERED = 10_000
_remembered: dict[str, tuple[float, Token]] = {}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: ``actor`` is the name in the log, ``scopes`` the caller's permissions.

    ``acting`` is the holder of the token; None for a caller without one.
    """

    actor: str
    scopes: frozenset[str]
    acting: Actor | None = None


def caller_of(request: HttpRequest) -> Caller | Refusal:
    """The caller of a request. A token that is sent must be valid; without one a caller has the public scopes.

    Refuses with ``token_unreadable`` or ``token_unknown``, and with ``rate_exceeded`` whoever tried too many.
    """
    # ``request.headers`` is made of all variables at once, and few requests have this one.
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is None:
        return Caller(ANONYMOUS, PUBLIC_SCOPES)
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return Refusal(TOKEN_UNREADABLE)
    token = _recall_token(secret.strip())
    if token is None:
        tried = _check_token(secret.strip(), client_of(request), timezone.now())
        if isinstance(tried, Refusal):
            return tried
        token = tried
    return Caller(token.actor.label, frozenset(token.scopes), token.actor)


def _check_token(secret: str, client: str, now: datetime) -> Token | Refusal:
    """The token of a secret; a secret that opens nothing counts against the client that sent it.

    A good secret is taken whatever others sent from the same address: it cannot be guessed, and to look it up costs no
    more than to look the limit up.
    """
    token = _token(secret)
    if token is not None:
        return token
    return (
        # Looked up first, so that whoever continues causes no writing.
        rate_limit_reached(limit=BAD_TOKENS, who=client, now=now)
        or rate_limit_consume(limit=BAD_TOKENS, who=client, now=now)
        or Refusal(SECRET_UNKNOWN)
    )


def _recall_token(secret: str) -> Token | None:
    found = _remembered.get(token_digest(secret))
    return found[1] if found is not None and time.monotonic() - found[0] < REMEMBERED_SECONDS else None


def _token(secret: str) -> Token | None:
    digest = token_digest(secret)
    now = time.monotonic()
    token = token_by_secret(secret)
    if token is None:
        _remembered.pop(digest, None)
        return None
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[digest] = (now, token)
    token_used(prefix=token.prefix, now=timezone.now())
    return token
