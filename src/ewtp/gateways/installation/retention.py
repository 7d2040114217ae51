"""How long an installation keeps what it need not keep for ever."""

from __future__ import annotations

import os
from datetime import timedelta

from ewtp.core.values.refusal import Refusal

_SETTING = "EWTP_IDEMPOTENCY_HOURS"
# A week: a client on a slow line may repeat a request after a weekend.
_DEFAULT_HOURS = 168
_MOST_HOURS = 8_760


def idempotency_lifetime() -> timedelta | Refusal:
    """How long an idempotency key is remembered; refuses with ``setting_unreadable``."""
    given = os.environ.get(_SETTING) or str(_DEFAULT_HOURS)
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= _MOST_HOURS:
        message = f"{_SETTING} cannot be read; write it as a whole number of hours from 1 to {_MOST_HOURS}."
        return Refusal("setting_unreadable", message)
    return timedelta(hours=int(given))
