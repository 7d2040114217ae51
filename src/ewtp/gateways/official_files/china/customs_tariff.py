"""The tariff of China as a table: one row a line of ten digits, with agreement rates, taxes and conditions of entry.

Columns: most-favoured-nation, interim and general rate, one column for each agreement, consumption tax, import VAT,
export duty, supervision conditions, inspection categories and a unit; names are in Chinese. The table states no date.

An interim rate stands in the place of the most-favoured-nation rate and is set for a calendar year; so is an agreement
rate other than zero, which may fall in the next year (Tariff Adjustment Plan 2026). Only agreement rates below the
rate that is applied become preferences. To which origins the general rate applies is in no source that was read: its
rules name a group without members.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Base, Condition, Direction, Kind, Measure, Origins
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.china.papers import (
    CATEGORIES,
    CATEGORIES_NOT_READ,
    CATEGORIES_ON_EXPORTS,
    INSPECTION,
    ON_EXPORTS,
    PAPERS,
    name_inspection,
)
from ewtp.gateways.official_files.china.rate_cells import (
    read_consumption_tax,
    read_duty_cell,
    read_quota_rate,
    read_unit,
    word_rate_of_gross_price,
)
from ewtp.gateways.official_files.code_table import CodeTable, TableRow
from ewtp.gateways.official_files.file_readers import refuse_at_break
from ewtp.gateways.official_files.sentences import LETTER_UNKNOWN
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

TERRITORY = "CN"
# CN is the family of the European Union's nomenclature.
NOMENCLATURE = "CHN2026"
CURRENCY = "CNY"
# The month of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2026, 7, 1)
AGENCY = "GACC"
GENERAL = f"{TERRITORY}-GENERAL"
AGREEMENTS = (
    *("APTA", "CL", "PK", "NZ", "PE", "CR", "CH", "IS", "AU", "KR", "GE", "MU"),
    *("SG", "TW", "HK", "KH", "MO", "ASEAN", "NI", "EC", "RS", "HN", "MV"),
)
_BEFORE = ("code10", "name_zh", "mfn", "interim", "general")
_AFTER = ("consumption_tax", "vat", "export_duty", "export_interim", "supervision", "inspection", "unit1", "unit2")
_FORM = CodeTable((*_BEFORE, *AGREEMENTS, *_AFTER), 10, EDITION)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%\Z")
# Of an interim or export rate whose year is over.
SET_ANEW = "set anew for each year, and not held"
_NOTHING = "0%"
_VOLUME = (Condition("volume", "", "volume not in this schedule"),)
_NOT_HELD = "stated in a form that is not read, and not held"


@dataclass(frozen=True, slots=True)
class _Edition:
    """The table, and the last day on which rates that are set for a year hold."""

    table: TariffTable
    last: date

    def rule(self, code: str, kind: Kind, expression: str = "", **fields: Any) -> Measure:
        """A rule on a line, in force as long as the table, unless ``fields`` say otherwise."""
        return self.table.rule(code, kind, expression, **fields)

    @property
    def year(self) -> Period:
        """The days on which rates that are set for a year hold."""
        return Period(self.table.validity.start, self.last)

    @property
    def later(self) -> Period:
        """The days after them."""
        return Period(self.last + timedelta(days=1))


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, preferences, quotas, taxes, conditions of entry and lines, from ``effective`` or 2026-07-01 on."""
    refusal = _FORM.find_refusal(path)
    if refusal is not None:
        return refusal
    source = Source(
        "cn-tariff",
        "Customs tariff of China with agreement rates, taxes at import and supervision conditions",
        "Customs Tariff Commission of the State Council; General Administration of Customs of China",
        published,
        retrieved,
    )
    start = effective or EDITION
    table = TariffTable(
        source, Period(start), TERRITORY, NOMENCLATURE, CURRENCY, "Tariff of China", "Most-favoured-nation tariff"
    )
    edition = _Edition(table, date(start.year, 12, 31))
    return Importing(source, refuse_at_break(_records(path, edition)), _FORM.notes(effective))


def _records(path: Path, edition: _Edition) -> Iterator[Record | RowRefused]:
    for row in _FORM.read_codes(path):
        if isinstance(row, RowRefused):
            yield row
            continue
        yield edition.table.line(row.code, read_unit(row.cells["unit1"]), row.cells["name_zh"])
        yield from _duties(row, edition)
        yield from _taxes(row, edition)
        yield from _papers(row, edition)


