"""How long a session lasts, used and unused, and how many an account has.

A session notes when it began and when it was last used, the latter at most once an hour, so that reading pages writes
next to nothing. Its row in the database is renewed with every change of it, so its own age is counted here.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY, logout

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.apps.accounts.store.models import User

LIFETIME = timedelta(days=14)
# From Friday evening to Monday morning is less.
UNUSED = timedelta(days=3)
MOST_SESSIONS = 10
_NOTED_EACH = timedelta(hours=1)
_BEGAN, _USED = "began", "used"


def begin_session(request: HttpRequest, user: User) -> None:
    """Count the age of the session from now on, and end the oldest of the account's where there are too many."""
    request.session[_BEGAN] = request.session[_USED] = int(time.time())
    for session in UserSession.objects.filter(user=user).order_by("-created_at", "-pk")[MOST_SESSIONS:]:
        session.end()


def end_old_session(request: HttpRequest, now: float) -> None:
    """Sign out where the session is older than ``LIFETIME`` or was not used for ``UNUSED``; else note its use.

    ``now`` is in seconds since 1970. A session of an earlier version of the program is counted from now on.
    """
    session = request.session
    if SESSION_KEY not in session:
        return
    began, used = session.setdefault(_BEGAN, int(now)), session.setdefault(_USED, int(now))
    if now - began > LIFETIME.total_seconds() or now - used > UNUSED.total_seconds():
        logout(request)
    elif now - used > _NOTED_EACH.total_seconds():
        session[_USED] = int(now)
