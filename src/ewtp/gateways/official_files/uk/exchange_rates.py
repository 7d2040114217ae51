"""Monthly rates of exchange for customs by HM Revenue & Customs: units of a currency for one pound.

The file has no header: currency, first day, last day, rate. It states no date of publication.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.records import ExchangeRate, Importing, Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import open_text, read_csv_header, refuse_at_break, shorten_text
from ewtp.gateways.official_files.sentences import EXCHANGE_ROW_MISSHAPEN, NOT_HMRC_RATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_RATE = re.compile(r"\d{1,12}(?:\.\d{1,10})?\Z")
_CELLS = 4


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
    """The rates, each for its month; ``effective`` leaves out months that ended before it."""
    first = read_csv_header(path)
    if isinstance(first, Refusal):
        return first
    if _rate(first) is None:
        return Refusal(NOT_HMRC_RATES, {"file": path.name})
    return Importing(_source(published, retrieved), refuse_at_break(_records(path, effective)))


def _records(path: Path, effective: date | None) -> Iterator[Record | RowRefused]:
    with open_text(path) as stream:
        for number, row in enumerate(csv.reader(stream, strict=True), 1):
            rate = _rate(row)
            if rate is None:
                yield RowRefused(EXCHANGE_ROW_MISSHAPEN, row=number, text=shorten_text(row))
            elif effective is None or rate.valid_to >= effective.isoformat():
                yield rate


def _rate(row: list[str]) -> ExchangeRate | None:
    if len(row) != _CELLS or not _CURRENCY.match(row[0]) or not _RATE.match(row[3]) or Decimal(row[3]) == 0:
        return None
    try:
        first, last = date.fromisoformat(row[1]), date.fromisoformat(row[2])
    except ValueError:
        return None
    return ExchangeRate("HMRC", "GBP", row[0], row[3], row[1], row[2]) if first <= last else None
