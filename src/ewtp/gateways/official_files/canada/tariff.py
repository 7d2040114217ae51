"""The Canadian customs tariff as a table: one row a tariff item, one column a tariff treatment.

Rates stand on the eight-digit item; ten-digit rows repeat them or leave them empty. Only rates that differ from the
most-favoured-nation rate are rules of their own.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import Unit, resolve_unit
from ewtp.gateways.official_files.file_readers import BROKEN, RETRIEVED, excerpt, open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERRITORY = "CA"
NOMENCLATURE = "CA2020"
EDITION = date(2020, 1, 1)
_FIXED = ("tariff", "description", "uom", "mfn")
_KNOWN = frozenset({"ust", "mt", "gpt", "ldct", "ceut"})
# The general tariff (for economies without most-favoured-nation treatment) is not a preference.
_NOT_PREFERENCES = frozenset({"gt"})
_CODE = re.compile(r"\d{2}(?:\d{2}(?:\.\d{1,2}){0,3}|\.\d{2})\Z")
_ITEM_DIGITS, _STATISTICAL_DIGITS = 8, 10
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


def source() -> Source:
    """The edition that the table was read from."""
    return Source(
        "ca-customs-tariff-2020",
        "Customs Tariff: departmental consolidation 2020",
        "Canada Border Services Agency",
        EDITION,
        RETRIEVED,
        url="https://www.cbsa-asfc.gc.ca/trade-commerce/tariff-tarif/2020/menu-eng.html",
    )


_SOURCE = source()


def read(path: Path, *, effective: date | None = None) -> Importing | Refusal:
    """Duties, preferences by treatment and lines of the tariff."""
    try:
        with open_text(path) as stream:
            header = next(csv.reader(stream), [])
    except BROKEN as error:
        return Refusal("file_unreadable", f"{path.name} cannot be read: {excerpt(error)}.")
    if tuple(header[:4]) != _FIXED or not set(header) >= _KNOWN:
        return Refusal(
            "file_not_canada_tariff",
            f"{path.name} is not the Canadian tariff; it should have tariff, description, uom, mfn and treatments.",
        )
    return Importing(source(), _records(path, tuple(header), Period(effective or EDITION)))


def _records(path: Path, header: tuple[str, ...], validity: Period) -> Iterator[Record | RowRefused]:
    number = 1
    items: dict[str, dict[str, str]] = {}
    waiting: TariffLine | None = None
    try:
        with open_text(path) as stream:
            rows = csv.reader(stream, strict=True)
            next(rows)
            for number, row in enumerate(rows, 2):
                if len(row) != len(header) or not _CODE.match(row[0]):
                    yield RowRefused(
                        number,
                        "row_misshapen",
                        f"The row is not a tariff item with {len(header)} cells.",
                        excerpt(row),
                    )
                    continue
                code = row[0].replace(".", "")
                # An item without statistical lines below it is itself what a declaration states.
                if waiting is not None and not code.startswith(waiting.code):
                    yield waiting
                if len(code) < _ITEM_DIGITS or len(code) not in (_ITEM_DIGITS, _STATISTICAL_DIGITS):
                    waiting = None
                    continue
                cells = dict(zip(header, row, strict=True))
                line = TariffLine(TERRITORY, code, validity, _units(cells["uom"]), cells["description"])
                waiting = line if len(code) == _ITEM_DIGITS else None
                if waiting is None:
                    yield line
                yield from _rates(number, code, cells, items, validity)
        if waiting is not None:
            yield waiting
    except BROKEN as error:
        yield RowRefused(number, "file_broken", f"The file breaks off after row {number}: {excerpt(error)}.")


def _units(uom: str) -> tuple[str, ...]:
    unit = resolve_unit(_UNITS.get(uom, uom)) if uom.strip("-") else None
    return (unit.key,) if isinstance(unit, Unit) else ()


def _rates(
    number: int,
    code: str,
    cells: dict[str, str],
    items: dict[str, dict[str, str]],
    validity: Period,
) -> Iterator[Measure | RowRefused]:
    rates = {name: " ".join(text.split()) for name, text in cells.items() if name not in _FIXED[:3] and text.strip()}
    inherited = items.get(code[:_ITEM_DIGITS])
    if len(code) == _ITEM_DIGITS:
        items.clear()
        items[code] = dict(rates)
    elif not rates or rates == inherited:
        return
    general = rates.pop("mfn", "")
    if not general:
        if rates or len(code) == _ITEM_DIGITS:
            yield RowRefused(
                number,
                "rate_missing",
                f"Item {code} has no most-favoured-nation rate.",
                excerpt(cells["description"]),
            )
        return
    if general == _NO_TREATMENT:
        general = f"see Customs Tariff, item {cells['tariff']}"
    yield _measure(code, Kind.DUTY, general, Origins(), validity)
    alike: dict[str, list[str]] = defaultdict(list)
    for name, text in rates.items():
        if name not in _NOT_PREFERENCES and text not in (general, _NO_TREATMENT):
            alike[text].append(f"{TERRITORY}-{name.upper()}")
    for expression, partners in sorted(alike.items()):
        yield _measure(code, Kind.PREFERENCE, expression, Origins(tuple(sorted(partners))), validity)


def _measure(code: str, kind: Kind, expression: str, origins: Origins, validity: Period) -> Measure:
    return Measure(
        id=f"{TERRITORY}-{kind}-{code}-{'+'.join(origins.include)}-{validity.start}",
        territory=TERRITORY,
        kind=kind,
        product=Product(NOMENCLATURE, code),
        validity=validity,
        source=_SOURCE,
        reference=f"Customs Tariff, {code}",
        title="Most-favoured-nation tariff" if kind is Kind.DUTY else "Tariff preference",
        origins=origins,
        expression=expression,
        currency="CAD",
    )