def _duties(row: TableRow, edition: _Edition) -> Iterator[Record | RowRefused]:
    code, cells = row.code, row.cells
    ordinary = read_duty_cell(cells["mfn"])
    interim = read_duty_cell(cells["interim"]) if cells["interim"] else ordinary
    for column, rate in (("mfn", ordinary), ("interim", interim)):
        if rate is None:
            yield row.refuse_rate(column)
    if interim == ordinary:
        yield edition.rule(code, Kind.DUTY, ordinary or _NOT_HELD, title="Most-favoured-nation tariff")
    else:
        yield from _rate_of_the_year(edition, code, Kind.DUTY, interim or _NOT_HELD, title="Interim rate of duty")
    if cells["general"]:
        rate = read_duty_cell(cells["general"])
        if rate is None:
            yield row.refuse_rate("general")
        else:
            origins = Origins((GENERAL,))
            yield edition.rule(code, Kind.DUTY, rate, origins=origins, title="General rate of duty")
    yield from _preferences(row, interim, edition)
    export = cells["export_interim"] or cells["export_duty"]
    if export:
        rate = read_duty_cell(export)
        if rate is None:
            yield row.refuse_rate("export_duty")
        elif rate != _NOTHING:
            way = Direction.EXPORT
            yield from _rate_of_the_year(edition, code, Kind.DUTY, rate, direction=way, title="Export duty")


def _rate_of_the_year(edition: _Edition, code: str, kind: Kind, rate: str, **fields: Any) -> Iterator[Measure]:
    """A rate that holds to the end of the year, and what is known of it afterwards."""
    yield edition.rule(code, kind, rate, validity=edition.year, **fields)
    yield edition.rule(code, kind, SET_ANEW, validity=edition.later, **fields)


def _preferences(row: TableRow, applied: str | None, edition: _Edition) -> Iterator[Measure | RowRefused]:
    """The agreement rates below the applied one; the agreements that state the same rate share a rule."""
    code, cells = row.code, row.cells
    alike: dict[tuple[Kind, str, str], list[str]] = defaultdict(list)
    for column in AGREEMENTS:
        if not cells[column].strip():
            continue
        partner = f"{TERRITORY}-{column}"
        within = read_quota_rate(cells[column])
        if within is not None:
            alike[Kind.QUOTA, within, f"{partner}-{code[:4]}"].append(partner)
            continue
        rate = read_duty_cell(cells[column])
        if rate is None:
            yield row.refuse_rate(column)
        if rate is None or _is_lower(rate, applied):
            alike[Kind.PREFERENCE, rate or _NOT_HELD, ""].append(partner)
    for (kind, rate, order), partners in sorted(alike.items()):
        lasting = kind is Kind.PREFERENCE and rate == _NOTHING
        fields: dict[str, Any] = {"order_number": order, "conditions": _VOLUME} if order else {}
        yield edition.rule(
            code,
            kind,
            rate,
            origins=Origins(tuple(sorted(partners))),
            title="Tariff quota" if order else "Tariff preference",
            validity=edition.table.validity if lasting else edition.year,
            **fields,
        )


def _is_lower(rate: str, applied: str | None) -> bool:
    """Whether a rate saves something; one of another form than the applied one may."""
    one, other = _PERCENT.match(rate), _PERCENT.match(applied or "")
    return rate != applied if one is None or other is None else Decimal(one[1]) < Decimal(other[1])


def _taxes(row: TableRow, edition: _Edition) -> Iterator[Measure | RowRefused]:
    code, cells = row.code, row.cells
    stated = cells["consumption_tax"]
    vat = read_duty_cell(cells["vat"])
    if vat is None:
        yield row.refuse_rate("vat")
    yield edition.rule(code, Kind.TAX, vat or _NOT_HELD, title="VAT", programme="vat", base=Base.DUTY_PAID)
    if read_duty_cell(stated) == _NOTHING:
        return
    excise = read_consumption_tax(stated)
    if excise is None:
        yield row.refuse_rate("consumption_tax")
    gross = word_rate_of_gross_price(stated)
    yield edition.rule(
        code,
        Kind.EXCISE,
        excise or "set by price, or left blank in the table, and not held",
        title="Consumption tax",
        programme="consumption-tax",
        base=Base.DUTY_PAID,
        conditions=(Condition("remark", "", gross),) if excise and gross else (),
    )


def _papers(row: TableRow, edition: _Edition) -> Iterator[Measure | RowRefused]:
    code, cells = row.code, row.cells
    supervision = cells["supervision"].strip()
    inspection = cells["inspection"].replace(".", "").strip()
    name, place = name_inspection(supervision, inspection)
    fields: dict[str, Any] = {"agency": AGENCY, "stage": "entry"}
    if name:
        yield edition.rule(code, Kind.REQUIREMENT, document=name, reference=place, **fields)
    for letter in dict.fromkeys(supervision):
        paper = PAPERS.get(letter)
        if paper is not None:
            place = f"supervision condition {letter}"
            # A prohibition has no paper; its name is its title.
            title = paper.name if paper.kind is Kind.PROHIBITION else ""
            yield edition.rule(
                code, paper.kind, document=paper.name, title=title, reference=place, conditions=paper.when, **fields
            )
    strange = [
        *(each for each in supervision if each not in {*PAPERS, *ON_EXPORTS, INSPECTION}),
        *(each for each in inspection if each not in {*CATEGORIES, *CATEGORIES_ON_EXPORTS, *CATEGORIES_NOT_READ}),
    ]
    for letter in dict.fromkeys(strange):
        yield RowRefused(LETTER_UNKNOWN, {"letter": letter}, row=row.number, text=code)
