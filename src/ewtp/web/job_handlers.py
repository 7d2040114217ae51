"""Which topics there are, what handles each, and what is done at intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.apps.jobs.actions.handlers import Delivery, Handler
from ewtp.web.expiry import remove_expired

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.core.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A message of ``topic`` without a payload, at every interval."""

    topic: str
    every: timedelta


def _prune(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    remove_expired(now)
    return None


HANDLERS: Mapping[str, Handler] = {"prune": Handler(_prune, batch=1)}
PERIODIC_JOBS = (PeriodicJob("prune", timedelta(hours=1)),)
