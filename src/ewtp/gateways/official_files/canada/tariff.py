"""The Canadian customs tariff as a table: one row a tariff item, one column a tariff treatment.

Eight-digit items have the rates; ten-digit rows repeat them or leave them empty. Only rates that differ from the
most-favoured-nation rate are rules of their own. The table states no date.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Origins
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import Unit, resolve_unit
from ewtp.gateways.official_files.file_readers import (
    note_assumed_start,
    open_text,
    read_csv_header,
    refuse_at_break,
    shorten_text,
)
from ewtp.gateways.official_files.sentences import CANADA_ROW_MISSHAPEN, NOT_CANADA_TARIFF, RATE_MISSING
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import TariffLine

TERRITORY = "CA"
NOMENCLATURE = "CA2020"
CURRENCY = "CAD"
# The first day of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2020, 1, 1)
_FIXED = ("tariff", "description", "uom", "mfn")
_KNOWN = frozenset({"ust", "mt", "gpt", "ldct", "ceut"})
# The general tariff (for economies without most-favoured-nation treatment) is not a preference.
_NOT_PREFERENCES = frozenset({"gt"})
_CODE = re.compile(r"\d{2}(?:\d{2}(?:\.\d{1,2}){0,3}|\.\d{2})\Z")
ITEM_DIGITS, _STATISTICAL_DIGITS = 8, 10
# Unit codes of the Canadian tariff that Recommendation 20 calls by another name.
_UNITS = {
    "NMB": "C62",
    "PAR": "NPR",
    "TMQ": "TMS",
    "NAP": "C62",
    "MIL": "MIL",
    "TSD": "TNE.dry",
    "KSD": "KGM.dry",
    "KNS": "KGM",
}
_NO_TREATMENT = "N/A"


def _table(published: date | None, retrieved: date, validity: Period) -> TariffTable:
    year = f" {published.year}" if published else ""
    source = Source(
        "ca-customs-tariff-2020",
        f"Customs Tariff: departmental consolidation{year}",
        "Canada Border Services Agency",
        published,
        retrieved,
        url="https://www.cbsa-asfc.gc.ca/trade-commerce/tariff-tarif/2020/menu-eng.html",
    )
    return TariffTable(
        source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "Customs Tariff", "Most-favoured-nation tariff"
    )


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, preferences by treatment and lines of the tariff, from ``effective`` or 2020-01-01 on."""
    header = read_csv_header(path)
    if isinstance(header, Refusal):
        return header
    if tuple(header[:4]) != _FIXED or not set(header) >= _KNOWN:
        return Refusal(NOT_CANADA_TARIFF, {"file": path.name})
    table = _table(published, retrieved, Period(effective or EDITION))
    notes = () if effective else (note_assumed_start(EDITION, "the day of the edition of 2020"),)
    return Importing(table.source, refuse_at_break(_records(path, tuple(header), table)), notes)


def _records(path: Path, header: tuple[str, ...], table: TariffTable) -> Iterator[Record | RowRefused]:
    items: dict[str, dict[str, str]] = {}
    waiting: TariffLine | None = None
    above: dict[str, str] = {}
    with open_text(path) as stream:
        rows = csv.reader(stream, strict=True)
        next(rows)
        for number, row in enumerate(rows, 2):
            if len(row) != len(header) or not _CODE.match(row[0]):
                yield RowRefused(CANADA_ROW_MISSHAPEN, {"cells": len(header)}, row=number, text=shorten_text(row))
                continue
            code = row[0].replace(".", "")
            # An item without statistical lines is itself the code on a declaration.
            if waiting is not None and not code.startswith(waiting.code):
                yield waiting
            waiting = None
            above = {heading: text for heading, text in above.items() if code.startswith(heading) and code != heading}
            above[code] = " ".join(row[1].split()).rstrip(":")
            if len(code) not in (ITEM_DIGITS, _STATISTICAL_DIGITS):
                continue
            cells = dict(zip(header, row, strict=True))
            line = table.line(code, _units(cells["uom"]), _describe_code(code, above))
            if len(code) == ITEM_DIGITS:
                waiting = line
            else:
                yield line
            yield from _rates(number, code, cells, items, table)
    if waiting is not None:
        yield waiting


def _describe_code(code: str, above: dict[str, str]) -> str:
    """The texts of the headings above a code and its own; an item and its only statistical line have one text."""
    item = code[:ITEM_DIGITS]
    alone = code == f"{item}00" and item in above
    return ": ".join(text for heading, text in above.items() if text and not (alone and heading == code))


def _units(uom: str) -> tuple[str, ...]:
    unit = resolve_unit(_UNITS.get(uom, uom)) if uom.strip("-") else None
    return (unit.key,) if isinstance(unit, Unit) else ()


def _rates(
    number: int,
    code: str,
    cells: dict[str, str],
    items: dict[str, dict[str, str]],
    table: TariffTable,
) -> Iterator[Measure | RowRefused]:
    rates = {name: " ".join(text.split()) for name, text in cells.items() if name not in _FIXED[:3] and text.strip()}
    inherited = items.get(code[:ITEM_DIGITS])
    if len(code) == ITEM_DIGITS:
        items.clear()
        items[code] = dict(rates)
    elif not rates or rates == inherited:
        return
    general = rates.pop("mfn", "")
    if not general:
        if rates or len(code) == ITEM_DIGITS:
            yield RowRefused(RATE_MISSING, {"code": code}, row=number, text=shorten_text(cells["description"]))
        return
    if general == _NO_TREATMENT:
        general = f"see Customs Tariff, item {cells['tariff']}"
    yield table.duty(code, general)
    alike: dict[str, list[str]] = defaultdict(list)
    for name, text in rates.items():
        if name not in _NOT_PREFERENCES and text not in (general, _NO_TREATMENT):
            alike[text].append(f"{TERRITORY}-{name.upper()}")
    for expression, partners in sorted(alike.items()):
        yield table.preference(code, expression, Origins(tuple(sorted(partners))))
