"""Limits on how often somebody may try something, counted in the database, so that they hold in every process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from ewtp.apps.accounts.reading.sentences import RATE_EXCEEDED
from ewtp.apps.accounts.store.models import RateCount
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

_COUNT = """
INSERT INTO accounts_ratecount AS held (limit_name, who, window_start, count)
VALUES (%(name)s, %(who)s, %(now)s, %(amount)s)
ON CONFLICT (limit_name, who) DO UPDATE SET
    count = CASE WHEN held.window_start <= %(over)s THEN 0 ELSE LEAST(held.count, 1000000000) END + excluded.count,
    window_start = CASE WHEN held.window_start <= %(over)s THEN excluded.window_start ELSE held.window_start END
RETURNING count, window_start
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``most`` times in a ``window``, which begins with the first one."""

    name: str
    most: int
    window: timedelta


# A person who mistypes does not come near; whoever tries a list of passwords does at once. One stranger has a limit of
# their own for each account, below that of all strangers; a browser in which its owner signed in counts for itself.
_SIGN_IN = timedelta(minutes=10)
SIGN_IN_BY_ADDRESS = RateLimit("sign_in_address", 30, _SIGN_IN)
SIGN_IN_BY_STRANGER = RateLimit("sign_in_stranger", 10, _SIGN_IN)
SIGN_IN_BY_NAME = RateLimit("sign_in_name", 50, _SIGN_IN)
SIGN_IN_BY_BROWSER = RateLimit("sign_in_browser", 10, _SIGN_IN)
BAD_TOKENS = RateLimit("bad_token", 60, timedelta(minutes=10))
_LONGEST_WINDOW = timedelta(days=1)


def rate_limit_consume(*, limit: RateLimit, who: str, now: datetime, amount: int = 1) -> Refusal | None:
    """Count one attempt of ``who``, or an ``amount``, of whom only a digest is stored; refuses with ``rate_exceeded``.

    Concurrent attempts are counted one after the other. An attempt that is refused counts too, but makes the wait no
    longer. The count is kept where the surrounding transaction is rolled back only if it is outside of it.
    """
    digest = hashlib.sha256(f"{limit.name} {who}".encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        values: dict[str, str | int | datetime] = {
            "name": limit.name,
            "who": digest,
            "now": now,
            "over": now - limit.window,
            "amount": amount,
        }
        cursor.execute(_COUNT, values)
        count, start = cursor.fetchone()
    return _refusal(limit, count, start, now)


def rate_limit_reached(*, limit: RateLimit, who: str, now: datetime) -> Refusal | None:
    """Whether ``who`` has no attempt left (``rate_exceeded``), without counting one."""
    digest = hashlib.sha256(f"{limit.name} {who}".encode()).hexdigest()
    row = RateCount.objects.filter(limit_name=limit.name, who=digest).first()
    if row is None or row.window_start <= now - limit.window:
        return None
    return _refusal(limit, row.count + 1, row.window_start, now)


def rate_counts_expire(*, now: datetime) -> int:
    """Remove counters whose window is over, whichever limit they belong to; returns how many."""
    return RateCount.objects.filter(window_start__lt=now - _LONGEST_WINDOW).delete()[0]


def _refusal(limit: RateLimit, count: int, start: datetime, now: datetime) -> Refusal | None:
    if count <= limit.most:
        return None
    seconds = max(1, int((start + limit.window - now).total_seconds()))
    return Refusal(RATE_EXCEEDED, {"seconds": seconds}, details=(("retry_after", seconds),))
