"""How many owner groups each house would have in a vote that is opened now, and which houses are too small for one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ewtp.apps.proposals.reading.electorate import freeze_roll_on
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

# Finding them reads every organisation, which is more than a page may take each time that something is logged.
REMEMBERED_SECONDS = 60.0
_remembered: dict[date, tuple[float, HouseSizes]] = {}


@immutable
class HouseSizes:
    """The active owner groups of each house, and the number without which nothing passes."""

    active: Mapping[House, int]
    least: int

    @property
    def too_small(self) -> tuple[House, ...]:
        """The houses in which too few are active."""
        return tuple(house for house in House if self.active.get(house, 0) < self.least)


def read_house_sizes(now: datetime) -> HouseSizes:
    """The sizes of the houses today, at most a minute old."""
    day = now.date()
    held = _remembered.get(day)
    if held is not None and time.monotonic() - held[0] < REMEMBERED_SECONDS:
        return held[1]
    found = HouseSizes(freeze_roll_on(day).active, procedure_in_force(day).house_active_groups)
    _remembered.clear()
    _remembered[day] = (time.monotonic(), found)
    return found


def forget_house_sizes() -> None:
    """Read again how large the houses are."""
    _remembered.clear()
