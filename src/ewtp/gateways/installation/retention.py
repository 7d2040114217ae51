"""How long an installation keeps records that it may forget."""

from __future__ import annotations

from datetime import timedelta

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration

_MOST_HOURS = 8_760


def idempotency_lifetime() -> timedelta | Refusal:
    """How long an idempotency key is remembered; refuses with ``setting_unreadable``."""
    given = load_configuration().idempotency_hours
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= _MOST_HOURS:
        message = f"EWTP_IDEMPOTENCY_HOURS cannot be read; write it as a whole number of hours from 1 to {_MOST_HOURS}."
        return Refusal("setting_unreadable", message)
    return timedelta(hours=int(given))
