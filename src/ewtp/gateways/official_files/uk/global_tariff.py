"""The United Kingdom's table of the UK Global Tariff beside the European Union's Common External Tariff.

One row a commodity (8 or 10 digits, Combined Nomenclature 2020), with the duty for everybody in Great
Britain and in the European Union as of 1 January 2021. The table's flags say what it leaves out: a trade
remedy, a suspension or an autonomous quota whose rate stands elsewhere. Each becomes a measure that cannot
be computed, so that an answer names it instead of passing over it.
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
from ewtp.gateways.official_files.uk.cells import BROKEN, RETRIEVED, open_text, quote, tidy, unbroken
from ewtp.gateways.official_files.uk.schemes import SUSPENSION, claim_groups

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
_COLUMNS = (
    "commodity",
    "cet_duty_rate",
    "ukgt_duty_rate",
    "trade_remedy_applies",
    "cet_applies_until_trade_remedy_transition_reviews_concluded",
    "suspension_applies",
    "atq_applies",
)
_DIGITS = (8, 10)


def _source(source_id: str, title: str) -> Source:
    return Source(
        id=source_id,
        title=title,
        publisher="UK Department for International Trade",
        published=EDITION,
        retrieved=RETRIEVED,
        licence="OGL-3.0",
        url="https://www.gov.uk/guidance/uk-tariffs-from-1-january-2021",
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two tariffs in the table."""

    territory: str
    currency: str
    column: str
    abbreviation: str
    source: Source


SIDES = {
    "GB": _Side("GB", "GBP", "ukgt_duty_rate", "UKGT", _source("uk-global-tariff", "UK Global Tariff")),
    "EU": _Side(
        "EU",
        "EUR",
        "cet_duty_rate",
        "CET",
        _source("eu-common-external-tariff", "EU Common External Tariff, beside the UK Global Tariff"),
    ),
}


def read(path: Path, *, effective: date | None = None, territory: str | None = None) -> Importing | Refusal:
    """The duties and lines of both tariffs, or of ``territory`` (``GB`` or ``EU``) alone.

    Records: ``TariffLine``, ``Measure`` (duty; where the flags say so an additional duty, a preference by
    suspension, a quota) and, for Great Britain, the group by which a suspension is claimed. Rows refused:
    ``code_unreadable``, ``code_repeated``, ``rate_blank`` (the duty is kept as unknown). Refusals:
    ``file_not_uk_global_tariff``, ``territory_unknown``.
    """
    if territory is not None and territory not in SIDES:
        return Refusal("territory_unknown", "The table holds the tariffs of GB and EU; name one of them.")
    sides = tuple(SIDES.values()) if territory is None else (SIDES[territory],)
    try:
        with open_text(path) as stream:
            header = next(csv.reader(stream), [])
    except BROKEN:
        header = []
    if not set(_COLUMNS) <= set(header):
        return Refusal(
            "file_not_uk_global_tariff",
            f"{path.name} is not the UK Global Tariff table; its columns should include {', '.join(_COLUMNS[:3])}.",
        )
    return Importing(sides[0].source, unbroken(_rows(path, sides, effective or EDITION)))


def _rows(path: Path, sides: tuple[_Side, ...], start: date) -> Iterator[Record | RowRefused]:
    if any(side.territory == "GB" for side in sides):
        yield from claim_groups(SIDES["GB"].source, start, (SUSPENSION,))
    seen: set[str] = set()
    with open_text(path) as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            if None in row.values():
                yield RowRefused(
                    number,
                    "file_broken",
                    "The row ends before its last column; get the file again.",
                    quote(*row.values()),
                )
                return
            code = tidy(row["commodity"]).replace(".", "")
            if not code.isascii() or not code.isdigit() or len(code) not in _DIGITS:
                yield RowRefused(number, "code_unreadable", "A commodity has 8 or 10 digits.", quote(row["commodity"]))
                continue
            if code in seen:
                yield RowRefused(
                    number,
                    "code_repeated",
                    f"{code} stands in an earlier row; that one is kept.",
                    quote(code),
                )
                continue
            seen.add(code)
            for side in sides:
                yield from _line(side, code, row, number, Period(start))


def _line(side: _Side, code: str, row: dict[str, str], number: int, validity: Period) -> Iterator[Record | RowRefused]:
    rate = tidy(row[side.column])
    yield TariffLine(side.territory, code, validity, description=tidy(row.get("description")))
    if not rate:
        yield RowRefused(
            number,
            "rate_blank",
            f"{side.abbreviation} {code} has no rate; it is kept as unknown.",
            quote(code),
        )
    if side.territory == "GB" and _flag(row, "cet_applies_until_trade_remedy_transition_reviews_concluded"):
        rate = _until_review(rate, tidy(row["cet_duty_rate"]))
    yield _measure(side, code, validity, Kind.DUTY, rate or NO_RATE)
    if side.territory == "GB":
        yield from _flagged(side, code, row, validity)


def _until_review(rate: str, external_tariff: str) -> str:
    """The table says that the EU's rate stands until a review ends, and not when it did; equal rates settle it."""
    if rate == external_tariff:
        return rate
    return f"{rate}, or {external_tariff} until the trade remedy review has ended"


def _flagged(side: _Side, code: str, row: dict[str, str], validity: Period) -> Iterator[Measure]:
    if _flag(row, "trade_remedy_applies"):
        remedy = _measure(side, code, validity, Kind.ADDITIONAL_DUTY, TRADE_REMEDY)
        yield replace(remedy, programme=TRADE_REMEDIES)
    if _flag(row, "suspension_applies"):
        yield replace(_measure(side, code, validity, Kind.PREFERENCE, SUSPENDED), origins=Origins((SUSPENSION,)))
    if _flag(row, "atq_applies"):
        order = f"autonomous-{code}"
        quota = _measure(side, code, validity, Kind.QUOTA, IN_QUOTA)
        yield replace(quota, order_number=order, conditions=(Condition("quota", order, "volume not in this schedule"),))


def _flag(row: dict[str, str], column: str) -> bool:
    return tidy(row[column]).lower() == "true"


def _measure(side: _Side, code: str, validity: Period, kind: Kind, expression: str) -> Measure:
    """A measure of this kind that says nothing beyond its expression."""
    return Measure(
        id=f"{side.territory}-{kind}-{code}-{validity.start}",
        territory=side.territory,
        kind=kind,
        product=Product(NOMENCLATURE, code),
        validity=validity,
        source=side.source,
        reference=f"{side.abbreviation} {code}",
        title=_TITLES[kind],
        expression=expression,
        currency=side.currency,
    )


_TITLES = {
    Kind.DUTY: "Third country duty",
    Kind.ADDITIONAL_DUTY: "Trade remedy",
    Kind.PREFERENCE: "Duty suspension",
    Kind.QUOTA: "Autonomous tariff quota",
}
