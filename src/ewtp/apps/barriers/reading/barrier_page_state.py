"""What the pages of barriers follow from: what was written, and the moments from which the clock changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.reading.log_place import LogPlace, log_place
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.barriers.stage import next_moment_of
from ewtp.core.values.immutable import immutable
from ewtp.core.values.moment import next_midnight

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ewtp.apps.barriers.reading.barrier_list import BarrierSummary


@immutable
class BarriersPageState:
    """The place of the log, and the digest of the version by which a rule has changed or not; empty without one.

    Every step of a barrier was written with an event, and so were the names of agencies.
    """

    log: LogPlace
    rulebook: str


def barriers_page_state() -> BarriersPageState:
    """The state now."""
    version = latest_version()
    return BarriersPageState(log_place(), version.digest if version else "")


def barriers_unchanged_until(barriers: Iterable[BarrierSummary], now: datetime) -> datetime:
    """Until when these barriers are shown as at ``now`` unless something is written; at most until midnight UTC."""
    return min([next_midnight(now), *(next_moment_of(each.progress, now) for each in barriers)])
