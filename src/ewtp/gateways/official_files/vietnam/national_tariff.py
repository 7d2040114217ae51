"""The tariff of Viet Nam as a table: duties, agreements, taxes and conditions of entry of each line.

A row with a code of eight digits and rates is a line; the others are headings. Beside each rate are the paper that it
is from and the day of that paper. The preferential rate (PIT) is for most-favoured nations, and the ordinary one (IT)
for the rest: which those are is not in the table, so its rules name a group without members.

Lines of chapter 98 have rates for goods of other lines that meet conditions; they are left out. A blank cell of an
agreement is one of a decree that lists what it grants (Cuba alone leaves cells of lines blank); every other column
has a star or a K where it grants nothing. Rates are those of 2023: an agreement rate above zero is known for that year
only, unless its decree has one rate for all its years.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Base, Condition, Direction, Kind, Measure, Origins
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.code_table import TableRow
from ewtp.gateways.official_files.file_readers import (
    note_assumed_start,
    open_text,
    read_csv_header,
    refuse_at_break,
    shorten_text,
)
from ewtp.gateways.official_files.sentences import (
    CODE_REPEATED,
    LINE_OF_CONDITIONS,
    NOT_TARIFF_TABLE,
    TABLE_ROW_MISSHAPEN,
)
from ewtp.gateways.official_files.tariff_table import TariffTable
from ewtp.gateways.official_files.vietnam.agreements import (
    DECREES,
    MEXICO,
    UNCHANGED,
    AgreementRate,
    read_agreement_cell,
)
from ewtp.gateways.official_files.vietnam.environment_amounts import find_environment_amounts
from ewtp.gateways.official_files.vietnam.line_cells import (
    DutyCell,
    read_line_duty,
    read_rates,
    read_vat_cell,
)
from ewtp.gateways.official_files.vietnam.policy_clauses import find_papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TERRITORY = "VN"
NOMENCLATURE = "AHTN2022"
CURRENCY = "VND"
# The day that the table gives to the agreements; its other papers are older.
EDITION = date(2022, 12, 30)
# The last day of the year for which its agreement rates are known.
YEAR_END = date(2023, 12, 31)
ORDINARY = f"{TERRITORY}-ORDINARY"
_BEFORE = ("id", "dashes", "hs", "description", "en_description", "unit_of_quantity", "en_unit_of_quantity")
_RATES = ("IT", "PIT", "VAT", *DECREES, "ExT", "ET", "E-CPTPP", "E-EVFTA", "E-UKVFTA", "EnvPT")
COLUMNS = (
    *_BEFORE,
    "related_hs",
    *(name for rate in _RATES for name in (rate, f"{rate}_doc", f"{rate}_valid_date")),
    "hs_policy",
)
_NAMED = 5
_CODE = re.compile(r"(\d{4})\.(\d\d)\.(\d\d)")
# A heading that is not divided repeats the rates of its one line.
_HEADING = re.compile(r"\d\d\.\d\d")
_DIGITS = 8
_CONDITIONS = "98"
_ZERO = "0%"
# The last day for which a decree of the agreements of 2022 has a rate (Mondaq, 2023-01-18).
_LAST_OF_DECREES = date(2027, 12, 31)
NOT_READ = "stated in a form that is not read, and not held"
_BY_CHAPTER = "set by chapter 98, and not held"
_POINTER = "Chương 98"
_BY_GOODS = "set by kind and use, and not held"
_WITHIN_NOT_HELD = "rate within the quota, not in this schedule"
_VOLUME = (Condition("volume", "", "volume not in this schedule"),)
# Decree 174/2025/ND-CP: 8% in place of 10% from 2025-07-01 to 2026-12-31, except for goods of its lists.
_FULL_RATE, _LOWERED_RATE, _LOWERED_UNTIL = "10%", "8%", "8% until 2026-12-31"
_UNITS = {
    "kg": "KGM",
    "chiếc": "C62",
    "con": "C62",
    "cuốn": "C62",
    "quả": "C62",
    "lít": "LTR",
    "m": "MTR",
    "m2": "MTK",
    "m3": "MTQ",
    "bộ": "SET",
    "đôi": "NPR",
    "carat": "CTM",
    "kWh": "KWH",
}


@dataclass(frozen=True, slots=True)
class _TariffYear:
    """The table, and the last day of the year for which its agreement rates are known."""

    table: TariffTable
    last: date

    def rule(self, code: str, kind: Kind, expression: str, **fields: Any) -> Measure:
        """A rule on a line, in force as long as the table, unless ``fields`` say otherwise."""
        return self.table.rule(code, kind, expression, **fields)


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, preferences, quotas, taxes and lines, from ``effective`` or 2022-12-30 on."""
    header = read_csv_header(path)
    if isinstance(header, Refusal):
        return header
    if tuple(header) != COLUMNS:
        return Refusal(NOT_TARIFF_TABLE, {"file": path.name, "columns": list(COLUMNS[:_NAMED])})
    source = Source(
        "vn-tariff",
        "Tariff of Viet Nam with agreement rates and taxes (letter 5731/TCHQ-TXNK and the decrees beside it)",
        "General Department of Vietnam Customs",
        published,
        retrieved,
    )
    start = effective or EDITION
    table = TariffTable(
        source, Period(start), TERRITORY, NOMENCLATURE, CURRENCY, "Tariff of Viet Nam", "Most-favoured-nation tariff"
    )
    # The table of the last days of 2022 has the rates of the year that follows.
    year = _TariffYear(table, date((start + timedelta(days=2)).year, 12, 31))
    notes = () if effective else (note_assumed_start(EDITION, "the day of the decrees on agreements"),)
    return Importing(source, refuse_at_break(_records(path, year)), notes)


