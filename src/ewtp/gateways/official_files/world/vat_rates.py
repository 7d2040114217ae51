"""Standard rates of VAT, GST and sales tax: three lists read side by side, so that a disagreement shows.

The first list (JSON, 128 economies) gives a rate for each economy and some earlier ones; the same folder may hold the
rates of the European Commission's database (with reduced rates) and a dated history. Where they agree the rule cites
each; where the Commission's list differs it prevails, being the official one; any other disagreement is
kept with the rule and stated in every answer, and so is that the first list alone has a rate and does not say since
when. A rate known to be wrong in the first list is not computed.
"""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.expressions.parser import NOT_CONFIRMED
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import (
    BROKEN,
    day_before,
    open_text,
    read_json_document,
    shorten_text,
    write_percent,
)
from ewtp.gateways.official_files.sentences import NOT_VAT_RATES, VAT_RATE_UNREADABLE, VAT_RATES_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOMENCLATURE = "HS2022"
# History before this day is of no use to an answer.
_EARLIEST = date(2020, 1, 1)
_COMMISSION_FILES = "eu_vat_rates_data*.json"
_HISTORY_FILE = "kdeldycke_vat_rates_history.csv"
# Codes of the European Commission that ISO 3166-1 writes otherwise.
_ISO = {"EL": "GR", "UK": "GB"}
# Qatar and Kuwait have signed the Gulf's agreement on VAT and had no VAT in April 2023
# (https://www.vatcalc.com/qatar/qatar-bides-its-time-on-vat-implementation/), though the list has one.
_KNOWN_WRONG = frozenset({"KW", "LK", "MY", "QA", "TH"})
_TITLES = {"vat": "VAT", "gst": "GST"}
# The list writes a change as midnight in a time zone east of Greenwich, so it is some hours early.
_TO_MIDNIGHT = timedelta(hours=3)
_NOT_OF_GOODS = "non-resident providers"


def _source(published: date | None, retrieved: date) -> Source:
    return Source(
        "vat-sales-tax-rates",
        "Standard VAT, GST and sales tax rates of 128 economies",
        "sales-tax data set",
        published,
        retrieved,
        licence="MIT",
        url="https://github.com/valeriansaliou/node-sales-tax",
    )


def commission_source(published: date | None, retrieved: date) -> Source:
    """The Commission's list, in the edition that its file states."""
    return Source(
        "eu-vat-rates",
        "Taxes in Europe Database: VAT rates",
        "European Commission",
        published,
        retrieved,
        licence="MIT",
        url="https://ec.europa.eu/taxation_customs/tedb/",
        carrier="eu-vat-rates-data",
    )


# First day, last day, rate.
RatePeriod = tuple[date, date | None, str]


@dataclass(frozen=True, slots=True)
class _VatLists:
    """The VAT rates of a folder; ``start`` and ``commission_start`` are the first days they are known to hold for."""

    first: dict[str, Any]
    commission: dict[str, Any]
    history: dict[str, list[RatePeriod]]
    source: Source
    commission_source: Source
    start: date

    @property
    def commission_start(self) -> date:
        return self.commission_source.published or self.commission_source.retrieved


def _is_entry(entry: object) -> bool:
    """Whether this is an economy's rate, with the rates before it where there were any."""
    if not isinstance(entry, dict) or "rate" not in entry:
        return False
    before = entry.get("before", {})
    return isinstance(before, dict) and all(isinstance(row, dict) and "rate" in row for row in before.values())


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Standard rates on everything imported, by economy; the other two lists are taken from the same folder.

    The first list does not state when it was published. Its rates without a history count from ``effective``, else from
    the newest change that it records.
    """
    try:
        with open_text(path) as stream:
            first = read_json_document(stream, parse_float=Decimal)
        if not isinstance(first, dict) or not first or not all(map(_is_entry, first.values())):
            return Refusal(NOT_VAT_RATES, {"file": path.name})
        rates, edition = _commission(path.parent)
        history = {}
        if path.with_name(_HISTORY_FILE).exists():
            with open_text(path.with_name(_HISTORY_FILE)) as stream:
                history = _history(stream)
    except (*BROKEN, KeyError) as error:
        return Refusal(VAT_RATES_UNREADABLE, {"file": path.name, "reason": shorten_text(error)})
    changes = (_last_change(entry) for entry in first.values())
    newest = max((day for day in changes if day is not None), default=retrieved)
    source = _source(published, retrieved)
    lists = _VatLists(first, rates, history, source, commission_source(edition, retrieved), effective or newest)
    return Importing(source, _records(lists))


def _commission(folder: Path) -> tuple[dict[str, Any], date | None]:
    """The Commission's newest list in the folder by economy, and the day of its edition; empty where there is none."""
    found = sorted(folder.glob(_COMMISSION_FILES))
    if not found:
        return {}, None
    with open_text(found[-1]) as stream:
        document = read_json_document(stream, parse_float=Decimal)
    stated = document.get("version")
    return document["rates"], date.fromisoformat(stated) if stated else None


def _history(stream: Any) -> dict[str, list[RatePeriod]]:
    spans: dict[str, list[RatePeriod]] = {}
    for row in csv.DictReader(stream):
        if row["rate_type"] != "standard" or _NOT_OF_GOODS in row["description"]:
            continue
        start = date.fromisoformat(row["start_date"])
        end = day_before(date.fromisoformat(row["stop_date"])) if row["stop_date"] else None
        rate = write_percent(Decimal(row["rate"]) * 100)
        for code in row["territory_codes"].split():
            if rate is not None and len(code) == 2:  # noqa: PLR2004 - longer codes are towns with a rate of their own
                span = (start, end, rate)
                known = spans.setdefault(_ISO.get(code, code), [])
                if span not in known:
                    known.append(span)
    return {code: _without_gaps(sorted(found, key=lambda span: span[0])) for code, found in spans.items()}


