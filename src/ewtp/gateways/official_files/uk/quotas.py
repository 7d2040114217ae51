"""The United Kingdom's preferential tariff quotas of 2022: goods, rates and volumes."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.calendar import UnreadSeason, is_whole_year, read_ranges, spell_range
from ewtp.core.rulebook.measure import Condition, Kind, Measure
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import refuse_at_break
from ewtp.gateways.official_files.sentences import NOT_UK_QUOTAS, ORDER_UNREADABLE, SEASON_UNREADABLE
from ewtp.gateways.official_files.uk.cells import quote_cells, read_prefix, read_rate, tidy_text
from ewtp.gateways.official_files.uk.partner_rates import PartnerRates, make_dated_measures, read_rate_row
from ewtp.gateways.official_files.uk.schemes import Partner, read_partners
from ewtp.gateways.official_files.uk.workbooks import (
    EFFECTIVE,
    QUOTA_STAGING,
    QUOTAS,
    YEAR,
    find_last_change,
    find_sheet,
    make_workbook_source,
    read_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.expressions.tree import DayRange

_ORDER_DIGITS = 6
_CALENDAR_YEAR = "CY"
_TWO_PERIODS = "Two quota periods: "
_OTHER_PERIODS = ", but other rows of the quota state other periods"
# A comma between groups of thousands, which one volume of the file has.
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}\b)")
_StepsByQuota = dict[tuple[str, str], list[str]]


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """The quotas of the workbook, with the yearly in-quota rates of its staging sheet.

    Records: ``Measure`` of kind quota, one an order number, code and period; conditions ``quota`` (the order
    number, with volume and period in words) and, where the quota is open in a part of each year, ``season``. Where the
    rows of an order number state different periods, none is held, and the words say so. Rows refused:
    ``partner_unknown``, ``code_unreadable``, ``order_unreadable``, ``season_unreadable``, ``rate_blank``,
    ``row_repeated``, ``row_contradicts``.
    Refusal: ``file_not_uk_quotas``.
    """
    sheet = find_sheet(path, QUOTAS)
    if sheet is None:
        return Refusal(NOT_UK_QUOTAS, {"file": path.name, "columns": list(QUOTAS[:4])})
    stated = find_last_change(path) or published
    title = "UK preferential tariff quotas 2022, notified to the WTO"
    source = make_workbook_source("uk-tariff-quotas", title, stated, retrieved)
    return Importing(source, refuse_at_break(_records(path, sheet, source, effective or EFFECTIVE)))


@dataclass(slots=True)
class _Quota(PartnerRates):
    """Everything the workbook states about one code within one quota."""

    order: str = ""
    volume: str = ""
    period: str = ""


def _records(path: Path, sheet: str, source: Source, start: date) -> Iterator[Record | RowRefused]:
    table = read_partners()
    steps = _read_staging(path)
    periods: dict[str, set[str]] = defaultdict(set)
    found: dict[tuple[str, str, str], _Quota] = {}
    for number, row in read_sheet(path, sheet):
        refused = _add_row(number, row, table, found)
        if refused is not None:
            yield refused
    for quota in found.values():
        periods[quota.order].add(quota.period)
    for quota in found.values():
        conditions = _conditions(quota, agreed=len(periods[quota.order]) == 1)
        yield from _measures(quota, conditions, steps.get((quota.order, quota.prefix)), source, start)


def _add_row(
    number: int,
    row: tuple[object, ...],
    table: dict[str, Partner],
    found: dict[tuple[str, str, str], _Quota],
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
    text = quote_cells(name, order_cell, code, rate, validity)
    read = read_rate_row(number, table, (name, code, rate, validity), text)
    if isinstance(read, RowRefused):
        return read
    order = tidy_text(order_cell).replace(".", "")
    if not order.isdigit() or len(order) != _ORDER_DIGITS:
        return RowRefused(ORDER_UNREADABLE, row=number, text=text)
    if _read_period(tidy_text(period)) is None:
        return RowRefused(SEASON_UNREADABLE, row=number, text=quote_cells(name, order_cell, code, period))
    words = _volume(volume, unit, period, by_origin)
    quota = found.setdefault(
        (read.partner.slug, order, read.prefix),
        _Quota(read.partner, read.prefix, order=order, volume=words, period=tidy_text(period)),
    )
    return quota.add(read, number, text)


def _volume(volume: object, unit: object, period: object, by_origin: object) -> str:
    when = "a calendar year" if tidy_text(period) == _CALENDAR_YEAR else f"in {tidy_text(period).replace(';', ',')}"
    amount = _THOUSANDS.sub("", tidy_text(volume).replace(";", ","))
    words = f"{amount} {tidy_text(unit)} {when}"
    return f"{words}, by its own rule of origin" if tidy_text(by_origin) == "Yes" else words


def _read_period(text: str) -> tuple[DayRange, ...] | None:
    """The parts of each year in which a quota is open; empty where it is all the year, None where it cannot be read."""
    if text == _CALENDAR_YEAR:
        return ()
    read = read_ranges(text.removeprefix(_TWO_PERIODS).replace(" and ", ", "))
    if isinstance(read, UnreadSeason):
        return None
    return () if is_whole_year(read) else read


def _conditions(quota: _Quota, *, agreed: bool) -> tuple[Condition, ...]:
    """What an answer tells of the quota and when it is open; ``agreed`` says that its rows state one period."""
    if not agreed:
        return (Condition("quota", quota.order, f"{quota.volume}{_OTHER_PERIODS}"),)
    ranges = _read_period(quota.period)
    season = (Condition("season", ", ".join(map(spell_range, ranges))),) if ranges else ()
    return (Condition("quota", quota.order, quota.volume), *season)


def _measures(
    quota: _Quota, conditions: tuple[Condition, ...], years: list[str] | None, source: Source, start: date
) -> Iterator[Measure]:
    rate = quota.expression
    dated = [(date(YEAR + offset, 1, 1), text) for offset, text in enumerate(years)] if years else [(start, rate)]
    dated = [(max(day, start), text) for day, text in dated if day.year >= start.year] or [(start, dated[-1][1])]
    return make_dated_measures(
        quota,
        dated,
        kind=Kind.QUOTA,
        source=source,
        reference="UK quotas",
        title="Tariff quota",
        order_number=quota.order,
        conditions=conditions,
    )


def _read_staging(path: Path) -> _StepsByQuota:
    """By order number and code, the in-quota rate of each year from 2022 on."""
    sheet = find_sheet(path, QUOTA_STAGING)
    if sheet is None:
        return {}
    steps: _StepsByQuota = {}
    for _, row in read_sheet(path, sheet):
        prefix = read_prefix(row[2])
        rates = [text for text in (read_rate(cell) for cell in row[3:]) if text is not None]
        if prefix is not None and rates:
            steps[(tidy_text(row[1]).replace(".", ""), prefix)] = rates
    return steps
