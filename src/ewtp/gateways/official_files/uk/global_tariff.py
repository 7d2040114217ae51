"""The United Kingdom's table of the UK Global Tariff beside the European Union's Common External Tariff.

One row a commodity (8 or 10 digits, Combined Nomenclature 2020), with the duty for everybody in Great
Britain and in the European Union as of 1 January 2021. The table's flags mark what it leaves out: a trade
remedy, a suspension or an autonomous quota whose rate is given elsewhere. Each becomes a measure that cannot
be computed, so that an answer names it instead of omitting it. The table states no date.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import note_assumed_start, open_text, read_csv_header, refuse_at_break
from ewtp.gateways.official_files.sentences import (
    CODE_REPEATED,
    COMMODITY_UNREADABLE,
    LINE_RATE_BLANK,
    NOT_GLOBAL_TARIFF,
    ROW_ENDS_EARLY,
    TERRITORY_UNKNOWN,
)
from ewtp.gateways.official_files.uk.cells import quote_cells, tidy_text
from ewtp.gateways.official_files.uk.schemes import SUSPENSION, make_claim_groups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOMENCLATURE = "CN2020"
EDITION = date(2021, 1, 1)
NO_RATE = "no rate in the schedule"
SUSPENDED = "suspended rate, not in this schedule"
TRADE_REMEDY = "trade remedy duty, not in this schedule"
IN_QUOTA = "rate within the quota, not in this schedule"
TRADE_REMEDIES = "GB-trade-remedies"
_NEEDED = (
    "commodity",
    "cet_duty_rate",
    "ukgt_duty_rate",
    "trade_remedy_applies",
    "cet_applies_until_trade_remedy_transition_reviews_concluded",
    "suspension_applies",
    "atq_applies",
)
_DIGITS = (8, 10)


@dataclass(frozen=True, slots=True)
class TariffColumn:
    """One of the two tariffs in the table: its column of rates, its currency and how it is cited."""

    territory: str
    currency: str
    name: str
    abbreviation: str
    source_id: str
    title: str

    def source(self, published: date | None, retrieved: date) -> Source:
        """The table as the source of this tariff."""
        return Source(
            id=self.source_id,
            title=self.title,
            publisher="UK Department for International Trade",
            published=published,
            retrieved=retrieved,
            licence="OGL-3.0",
            url="https://www.gov.uk/guidance/uk-tariffs-from-1-january-2021",
        )


COLUMNS = {
    "GB": TariffColumn("GB", "GBP", "ukgt_duty_rate", "UKGT", "uk-global-tariff", "UK Global Tariff"),
    "EU": TariffColumn(
        "EU",
        "EUR",
        "cet_duty_rate",
        "CET",
        "eu-common-external-tariff",
        "EU Common External Tariff, beside the UK Global Tariff",
    ),
}


@dataclass(frozen=True, slots=True)
class _Tariff:
    """A tariff as one file gives it."""

    column: TariffColumn
    source: Source
    validity: Period

    def measure(self, code: str, kind: Kind, expression: str) -> Measure:
        """A measure of this kind that says nothing beyond its expression."""
        column = self.column
        return Measure(
            id=f"{column.territory}-{kind}-{code}-{self.validity.start}",
            territory=column.territory,
            kind=kind,
            product=Product(NOMENCLATURE, code),
            validity=self.validity,
            source=self.source,
            reference=f"{column.abbreviation} {code}",
            title=_TITLES[kind],
            expression=expression,
            currency=column.currency,
        )


def read(
    path: Path,
    *,
    retrieved: date,
    published: date | None = None,
    effective: date | None = None,
    territory: str | None = None,
) -> Importing | Refusal:
    """The duties and lines of both tariffs, or of ``territory`` (``GB`` or ``EU``) alone, from ``effective`` on.

    Records: ``TariffLine``, ``Measure`` (duty; where the flags say so an additional duty, a preference by
    suspension, a quota) and, for Great Britain, the group by which a suspension is claimed. Rows refused:
    ``code_unreadable``, ``code_repeated``, ``rate_blank`` (the duty is kept as unknown). Refusals:
    ``file_not_uk_global_tariff``, ``territory_unknown``.
    """
    if territory is not None and territory not in COLUMNS:
        return Refusal(TERRITORY_UNKNOWN)
    header = read_csv_header(path)
    if isinstance(header, Refusal) or not set(_NEEDED) <= set(header):
        return Refusal(NOT_GLOBAL_TARIFF, {"file": path.name, "columns": list(_NEEDED[:3])})
    tariffs = [
        _Tariff(column, column.source(published, retrieved), Period(effective or EDITION))
        for column in COLUMNS.values()
        if territory in (None, column.territory)
    ]
    notes = () if effective else (note_assumed_start(EDITION, "the first day of the UK Global Tariff"),)
    return Importing(tariffs[0].source, refuse_at_break(_records(path, tariffs)), notes)


def _records(path: Path, tariffs: list[_Tariff]) -> Iterator[Record | RowRefused]:
    for tariff in tariffs:
        if tariff.column.territory == "GB":
            yield from make_claim_groups(tariff.source, tariff.validity.start, (SUSPENSION,))
    seen: set[str] = set()
    with open_text(path) as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            if None in row.values():
                yield RowRefused(ROW_ENDS_EARLY, row=number, text=quote_cells(*row.values()))
                return
            code = tidy_text(row["commodity"]).replace(".", "")
            if not code.isascii() or not code.isdigit() or len(code) not in _DIGITS:
                yield RowRefused(COMMODITY_UNREADABLE, row=number, text=quote_cells(row["commodity"]))
                continue
            if code in seen:
                yield RowRefused(CODE_REPEATED, {"code": code}, row=number, text=quote_cells(code))
                continue
            seen.add(code)
            for tariff in tariffs:
                yield from _line(tariff, code, row, number)


def _line(tariff: _Tariff, code: str, row: dict[str, str], number: int) -> Iterator[Record | RowRefused]:
    column = tariff.column
    rate = tidy_text(row[column.name])
    yield TariffLine(column.territory, code, tariff.validity, description=tidy_text(row.get("description")))
    if not rate:
        yield RowRefused(
            LINE_RATE_BLANK, {"territory": column.abbreviation, "code": code}, row=number, text=quote_cells(code)
        )
    if column.territory == "GB" and _flag(row, "cet_applies_until_trade_remedy_transition_reviews_concluded"):
        rate = _until_review(rate, tidy_text(row["cet_duty_rate"]))
    yield tariff.measure(code, Kind.DUTY, rate or NO_RATE)
    if column.territory == "GB":
        yield from _flag_measures(tariff, code, row)


def _until_review(rate: str, external_tariff: str) -> str:
    """The EU's rate applies until a review ends, and the table does not say when it did; equal rates settle it."""
    if rate == external_tariff:
        return rate
    return f"{rate}, or {external_tariff} until the trade remedy review has ended"


def _flag_measures(tariff: _Tariff, code: str, row: dict[str, str]) -> Iterator[Measure]:
    if _flag(row, "trade_remedy_applies"):
        remedy = tariff.measure(code, Kind.ADDITIONAL_DUTY, TRADE_REMEDY)
        yield replace(remedy, programme=TRADE_REMEDIES)
    if _flag(row, "suspension_applies"):
        yield replace(tariff.measure(code, Kind.PREFERENCE, SUSPENDED), origins=Origins((SUSPENSION,)))
    if _flag(row, "atq_applies"):
        order = f"autonomous-{code}"
        quota = tariff.measure(code, Kind.QUOTA, IN_QUOTA)
        yield replace(quota, order_number=order, conditions=(Condition("quota", order, "volume not in this schedule"),))


def _flag(row: dict[str, str], column: str) -> bool:
    return tidy_text(row[column]).lower() == "true"


_TITLES = {
    Kind.DUTY: "Third country duty",
    Kind.ADDITIONAL_DUTY: "Trade remedy",
    Kind.PREFERENCE: "Duty suspension",
    Kind.QUOTA: "Autonomous tariff quota",
}
