"""The United Kingdom's preferential tariff quotas of 2022: which goods, at which rate, within which volume."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Kind, Measure, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk.cells import (
    CURRENCY,
    TERRITORY,
    prefix_of,
    quote,
    rate_text,
    season_of,
    seasonal,
    tidy,
    unbroken,
)
from ewtp.gateways.official_files.uk.schemes import Partner, partners
from ewtp.gateways.official_files.uk.workbooks import (
    EFFECTIVE,
    NOMENCLATURE,
    QUOTA_STAGING,
    QUOTAS,
    YEAR,
    rows,
    sheet_with,
    source,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = source("uk-tariff-quotas", "UK preferential tariff quotas 2022, notified to the WTO")
_ORDER_DIGITS = 6
_Steps = dict[tuple[str, str], list[str]]


def read(path: Path, *, effective: date | None = None) -> Importing | Refusal:
    """The quotas of the workbook, with the yearly in-quota rates of its staging sheet.

    Records: ``Measure`` of kind quota, one an order number, code and period; conditions ``quota`` (the order
    number, with volume and period in words). Rows refused: ``partner_unknown``, ``code_unreadable``,
    ``order_unreadable``, ``season_unreadable``, ``rate_blank``, ``row_repeated``, ``row_contradicts``.
    Refusal: ``file_not_uk_quotas``.
    """
    sheet = sheet_with(path, QUOTAS)
    if sheet is None:
        return Refusal(
            "file_not_uk_quotas",
            f"{path.name} is not the workbook of UK quotas; its first columns are {', '.join(QUOTAS[:4])}.",
        )
    return Importing(SOURCE, unbroken(_records(path, sheet, effective or EFFECTIVE)))


@dataclass(slots=True)
class _Entry:
    """What the workbook says about one code within one quota."""

    partner: Partner
    order: str
    prefix: str
    volume: str
    rates: list[tuple[str, str]] = field(default_factory=list)


def _records(path: Path, sheet: str, start: date) -> Iterator[Record | RowRefused]:
    table = partners()
    steps = _staging(path)
    entries: dict[tuple[str, str, str], _Entry] = {}
    for number, row in rows(path, sheet):
        refused = _take(number, row, table, entries)
        if refused is not None:
            yield refused
    for entry in entries.values():
        yield from _measures(entry, steps.get((entry.order, entry.prefix)), start)


def _take(
    number: int,
    row: tuple[object, ...],
    table: dict[str, Partner],
    entries: dict[tuple[str, str, str], _Entry],
) -> RowRefused | None:
    name, order_cell, by_origin, code, rate, validity, volume, period, unit, *_ = (
        *row,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    )
    text = quote(name, order_cell, code, rate, validity)
    partner = table.get(tidy(name))
    if partner is None:
        return RowRefused(number, "partner_unknown", "The partner is not in the table of schemes; add it there.", text)
    order = tidy(order_cell).replace(".", "")
    if not order.isdigit() or len(order) != _ORDER_DIGITS:
        return RowRefused(number, "order_unreadable", "A quota's order number has six digits, such as 05.1500.", text)
    prefix = prefix_of(code)
    if prefix is None:
        return RowRefused(number, "code_unreadable", "A commodity code has 2, 4, 6, 8 or 10 digits.", text)
    season = season_of(validity)
    if season is None:
        return RowRefused(number, "season_unreadable", "A season is two days such as 01-06 to 31-10.", text)
    written = rate_text(rate)
    if written is None:
        return RowRefused(number, "rate_blank", "The row gives no rate.", text)
    entry = entries.setdefault(
        (partner.slug, order, prefix),
        _Entry(partner, order, prefix, _volume(volume, unit, period, by_origin)),
    )
    repeated = (written, season) in entry.rates
    entry.rates.append((written, season))
    if repeated:
        return RowRefused(number, "row_repeated", "An earlier row says the same; that one is kept.", text)
    if seasonal(entry.rates) is None:
        return RowRefused(
            number,
            "row_contradicts",
            "An earlier row gives another rate for the same time; kept as unknown.",
            text,
        )
    return None


def _volume(volume: object, unit: object, period: object, by_origin: object) -> str:
    when = "a calendar year" if tidy(period) == "CY" else f"in {tidy(period).replace(';', ',')}"
    words = f"{tidy(volume).replace(';', ',')} {tidy(unit)} {when}"
    return f"{words}, by its own rule of origin" if tidy(by_origin) == "Yes" else words


def _measures(entry: _Entry, years: list[str] | None, start: date) -> Iterator[Measure]:
    rate = seasonal(entry.rates)
    if rate is None:
        rate = "disputed in the schedule: " + ", ".join(f"{r} {s}".strip() for r, s in dict.fromkeys(entry.rates))
    dated = [(date(YEAR + offset, 1, 1), text) for offset, text in enumerate(years)] if years else [(start, rate)]
    dated = [(max(day, start), text) for day, text in dated if day.year >= start.year] or [(start, dated[-1][1])]
    for position, (day, text) in enumerate(dated):
        end = date.fromordinal(dated[position + 1][0].toordinal() - 1) if position + 1 < len(dated) else None
        yield Measure(
            id=f"{TERRITORY}-quota-{entry.prefix}-{entry.partner.slug}-{entry.order}-{day}",
            territory=TERRITORY,
            kind=Kind.QUOTA,
            product=Product(NOMENCLATURE, entry.prefix),
            validity=Period(day, end),
            source=SOURCE,
            reference=f"UK quotas, {entry.prefix}",
            title="Tariff quota",
            origins=entry.partner.origins,
            expression=text,
            currency=CURRENCY,
            order_number=entry.order,
            conditions=(Condition("quota", entry.order, entry.volume),),
        )


def _staging(path: Path) -> _Steps:
    """(order number, code) -> the in-quota rates from 2022 on."""
    sheet = sheet_with(path, QUOTA_STAGING)
    if sheet is None:
        return {}
    steps: _Steps = {}
    for _, row in rows(path, sheet):
        prefix = prefix_of(row[2])
        rates = [text for text in (rate_text(cell) for cell in row[3:]) if text is not None]
        if prefix is not None and rates:
            steps[(tidy(row[1]).replace(".", ""), prefix)] = rates
    return steps