def _records(path: Path, year: _TariffYear) -> Iterator[Record | RowRefused]:
    seen: set[str] = set()
    for row in _read_rows(path):
        if isinstance(row, RowRefused):
            yield row
        elif row.code in seen:
            yield RowRefused(CODE_REPEATED, {"code": row.code}, row=row.number)
        elif row.code.startswith(_CONDITIONS):
            seen.add(row.code)
            yield RowRefused(LINE_OF_CONDITIONS, {"code": row.code}, row=row.number)
        else:
            seen.add(row.code)
            yield year.table.line(row.code, _read_units(row.cells["unit_of_quantity"]), row.cells["description"])
            yield from _duties(row, year)
            yield from _taxes(row, year)
            yield from _papers(row, year)


def _papers(row: TableRow, year: _TariffYear) -> Iterator[Measure]:
    for paper, acts in find_papers(row.cells["hs_policy"]).items():
        measure = year.rule(
            row.code,
            paper.kind,
            "",
            agency=paper.agency,
            stage="entry",
            document=paper.name,
            # A prohibition has no paper; its name is its title.
            title=paper.name if paper.kind is Kind.PROHIBITION else "",
            reference=f"import policy by {', '.join(acts)}",
            conditions=paper.when,
        )
        # Two agencies may ask for papers of one name.
        yield replace(measure, id=f"{measure.id}-{paper.agency}")


def _read_rows(path: Path) -> Iterator[TableRow | RowRefused]:
    """The rows with rates; one without is a heading."""
    with open_text(path) as stream:
        rows = csv.reader(stream, strict=True)
        next(rows)
        for number, row in enumerate(rows, 2):
            cells = dict(zip(COLUMNS, row, strict=False))
            code = _CODE.fullmatch(cells.get("hs", "").strip())
            stated = len(row) == len(COLUMNS) and (cells["PIT"] or cells["IT"])
            if stated and code:
                yield TableRow(number, "".join(code.groups()), cells)
            elif len(row) != len(COLUMNS) or (stated and not _HEADING.fullmatch(cells["hs"].strip())):
                shape = {"digits": _DIGITS, "cells": len(COLUMNS)}
                yield RowRefused(TABLE_ROW_MISSHAPEN, shape, row=number, text=shorten_text(row))


def _read_units(cell: str) -> tuple[str, ...]:
    units = (_UNITS.get(part.strip()) for part in cell.split("/"))
    return tuple(dict.fromkeys(unit for unit in units if unit))


def word_rates(rates: Sequence[str]) -> str:
    """Several rates of goods of one line, as the amount of a rule: ``[kind of goods: 0% or 5%]``."""
    if len(rates) == 1:
        return rates[0]
    ordered = sorted(rates, key=_figure)
    # With more than two, the answer gives the range.
    joint = "or" if len(ordered) == 2 else "to"  # noqa: PLR2004 - an "or" joins two
    return f"[kind of goods: {ordered[0]} {joint} {ordered[-1]}]"


def _figure(rate: str) -> float:
    return float(rate.rstrip("%"))


def _duties(row: TableRow, year: _TariffYear) -> Iterator[Record | RowRefused]:
    ordinary: DutyCell | None = None
    for column, group, title in (
        ("PIT", "", "Most-favoured-nation tariff"),
        ("IT", ORDINARY, "Ordinary rate of duty"),
    ):
        cell = row.cells[column]
        found = read_line_duty(cell)
        if found is None and _POINTER not in cell:
            yield row.refuse_rate(column)
        origins = Origins((group,)) if group else Origins()
        amount = word_rates(found.rates) if found else _BY_CHAPTER if _POINTER in cell else NOT_READ
        yield year.rule(row.code, Kind.DUTY, amount, origins=origins, title=title)
        if found and found.within:
            yield _quota(row.code, found.within, "MFN", origins, year)
        ordinary = ordinary or found
    yield from _preferences(row, ordinary, year)
    if row.cells["ET"]:
        yield from _export_duty(row, year)


def _quota(code: str, rate: str, name: str, origins: Origins, year: _TariffYear) -> Measure:
    return year.rule(
        code,
        Kind.QUOTA,
        rate or _WITHIN_NOT_HELD,
        origins=origins,
        title="Tariff quota",
        order_number=f"{TERRITORY}-{name}-{code[:4]}",
        conditions=_VOLUME,
    )


def _export_duty(row: TableRow, year: _TariffYear) -> Iterator[Measure | RowRefused]:
    found = read_line_duty(row.cells["ET"])
    if found is None:
        yield row.refuse_rate("ET")
    elif found.rates != (_ZERO,):
        yield year.rule(row.code, Kind.DUTY, word_rates(found.rates), direction=Direction.EXPORT, title="Export duty")


