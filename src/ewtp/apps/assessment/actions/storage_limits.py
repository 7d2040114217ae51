"""What may still be stored of answers: limits of a client in a day, and of all."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings

from ewtp.apps.accounts.actions.rate_limit import RateLimit, rate_limit_consume, rate_limit_reached
from ewtp.apps.assessment.reading.sentences import KEPT_FULL, KEPT_TOO_MUCH
from ewtp.apps.assessment.store.answer_store import measure_kept_bytes, measure_unkept_bytes
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.gateways.installation.retention import AnswerStorage

# What names whoever asks; it is called only where something is stored.
Client: TypeAlias = "Callable[[], str]"

_DAY = timedelta(days=1)
_KB = 1_000
# Long questions whose answers nobody keeps may take this part of what kept answers may.
_UNKEPT_PART = 10
_LOOK_SECONDS = 10.0


@dataclass(slots=True)
class _Measured:
    """A size that the database is asked for at most every ten seconds."""

    measure: Callable[[], int]
    looked: float = float("-inf")
    size: int = 0

    def now(self) -> int:
        if time.monotonic() - self.looked >= _LOOK_SECONDS:
            self.size, self.looked = self.measure(), time.monotonic()
        return self.size


_kept, _unkept = _Measured(measure_kept_bytes), _Measured(measure_unkept_bytes)


def refuse_keeping(*, client: Client | None, size: int, now: datetime) -> Refusal | None:
    """Why a client may keep no answer of a ``size`` in bytes (``kept_full``, ``kept_too_much``); None counts it."""
    limits = _limits()
    if _kept.now() + size > limits.kept_bytes:
        return Refusal(KEPT_FULL)
    if client is None:
        return None
    limit = RateLimit("kept_kilobytes", limits.client_bytes // _KB, _DAY)
    exceeded = rate_limit_reached(limit=limit, who=client(), now=now) or rate_limit_consume(
        limit=limit, who=client(), now=now, amount=_kilobytes(size)
    )
    if exceeded is None:
        return None
    seconds = dict(exceeded.details)["retry_after"]
    return Refusal(KEPT_TOO_MUCH, {"seconds": seconds}, details=exceeded.details)


def unkept_expiry(*, client: Client | None, size: int, now: datetime) -> datetime | None:
    """Until when a client's packed question of a ``size`` in bytes may be stored; None where there is no space for it.

    The moment is the end of a day, so that a question which is repeated on one day expires at one moment.
    """
    limits = _limits()
    if _unkept.now() + size > limits.kept_bytes // _UNKEPT_PART:
        return None
    if client is not None:
        limit = RateLimit("unkept_kilobytes", limits.client_bytes // _KB, _DAY)
        if rate_limit_reached(limit=limit, who=client(), now=now) or rate_limit_consume(
            limit=limit, who=client(), now=now, amount=_kilobytes(size)
        ):
            return None
    end = now.astimezone(UTC) + limits.unkept_lifetime + _DAY
    return end.replace(hour=0, minute=0, second=0, microsecond=0)


def _kilobytes(size: int) -> int:
    return -(-size // _KB)


def _limits() -> AnswerStorage:
    limits: AnswerStorage = settings.ANSWER_STORAGE
    return limits
