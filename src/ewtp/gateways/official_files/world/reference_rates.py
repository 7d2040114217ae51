"""The European Central Bank's daily reference rates: units of a currency for one euro.

The file is the whole series since 1999, newest day first, as a table in a ZIP archive (eurofxref-hist.zip) or as it
comes out of it. What it has up to the end of the series that the program itself carries is left out.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.records import ExchangeRate, Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, refuse_at_break, shorten_text
from ewtp.gateways.official_files.sentences import FILE_UNREADABLE, NOT_ECB_RATES, REFERENCE_DAY_MISSHAPEN
from ewtp.gateways.reference.exchange_rates import ECB, last_carried_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_RATE = re.compile(r"\d{1,12}(?:\.\d{1,10})?\Z")
_MISSING = frozenset({"", "N/A"})
_LEAST_CURRENCIES = 5
# The whole series has under 3 MB.
_MOST_BYTES = 1 << 25


def _source(published: date, retrieved: date) -> Source:
    return Source(
        "ecb-reference-rates",
        "Euro foreign exchange reference rates",
        "European Central Bank",
        published,
        retrieved,
        url="https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html",
    )


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """The rates of the days from ``effective`` on, by default from the first that the program does not carry.

    The newest day is always read, and is the day of the edition, whatever ``published`` says. Refuses with
    ``file_not_ecb_rates`` and ``file_unreadable``.
    """
    del published
    try:
        rows = list(csv.reader(io.StringIO(_table(path)), strict=True))
    except BROKEN as error:
        return Refusal(FILE_UNREADABLE, {"file": path.name, "reason": shorten_text(error)})
    currencies = [cell.strip() for cell in rows[0]] if rows else []
    named = sum(bool(_CURRENCY.match(cell)) for cell in currencies[1:])
    newest = _day(rows[1][0]) if len(rows) > 1 and rows[1] else None
    if currencies[:1] != ["Date"] or named < _LEAST_CURRENCIES or newest is None:
        return Refusal(NOT_ECB_RATES, {"file": path.name})
    first = effective or min(newest, last_carried_day() + timedelta(days=1))
    source = _source(newest, retrieved)
    return Importing(source, refuse_at_break(_records(currencies, rows[1:], first.isoformat())))


def _table(path: Path) -> str:
    """The table of a file, packed or not; ValueError where it breaks off or is larger than any such table."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as part:
            content = part.read(_MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    else:
        with open_text(path) as stream:
            text = stream.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES or not text.endswith("\n"):
        msg = "the table breaks off, or is far larger than the series"
        raise ValueError(msg)
    return text


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        return None


def _records(currencies: list[str], rows: list[list[str]], first: str) -> Iterator[ExchangeRate | RowRefused]:
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        day = _day(row[0])
        if day is None or len(row) != len(currencies):
            yield RowRefused(REFERENCE_DAY_MISSHAPEN, row=number, text=shorten_text(row))
        elif day.isoformat() >= first:
            yield from _day_records(currencies, row, day.isoformat(), number)


def _day_records(currencies: list[str], row: list[str], day: str, number: int) -> Iterator[ExchangeRate | RowRefused]:
    for currency, cell in zip(currencies[1:], row[1:], strict=True):
        rate = cell.strip()
        if rate in _MISSING or not _CURRENCY.match(currency):
            continue
        if _RATE.match(rate) and rate.strip("0.") != "":
            yield ExchangeRate(ECB, "EUR", currency, rate, day, day)
        else:
            yield RowRefused(REFERENCE_DAY_MISSHAPEN, row=number, text=shorten_text(f"{currency} {rate}"))
