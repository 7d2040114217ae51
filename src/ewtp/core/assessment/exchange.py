"""Exchange rates as a value: which official rate turns one currency into another on a day, and how old it is."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.rulebook.records import ExchangeRate

# One published period of a rate: first day, last day, units of the currency for one of the base.
Published = tuple[date, date, Decimal]
# A source's rates by base and currency, each in order of day; and those of several sources by name.
SourceRates = Mapping[tuple[str, str], tuple[Published, ...]]
Series = Mapping[str, SourceRates]

# A rate older than this is no longer used, and counts as missing.
OLDEST_RATE_DAYS = 366
# A daily rate is not stale after a weekend with a holiday on either side.
FRESH_RATE_DAYS = 7
# Cross rates carry ten significant digits, so that two computers give the same figure.
_TEN_DIGITS = Context(prec=10, rounding=ROUND_HALF_EVEN)
_PEGS = "PEG"


@immutable
class RateUsed:
    """``rate`` units of ``target`` for one of ``currency``, by ``source``, for ``valid_from`` to ``valid_to``.

    ``age_days`` counts from the last day the rate was published for to the day asked about. ``asked`` is the source
    that the destination's law asks for where it has no such rate, and this one takes its place; else empty.
    """

    currency: str
    target: str
    rate: Decimal
    source: str
    valid_from: date
    valid_to: date
    age_days: int
    asked: str = ""

    def as_json(self) -> dict[str, str | int]:
        """The rate with its source and dates; the rate is a decimal string, and ``asked`` is there where it is set."""
        return {
            "from": self.currency,
            "to": self.target,
            "rate": format(self.rate, "f"),
            "source": self.source,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
            "age_days": self.age_days,
            **({"asked": self.asked} if self.asked else {}),
        }


@immutable
class RateTable:
    """Dated official rates by source: ``series[source][(base, currency)]``, each in order of date.

    Sources are tried in the order of ``series`` after those that a destination prefers. Currencies pegged to a
    source's base are reached through the source ``"PEG"``.
    """

    series: Series
    # The currencies in which each source quotes the others, in order of name.
    _bases: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        bases = {source: tuple(sorted({base for base, _ in rates})) for source, rates in self.series.items()}
        object.__setattr__(self, "_bases", bases)

    def find(self, currency: str, target: str, day: date, preferred: tuple[str, ...] = ()) -> RateUsed | None:
        """The rate of the first preferred source that has one no older than a year; None when there is none.

        A rate that is not of the first of ``preferred`` names that source as the one asked for.
        """
        used = self._first_of(currency, target, day, preferred)
        if used is None or not preferred or preferred[0] in used.source.split("+"):
            return used
        return replace(used, asked=preferred[0])

    def _first_of(self, currency: str, target: str, day: date, preferred: tuple[str, ...]) -> RateUsed | None:
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
        """The source's youngest rate, from one of the currencies in which it quotes others."""
        found: RateUsed | None = None
        for base in self._bases[source]:
            used = self._across(source, base, currency, target, day)
            if used is not None and (found is None or used.age_days < found.age_days):
                found = used
        return found

    def _across(self, source: str, base: str, currency: str, target: str, day: date) -> RateUsed | None:
        one = self._per_base(source, base, currency, day)
        other = self._per_base(source, base, target, day)
        if one is None or other is None:
            return None
        rate = _TEN_DIGITS.divide(other[1][2], one[1][2])
        _, oldest = min((one, other), key=lambda found: found[1][1])
        age_days = max(0, (day - oldest[1]).days)
        # A rate over a peg names the peg, and a currency that is the base itself needs no source.
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


def rate_table(recorded: Series, archives: Series) -> RateTable:
    """The table of a rulebook's rates and of archives that come with the program, by source.

    Archives come first where a destination prefers no source. Where both hold a source, what the rulebook records
    rules on the days that it covers.
    """
    combined = {
        name: _CombinedRates(rates, recorded[name]) if name in recorded else rates for name, rates in archives.items()
    }
    return RateTable({**combined, **{name: rates for name, rates in recorded.items() if name not in archives}})


def find_recorded_series(rates: Iterable[ExchangeRate]) -> Series:
    """A rulebook's rates by source, sources in order of name; a rate of zero converts nothing and is left out."""
    found: dict[str, dict[tuple[str, str], list[Published]]] = defaultdict(lambda: defaultdict(list))
    for rate in rates:
        units = Decimal(rate.units_per_base)
        if units:
            end = date.fromisoformat(rate.valid_to) if rate.valid_to else date.max
            published = (date.fromisoformat(rate.valid_from), end, units)
            found[rate.source][rate.base, rate.currency].append(published)
    return {
        name: {pair: tuple(sorted(published)) for pair, published in pairs.items()}
        for name, pairs in sorted(found.items())
    }


class _CombinedRates(Mapping[tuple[str, str], tuple[Published, ...]]):
    """An archive's rates and recorded ones; a recorded rate replaces those that begin on a day that it covers."""

    def __init__(self, archive: SourceRates, recorded: SourceRates) -> None:
        self._archive = archive
        self._recorded = recorded
        self._joined: dict[tuple[str, str], tuple[Published, ...]] = {}

    def __getitem__(self, pair: tuple[str, str]) -> tuple[Published, ...]:
        recorded = self._recorded.get(pair)
        if recorded is None:
            return self._archive[pair]
        if pair not in self._joined:
            kept = (rate for rate in self._archive.get(pair, ()) if not _covers_day(rate[0], recorded))
            self._joined[pair] = tuple(sorted((*kept, *recorded)))
        return self._joined[pair]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield from self._archive
        yield from (pair for pair in self._recorded if pair not in self._archive)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _covers_day(day: date, rates: tuple[Published, ...]) -> bool:
    place = bisect_right(rates, day, key=lambda rate: rate[0]) - 1
    return place >= 0 and day <= rates[place][1]
