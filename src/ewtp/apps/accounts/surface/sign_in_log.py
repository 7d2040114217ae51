"""Lines of the server's log about signing in and out: whom and how, without address, name or secret.

Accounts and clients that were refused are told by keyed digests, by which an operator sees what belongs together.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.utils.crypto import salted_hmac

from ewtp.apps.accounts.surface.client_address import client_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.apps.accounts.store.models import User

_LOG = logging.getLogger("ewtp.security")
_SALT = "ewtp.accounts.sign_in_log"
_DIGITS = 16


def log_sign_in(request: HttpRequest, user: User) -> None:
    """Somebody signed in, with these factors."""
    methods = [str(record.get("type") or record["method"]) for record in get_authentication_records(request, user)]
    _LOG.info("person %s signed in by %s from client %s", user.person, ", ".join(methods), _digest(client_of(request)))


def log_refused_sign_in(request: HttpRequest, account: str, reason: str) -> None:
    """An attempt failed, for this reason."""
    client = _digest(client_of(request))
    _LOG.warning("sign-in to account %s refused to client %s: %s", _digest(account), client, reason)


@receiver(authentication_failed)
def note_refused_code(request: HttpRequest, user: User, **_given: Any) -> None:
    """A second factor was wrong."""
    log_refused_sign_in(request, user.email, "second factor")


@receiver(user_logged_out)
def note_sign_out(user: User | None, **_given: Any) -> None:
    """Somebody signed out, or a session was over."""
    if user is not None:
        _LOG.info("person %s signed out", user.person)


def _digest(text: str) -> str:
    return salted_hmac(_SALT, text.casefold(), algorithm="sha256").hexdigest()[:_DIGITS]