def _preferences(row: TableRow, ordinary: DutyCell | None, year: _TariffYear) -> Iterator[Measure | RowRefused]:
    """The agreement rates below the ordinary one; the agreements that state the same share a rule."""
    alike: dict[tuple[str, tuple[str, ...], bool], list[str]] = defaultdict(list)
    applied = ordinary.rates if ordinary else ()
    for column in DECREES:
        cell = row.cells[column].strip()
        if not cell:
            continue
        name = column.removeprefix(f"{TERRITORY}-")
        parties = ((name, False), (MEXICO, True)) if column == "CPTPP" else ((name, False),)
        for party, mexico in parties:
            found = read_agreement_cell(cell, mexico=mexico)
            if found is None:
                if not mexico:
                    yield row.refuse_rate(column)
                alike[NOT_READ, (), False].append(f"{TERRITORY}-{party}")
                continue
            if found.within is not None:
                yield _quota(row.code, found.within, party, Origins((f"{TERRITORY}-{party}",)), year)
            amount = _amount(found, applied)
            if amount:
                alike[amount, found.excluded, column == UNCHANGED].append(f"{TERRITORY}-{party}")
    for (amount, excluded, unchanged), groups in sorted(alike.items()):
        yield from _stages(row.code, amount, Origins(tuple(sorted(groups)), excluded), year, unchanged=unchanged)


def _amount(found: AgreementRate, applied: Sequence[str]) -> str:
    """What the parties pay; empty where that is no less than everybody pays."""
    granted = [rate for rate in found.rates if rate]
    if not granted or (applied and min(map(_figure, granted)) >= max(map(_figure, applied))):
        return ""
    if len(found.rates) == len(granted):
        return word_rates(granted)
    return word_rates(tuple(dict.fromkeys((*granted, *applied)))) if applied else NOT_READ


def _stages(code: str, amount: str, origins: Origins, year: _TariffYear, *, unchanged: bool) -> Iterator[Measure]:
    """A rate of zero lasts, because agreements do not bring duties back; another is known for its years alone."""
    fields: dict[str, Any] = {"origins": origins, "title": "Tariff preference"}
    start = year.table.validity.start
    if amount == _ZERO:
        yield year.rule(code, Kind.PREFERENCE, amount, **fields)
    elif unchanged:
        yield year.rule(code, Kind.PREFERENCE, amount, validity=Period(start, _LAST_OF_DECREES), **fields)
    else:
        later = f"staged rate, known for {year.last.year} only"
        yield year.rule(code, Kind.PREFERENCE, amount, validity=Period(start, year.last), **fields)
        since = year.last + timedelta(days=1)
        yield year.rule(code, Kind.PREFERENCE, later, validity=Period(since, _LAST_OF_DECREES), **fields)


def _taxes(row: TableRow, year: _TariffYear) -> Iterator[Measure | RowRefused]:
    code, cells = row.code, row.cells
    rates = read_vat_cell(cells["VAT"])
    if rates is None:
        yield row.refuse_rate("VAT")
    yield year.rule(
        code,
        Kind.TAX,
        rates[0] if rates else NOT_READ,
        title="VAT",
        programme="vat",
        base=Base.DUTY_PAID,
        conditions=_lower_rates(rates or ()),
    )
    if cells["ExT"]:
        excise = read_rates(cells["ExT"])
        if excise is None and cells["ExT"] != "ĐB":
            yield row.refuse_rate("ExT")
        amount = word_rates(excise) if excise else _BY_GOODS if cells["ExT"] == "ĐB" else NOT_READ
        yield year.rule(
            code, Kind.EXCISE, amount, title="Special consumption tax", programme="excise", base=Base.DUTY_PAID
        )
    if cells["EnvPT"]:
        yield from _environment_tax(code, year)


def _environment_tax(code: str, year: _TariffYear) -> Iterator[Measure]:
    fields: dict[str, Any] = {"title": "Environmental protection tax", "programme": "environment-tax"}
    start = year.table.validity.start
    known = find_environment_amounts(code, start)
    first = known[0][1].start if known else None
    if first is None or first > start:
        before = Period(start, first - timedelta(days=1) if first else None)
        yield year.rule(code, Kind.EXCISE, _BY_GOODS, validity=before, **fields)
    for amount, days, resolution in known:
        place = f"{year.table.schedule}, {code}; {resolution}"
        yield year.rule(code, Kind.EXCISE, amount, validity=days, reference=place, **fields)


def _lower_rates(rates: Sequence[str]) -> tuple[Condition, ...]:
    """The rates that the goods may bear in place of the highest, which is charged."""
    lowered = [_LOWERED_RATE] if rates and rates[0] == _FULL_RATE else []
    others = [*lowered, *rates[1:]]
    if not others:
        return ()
    text = _LOWERED_UNTIL if others == lowered else " or ".join(others[:2]) if len(others) == 2 else ""  # noqa: PLR2004
    return (Condition("reduced", " ".join(others), text),)
