"""Exchange rates as a value: which official rate turns one currency into another on a day, and how old it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

# One published period of a rate: first day, last day, units of the currency for one of the base.
Published = tuple[date, date, Decimal]
Series = Mapping[str, Mapping[tuple[str, str], tuple[Published, ...]]]

# A rate older than this is no longer used: the answer says that the rate is missing.
OLDEST_RATE_DAYS = 366
# A weekend with a holiday on either side is no reason to call a daily rate stale.
FRESH_RATE_DAYS = 7
# Cross rates carry ten significant digits, so that two machines compute the same figure.
_TEN_DIGITS = Context(prec=10, rounding=ROUND_HALF_EVEN)
_PEGS = "PEG"


@dataclass(frozen=True, slots=True)
class RateUsed:
    """``rate`` units of ``target`` for one of ``currency``, by ``source``, for ``valid_from`` to ``valid_to``.

    ``age_days`` counts from the last day the rate was published for to the day asked about.
    """

    currency: str
    target: str
    rate: Decimal
    source: str
    valid_from: date
    valid_to: date
    age_days: int

    def as_json(self) -> dict[str, str | int]:
        """The rate with its source and dates; the rate is a decimal string."""
        return {
            "from": self.currency,
            "to": self.target,
            "rate": format(self.rate, "f"),
            "source": self.source,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
            "age_days": self.age_days,
        }


@dataclass(frozen=True, slots=True)
class RateTable:
    """Dated official rates by source: ``series[source][(base, currency)]``, each in order of date.

    Currencies pegged to a source's base are reached through the source ``PEG``.
    """

    series: Series

    def find(self, currency: str, target: str, day: date, preferred: tuple[str, ...] = ()) -> RateUsed | None:
        """The rate of the first preferred source that has one no older than a year; None when there is none."""
        order = [s for s in preferred if s in self.series]
        order += [s for s in self.series if s not in order and s != _PEGS]
        found: RateUsed | None = None
        for source in order:
            used = self._from_source(source, currency, target, day)
            if used is not None and (found is None or used.age_days < found.age_days):
                found = used
            if found is not None and found.age_days <= FRESH_RATE_DAYS:
                return found
        return found

    def _from_source(self, source: str, currency: str, target: str, day: date) -> RateUsed | None:
        base = next(iter(self.series[source]))[0]
        one = self._per_base(source, base, currency, day)
        other = self._per_base(source, base, target, day)
        if one is None or other is None:
            return None
        rate = _TEN_DIGITS.divide(other[1][2], one[1][2])
        _, oldest = min((one, other), key=lambda found: found[1][1])
        age_days = max(0, (day - oldest[1]).days)
        # A rate that rests on a peg says so, and a currency that is the base itself needs no source.
        named = sorted({found[0] for found in (one, other) if found[0]}) or [source]
        return RateUsed(currency, target, rate, "+".join(named), oldest[0], oldest[1], age_days)

    def _per_base(self, source: str, base: str, currency: str, day: date) -> tuple[str, Published] | None:
        if currency == base:
            return ("", (day, day, Decimal(1)))
        named = source
        published = self.series[source].get((base, currency))
        if published is None:
            named = _PEGS
            published = self.series.get(_PEGS, {}).get((base, currency))
        if not published:
            return None
        place = bisect_right(published, day, key=lambda row: row[0]) - 1
        if place < 0:
            return None
        start, end, units = published[place]
        if (day - end).days > OLDEST_RATE_DAYS:
            return None
        return (named, (start, end, units))