def _without_gaps(spans: list[RatePeriod]) -> list[RatePeriod]:
    """Some rows name the last day and others the day after; a hole of one day between two rows is neither's."""
    closed: list[RatePeriod] = []
    for position, (start, end, rate) in enumerate(spans):
        if end is not None and position + 1 < len(spans):
            following = spans[position + 1][0]
            if following - end == timedelta(days=2):
                closed.append((start, day_before(following), rate))
                continue
        closed.append((start, end, rate))
    return closed


def _records(lists: _VatLists) -> Iterator[Record | RowRefused]:
    economies = sorted({*lists.first, *(c for c in lists.commission if c != "XI")})
    for number, economy in enumerate(economies, 1):
        entry = lists.first.get(economy, {"type": "vat", "rate": None})
        if entry.get("type") == "none":
            continue
        if entry.get("type") not in _TITLES or (entry["rate"] is not None and write_percent(entry["rate"]) is None):
            yield RowRefused(VAT_RATE_UNREADABLE, {"economy": economy}, row=number, text=shorten_text(entry))
            continue
        yield from _economy(economy, entry, lists)


def _economy(economy: str, entry: dict[str, Any], lists: _VatLists) -> Iterator[Measure]:
    one = write_percent(entry["rate"] * 100) if entry["rate"] is not None else None
    official = lists.commission.get(economy)
    two = write_percent(official["standard"]) if official else None
    history = lists.history.get(economy, [])
    three = history[-1][2] if history and history[-1][1] is None else None
    rate = two or one or ""
    source = lists.commission_source if two else lists.source
    agreeing = [name for name, other in (("sales-tax", one), ("TEDB", two), ("history", three)) if other == rate]
    recorded = _last_change(entry)
    if one != rate:
        spans: list[RatePeriod] = [(lists.commission_start, None, rate)]
    elif three == rate:
        spans = _join_history(history, entry, rate)
    else:
        spans = [*_earlier(entry), (recorded or lists.start, None, rate)]
    dispute = None
    # A list that has not followed a change which the other one dates is out of date, not in dispute.
    if two is None and three is not None and three != rate and not (recorded and history[-1][0] < recorded):
        text = f"two sources disagree: {rate}, and {three} in a dated history since {history[-1][0]}"
        dispute = Condition("disputed", f"{rate} {three}", text)
    elif two is None and len(agreeing) == 1 and recorded is None and economy not in _KNOWN_WRONG:
        dispute = Condition("unconfirmed", rate)
    for start, end, expression in spans:
        now = official if end is None else None
        yield Measure(
            id=f"{economy}-tax-{start}",
            territory=economy,
            kind=Kind.TAX,
            product=Product(NOMENCLATURE, ""),
            validity=Period(start, end),
            source=source,
            reference=f"standard rate of {economy}; {_find_listings(agreeing)}",
            title=_TITLES[entry["type"]],
            programme="vat",
            base="duty_paid",
            expression=f"{expression} in one list, which is known to be wrong here{NOT_CONFIRMED}"
            if economy in _KNOWN_WRONG
            else expression,
            conditions=(_state_reduced(now), dispute) if dispute else (_state_reduced(now),),
        )


def _find_listings(lists: list[str]) -> str:
    """Which lists have the rate, in words."""
    return f"in one list: {lists[0]}" if len(lists) == 1 else f"lists that agree: {', '.join(lists)}"


def _join_history(history: list[RatePeriod], entry: dict[str, Any], rate: str) -> list[RatePeriod]:
    """The dated history, with the changes that only the first list records."""
    recorded = _last_change(entry)
    spans = [span for span in history if span[1] is None or span[1] >= _EARLIEST]
    if recorded is None or history[-1][0] >= recorded:
        return spans
    later = [*_earlier(entry), (recorded, None, rate)]
    first = later[0][0]
    before = [
        (start, day_before(first) if end is None or end >= first else end, text)
        for start, end, text in spans
        if start < first
    ]
    return [*before, *later]


def _state_reduced(official: dict[str, Any] | None) -> Condition:
    """What is known of reduced rates; which goods bear them, and at which a zero rate holds, no list says."""
    if official is None:
        return Condition("reduced", "unlisted", "zero or reduced rates, if the law has any")
    lower = [*official["reduced"], official["super_reduced"], official["parking"]]
    rates = sorted({Decimal(rate) for rate in lower if rate is not None})
    shown = ", ".join(str(write_percent(rate)) for rate in rates) or "none listed"
    values = " ".join(str(write_percent(rate)) for rate in rates)
    # The Commission's list leaves zero rates out: Ireland's on books, the United Kingdom's on food.
    return Condition("reduced", f"{values} unlisted".lstrip(), f"{shown}, or a zero rate, which the list leaves out")


def _day_of(stamp: str) -> date:
    return (datetime.fromisoformat(stamp) + _TO_MIDNIGHT).date()


def _last_change(entry: dict[str, Any]) -> date | None:
    return max((_day_of(stamp) for stamp in entry.get("before", {})), default=None)


def _earlier(entry: dict[str, Any]) -> list[RatePeriod]:
    """Earlier rates whose first and last day are both known; the oldest one has no known start and is left out."""
    changes = sorted((_day_of(stamp), row["rate"]) for stamp, row in entry.get("before", {}).items())
    spans: list[RatePeriod] = []
    for (start, _), (end, rate) in itertools.pairwise(changes):
        spans.append((start, day_before(end), write_percent(rate * 100) or ""))
    return spans
