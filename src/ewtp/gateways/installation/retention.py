"""How long an installation keeps records that it may forget."""

from __future__ import annotations

from datetime import timedelta

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.sentences import IDEMPOTENCY_HOURS_UNREADABLE

_MOST_HOURS = 8_760


def idempotency_lifetime() -> timedelta | Refusal:
    """How long an idempotency key is remembered; refuses with ``setting_unreadable``."""
    given = load_configuration().idempotency_hours
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given) <= _MOST_HOURS:
        return Refusal(IDEMPOTENCY_HOURS_UNREADABLE, {"most": _MOST_HOURS})
    return timedelta(hours=int(given))
