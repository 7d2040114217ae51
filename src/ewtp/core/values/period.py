"""Periods of days: both ends count, an open end is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` to ``end``, both days included; ``end`` None means until further notice."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            msg = f"a period that ends {self.end} cannot start {self.start}"
            raise ValueError(msg)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether some day is in both."""
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)

    def without(self, other: Period) -> tuple[Period, ...]:
        """The days of this period that are not in ``other``: none, one or two periods, in order."""
        if not self.overlaps(other):
            return (self,)
        pieces = []
        if self.start < other.start:
            pieces.append(Period(self.start, other.start - _ONE_DAY))
        last = date.max if self.end is None else self.end
        if other.end is not None and other.end < last:
            pieces.append(Period(other.end + _ONE_DAY, self.end))
        return tuple(pieces)
