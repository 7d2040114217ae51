"""Monthly rates of exchange for customs by HM Revenue & Customs: units of a currency for one pound.

Two shapes are read, neither of which states when it was published: rows of currency, first day, last day and rate
without a header, and the file of one month as the Online Tariff gives it out, with a row for every country that uses a
currency (``CreateCsvService`` of the service's own source, github.com/trade-tariff/trade-tariff-backend).
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.records import ExchangeRate, Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import open_text, read_csv_header, refuse_at_break, shorten_text
from ewtp.gateways.official_files.sentences import (
    EXCHANGE_RATE_DIFFERS,
    EXCHANGE_ROW_MISSHAPEN,
    NOT_HMRC_RATES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_RATE = re.compile(r"\d{1,12}(?:\.\d{1,10})?\Z")
_CELLS = 4
_HEADINGS = ["country/territories", "currency", "currency code", "currency units per £1", "start date", "end date"]
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})\Z")
# A month has some 170 rows.
_MOST_CHARACTERS = 1 << 20


def _source(published: date | None, retrieved: date) -> Source:
    return Source(
        "hmrc-exchange-rates",
        "HMRC exchange rates for customs purposes, monthly",
        "HM Revenue & Customs",
        published,
        retrieved,
        licence="OGL v3",
        url="https://www.trade-tariff.service.gov.uk/exchange_rates",
    )


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """The rates of a file, or of a folder of files, each for its month.

    ``effective`` leaves out months that ended before it.
    """
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    readers = [_open(each) for each in paths]
    refused = next((each for each in readers if isinstance(each, Refusal)), None)
    if refused is not None:
        return refused
    rates = chain.from_iterable(each for each in readers if not isinstance(each, Refusal))
    kept = (each for each in rates if isinstance(each, RowRefused) or _reaches(each, effective))
    return Importing(_source(published, retrieved), refuse_at_break(kept))


def _reaches(rate: ExchangeRate, effective: date | None) -> bool:
    return effective is None or rate.valid_to >= effective.isoformat()


def _open(path: Path) -> Iterator[ExchangeRate | RowRefused] | Refusal:
    """The rates of one file, of either shape."""
    first = read_csv_header(path)
    if isinstance(first, Refusal):
        return first
    if _rate(first) is not None:
        return _records(path)
    if [cell.strip().casefold() for cell in first] == _HEADINGS:
        return _month_records(path)
    return Refusal(NOT_HMRC_RATES, {"file": path.name})


def _records(path: Path) -> Iterator[ExchangeRate | RowRefused]:
    with open_text(path) as stream:
        for number, row in enumerate(csv.reader(stream, strict=True), 1):
            yield _rate(row) or RowRefused(EXCHANGE_ROW_MISSHAPEN, row=number, text=shorten_text(row))


def _month_records(path: Path) -> Iterator[ExchangeRate | RowRefused]:
    """The rates of a month, each once; ValueError where the last row has no end."""
    with open_text(path) as stream:
        text = stream.read(_MOST_CHARACTERS)
    if not text.endswith("\n"):
        msg = "the last row is cut short"
        raise ValueError(msg)
    given: dict[str, ExchangeRate] = {}
    rows = csv.reader(io.StringIO(text), strict=True)
    next(rows)
    for number, row in enumerate(rows, 2):
        cells = [row[2], _iso_day(row[4]), _iso_day(row[5]), row[3]] if len(row) == len(_HEADINGS) else []
        rate = _rate([cell.strip() for cell in cells])
        if rate is None:
            yield RowRefused(EXCHANGE_ROW_MISSHAPEN, row=number, text=shorten_text(row))
        elif given.setdefault(rate.currency, rate) != rate:
            yield RowRefused(EXCHANGE_RATE_DIFFERS, row=number, text=shorten_text(row))
        elif given[rate.currency] is rate:
            yield rate


def _iso_day(cell: str) -> str:
    """``31/12/2026`` as ``2026-12-31``; anything else as it is."""
    found = _DAY.match(cell.strip())
    return f"{found[3]}-{found[2]}-{found[1]}" if found else cell


def _rate(row: list[str]) -> ExchangeRate | None:
    if len(row) != _CELLS or not _CURRENCY.match(row[0]) or not _RATE.match(row[3]) or Decimal(row[3]) == 0:
        return None
    try:
        first, last = date.fromisoformat(row[1]), date.fromisoformat(row[2])
    except ValueError:
        return None
    return ExchangeRate("HMRC", "GBP", row[0], row[3], row[1], row[2]) if first <= last else None
