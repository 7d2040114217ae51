"""Browsers in which somebody signed in before: strangers' wrong passwords do not count against them.

Such a browser has a signed cookie (a device cookie, as OWASP describes it), with a digest of the account's address and
a name of its own, by which its own attempts are counted. It proves nothing else and opens nothing.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}known_browser"
# Whoever opened the address of a reset was mailed it; the session then says what the cookie says after signing in.
_SESSION = "known_browser"
_SALT = "ewtp.accounts.known_browser"
_LIFETIME = timedelta(days=365)
_NAME_BYTES = 16


def find_known_browser(request: HttpRequest, account: str) -> str | None:
    """The name of the browser where somebody signed in to the account with this address before; else None."""
    session = getattr(request, "session", {})
    for token in (request.COOKIES.get(COOKIE), session.get(_SESSION)):
        try:
            owner, name = signing.loads(token or "", salt=_SALT, max_age=_LIFETIME)
        except (signing.BadSignature, ValueError, TypeError):
            continue
        if owner == _digest(account):
            return str(name)
    return None


def keep_browser(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Set the cookie of a browser where the owner of the account signed in; one that is known keeps its name."""
    response.set_cookie(
        COOKIE,
        _token(account, find_known_browser(request, account)),
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def keep_browser_of_reset(request: HttpRequest, account: str) -> None:
    """Have the session of a browser in which the password was reset do for the cookie until somebody signs in."""
    request.session[_SESSION] = _token(account, None)


def _token(account: str, name: str | None) -> str:
    return signing.dumps([_digest(account), name or secrets.token_hex(_NAME_BYTES)], salt=_SALT)


def _digest(account: str) -> str:
    return salted_hmac(_SALT, account.casefold(), algorithm="sha256").hexdigest()
