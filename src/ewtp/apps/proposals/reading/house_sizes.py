"""How many owner groups each house would have in a vote that is opened now, and which houses are too small for one."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from ewtp.apps.proposals.reading.electorate import freeze_roll_on
from ewtp.apps.proposals.reading.procedure import procedure_in_force
from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

# Finding them reads every organisation, which is more than a page may take each time that something is logged, and
# takes seconds where there are many: what took long is remembered longer, so that a hundredth of the time goes there.
REMEMBERED_SECONDS = 60.0
_TIMES_REMEMBERED = 100


@immutable
class HouseSizes:
    """The active owner groups of each house, and the number without which nothing passes."""

    active: Mapping[House, int]
    least: int

    @property
    def too_small(self) -> tuple[House, ...]:
        """The houses in which too few are active."""
        return tuple(house for house in House if self.active.get(house, 0) < self.least)


@immutable
class _DatedSizes:
    """Sizes of a day, and the moment of the monotonic clock until which they are remembered."""

    day: date
    until: float
    sizes: HouseSizes

    def is_fresh(self, day: date) -> bool:
        return self.day == day and monotonic() < self.until


_remembered: dict[str, _DatedSizes] = {}
_under_way = Lock()


def read_house_sizes(now: datetime) -> HouseSizes:
    """The sizes of the houses today, a minute old at most, or a hundred times as old as reading them took.

    While one thread reads them, the others have what was read before.
    """
    day, held = now.date(), _remembered.get("sizes")
    if held is not None and (held.is_fresh(day) or _under_way.locked()):
        return held.sizes
    with _under_way:
        # Whoever had to wait finds it done.
        held = _remembered.get("sizes")
        if held is None or not held.is_fresh(day):
            held = _remembered["sizes"] = _read(day)
        return held.sizes


def _read(day: date) -> _DatedSizes:
    begun = monotonic()
    sizes = HouseSizes(freeze_roll_on(day).active, procedure_in_force(day).house_active_groups)
    ended = monotonic()
    return _DatedSizes(day, ended + max(REMEMBERED_SECONDS, _TIMES_REMEMBERED * (ended - begun)), sizes)


def forget_house_sizes() -> None:
    """Read again how large the houses are."""
    _remembered.clear()
