"""Exchange rates by pair of currencies and day, as fractions of whole numbers, looked up when they are first needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.kernel_arrays import NO_RATE, ODD_RATE
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.machine.epoch_days import day_of
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.assessment.exchange import RateTable

    # A rate of one currency into another, by the sources that a destination prefers.
    RatePair = tuple[str, str, tuple[str, ...]]

_MOST_MANTISSA, _MOST_SCALE = 10**10, 10**12


@dataclass(slots=True)
class _RateCache:
    """Rates looked up so far, by pair and day; a scale of 0 marks a rate that was not looked up yet."""

    first_day: int = 0
    mantissa: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    scale: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    def extend_cache(self, pairs: int, first: int, last: int) -> _RateCache:
        """The cache itself, extended to this many pairs and to these days."""
        many, width = self.scale.shape
        end = self.first_day + width
        if pairs <= many and width and self.first_day <= first and last < end:
            return self
        begin = min(first, self.first_day) if width else first
        until = max(last + 1, end) if width else last + 1
        shape = (max(pairs, many, 1), until - begin)
        for name in ("mantissa", "scale"):
            wider = np.zeros(shape, np.int64)
            if width:
                wider[:many, self.first_day - begin : end - begin] = getattr(self, name)
            setattr(self, name, wider)
        self.first_day = begin
        return self


class RateArrays:
    """The exchange rates that frames have asked for so far; framers of one table of rates may share them."""

    def __init__(self, rates: RateTable) -> None:
        self._rates = rates
        self._pairs: Pool[RatePair] = Pool()
        self._kept = _RateCache()
        self._lock = Lock()

    def place_pair(self, pair: RatePair) -> int:
        """The number of a pair."""
        with self._lock:
            return self._pairs.place(pair)

    def build_arrays(self, days: NDArray[np.int32]) -> NDArray[np.int64]:
        """Every rate on each of the days, as fractions from minor units to minor units."""
        with self._lock:
            return self._build_arrays(days)

    def _build_arrays(self, days: NDArray[np.int32]) -> NDArray[np.int64]:
        pairs = self._pairs.listed
        first, last = (int(days[0]), int(days[-1])) if len(days) else (0, 0)
        kept = self._kept.extend_cache(len(pairs), first, last)
        places = days - kept.first_day
        for number, place in np.argwhere(kept.scale[:, places] == 0).tolist():
            day = int(places[place])
            if number < len(pairs):
                kept.mantissa[number, day], kept.scale[number, day] = self._find(pairs[number], day + kept.first_day)
        window = slice(first - kept.first_day, last - kept.first_day + 1)
        # The rates that lines of one day need are adjacent.
        return np.ascontiguousarray(np.stack([kept.mantissa[:, window].T, kept.scale[:, window].T], axis=2))

    def _find(self, pair: RatePair, day: int) -> tuple[int, int]:
        currency, target, preferred = pair
        used = self._rates.find(currency, target, day_of(day), preferred)
        if used is None:
            return NO_RATE, 1
        _, digits, exponent = used.rate.normalize().as_tuple()
        mantissa = int("".join(map(str, digits)))
        places = int(exponent) + minor_units(target) - minor_units(currency)
        if places > 0:
            mantissa, places = mantissa * 10**places, 0
        scale = 10**-places
        return (mantissa, scale) if mantissa <= _MOST_MANTISSA and scale <= _MOST_SCALE else (ODD_RATE, 1)
