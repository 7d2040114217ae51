"""The files of trade figures that ``ewtp figures import FORMAT FILE`` reads, by name.

Figures of synthetic trade never count as demand, nor does a figure whose level, year or currency its file does not
state.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING

import pycountry
from anyascii import anyascii

from ewtp.core.markets.demand import FigureSource, ImportFigure
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import refuse_unpacking
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, shorten_text
from ewtp.gateways.reference.iso_codes import economy_names, vocabulary
from ewtp.gateways.trade_figures.sentences import FIGURES_NOT_READ, FIGURES_OTHER_FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_DIGITS = 6
_COMMODITY = re.compile(r"\s*(\d{6,10})\b")
_LINE = re.compile(r"\d{4}\.\d{2}(?:\.\d{2}){1,2}")
_MOST_VALUE = Decimal(10) ** 15
_EARLIEST, _LATEST = 1950, 2100
_ECOWAS = ("BF", "BJ", "CI", "CV", "GH", "GM", "GN", "GW", "LR", "ML", "NE", "NG", "SL", "SN", "TG")
# Names of the United States Census Bureau that no list of ISO 3166 has.
_CENSUS_NAMES = {"congo (kinshasa)": "CD", "congo (brazzaville)": "CG", "burma": "MM", "macau": "MO"}
_CENSUS_WORLD = "World Total"
_US_VALUE = re.compile(r"customs\s+value.*\(\$us\)", re.IGNORECASE)
_ECOWAS_COLUMN = re.compile(r"imp_(world|africa|ecowas)_(\d{4})_usd")

FigureRow = dict[str, str]


@dataclass(frozen=True, slots=True)
class FiguresRead:
    """The figures of a file with their source, and rows that were left out, each with the reason."""

    source: FigureSource
    figures: tuple[ImportFigure, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureFormat:
    """A format: its name, what the file is, the columns that it has to have, and how its rows are read."""

    name: str
    title: str
    columns: tuple[str, ...]
    source: FigureSource
    rows: Callable[[Iterable[FigureRow], list[str]], Iterator[ImportFigure]]


def _us_rows(rows: Iterable[FigureRow], left_out: list[str]) -> Iterator[ImportFigure]:
    """USA Trade Online: a commodity of ten digits with its text, a country by name, a year, US dollars."""
    sums: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    for number, row in enumerate(rows, start=2):
        code = _COMMODITY.match(row["Commodity"])
        name = row["Country"].strip()
        supplier = "" if name == _CENSUS_WORLD else _economy_named(name)
        value = _value(next((text for column, text in row.items() if column and _US_VALUE.match(column)), ""))
        year = _year(row["Time"])
        if code is None or supplier is None or value is None or year is None:
            left_out.append(f"row {number}: {shorten_text(' '.join(text for text in row.values() if text))}")
            continue
        sums[code[1][:_DIGITS], year, supplier] += value
    for (hs, year, supplier), total in sums.items():
        yield ImportFigure(("US",), hs, year, supplier, total, "USD")


def _ecowas_rows(rows: Iterable[FigureRow], left_out: list[str]) -> Iterator[ImportFigure]:
    """The ECOWAS concession schedule: imports of all members by line and year, and of them from Africa and ECOWAS."""
    sums: dict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    suppliers = {"world": "", "africa": "Africa", "ecowas": "ECOWAS"}
    for number, row in enumerate(rows, start=2):
        if not _LINE.fullmatch(row["code"]):
            continue
        for column, text in row.items():
            found = _ECOWAS_COLUMN.fullmatch(column or "")
            value = _value(text) if found and text else None
            if found and text and value is None:
                left_out.append(f"row {number}: {column} {shorten_text(text)}")
            elif found and value is not None:
                sums[row["code"].replace(".", "")[:_DIGITS], int(found[2]), suppliers[found[1]]] += value
    # Africa's part includes that of ECOWAS; one supplier's share is told once.
    for (hs, year, supplier), total in sums.items():
        if supplier != "ECOWAS":
            yield ImportFigure(_ECOWAS, hs, year, supplier, total, "USD")


def _own_rows(rows: Iterable[FigureRow], left_out: list[str]) -> Iterator[ImportFigure]:
    """This program's own table, for figures from anywhere: an empty supplier is the whole world."""
    sums: dict[tuple[str, str, int, str, str], Decimal] = defaultdict(Decimal)
    for number, row in enumerate(rows, start=2):
        hs = row["hs"].replace(".", "").strip()
        importer, supplier = row["importer"].strip().upper(), row["supplier"].strip().upper()
        value, year, currency = _value(row["value"]), _year(row["year"]), row["currency"].strip().upper()
        known = vocabulary()
        is_sound = (
            len(hs) >= _DIGITS
            and hs.isdigit()
            and importer in known.economies
            and (not supplier or supplier in known.economies)
            and currency in known.currencies
        )
        if not is_sound or value is None or year is None:
            left_out.append(f"row {number}: {shorten_text(' '.join(text for text in row.values() if text))}")
            continue
        sums[importer, hs[:_DIGITS], year, supplier, currency] += value
    for (importer, hs, year, supplier, currency), total in sums.items():
        yield ImportFigure((importer,), hs, year, supplier, total, currency)


def _source(name: str, title: str, publisher: str, url: str) -> FigureSource:
    return FigureSource(name, title, publisher, None, date.min, url, None)


FORMATS: Mapping[str, FigureFormat] = {
    one.name: one
    for one in (
        FigureFormat(
            "us-trade-online",
            "a table of imports from USA Trade Online (CSV)",
            ("Commodity", "Country", "Time"),
            _source(
                "us-trade-online",
                "Imports for consumption, customs value, by HTS number and country",
                "U.S. Census Bureau, USA Trade Online",
                "https://usatrade.census.gov/",
            ),
            _us_rows,
        ),
        FigureFormat(
            "ecowas-schedule",
            "the ECOWAS schedule of concessions with imports by line (CSV)",
            ("code", "imp_world_2017_usd"),
            _source(
                "ecowas-schedule",
                "Schedule of tariff concessions of ECOWAS under the AfCFTA, imports by line",
                "ECOWAS Commission",
                "",
            ),
            _ecowas_rows,
        ),
        FigureFormat(
            "figures-csv",
            "a table of trade figures in this program's own columns (CSV)",
            ("importer", "hs", "year", "supplier", "value", "currency"),
            _source("figures-csv", "", "", ""),
            _own_rows,
        ),
    )
}


def read_figures(chosen: FigureFormat, path: Path, *, source: FigureSource) -> FiguresRead | Refusal:
    """The figures of a file; ``figures_other_format`` where it is another, ``figures_not_read`` where it breaks off."""
    unsafe = refuse_unpacking(path)
    if unsafe is not None:
        return unsafe
    left_out: list[str] = []
    try:
        with open_text(path) as stream:
            rows = csv.DictReader(stream, restval="")
            names = [name.strip() for name in rows.fieldnames or ()]
            if not set(chosen.columns) <= set(names):
                return Refusal(FIGURES_OTHER_FORMAT, {"file": path.name, "title": chosen.title})
            rows.fieldnames = names
            figures = tuple(chosen.rows(({k: v for k, v in row.items() if k is not None} for row in rows), left_out))
    except BROKEN as error:
        return Refusal(FIGURES_NOT_READ, {"file": path.name, "reason": shorten_text(error)})
    suppliers = {each.supplier for each in figures}
    # Without a figure of all, the imports are those from the economies that the file names.
    listed = None if "" in suppliers else len(suppliers)
    return FiguresRead(replace(source, listed=listed), figures, tuple(left_out))


def _value(text: str) -> Decimal | None:
    """An amount from 0 on, with or without commas between thousands; None where it is none."""
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.01")) if value.is_finite() and 0 <= value < _MOST_VALUE else None


def _year(text: str) -> int | None:
    year = text.strip()
    return int(year) if year.isascii() and year.isdigit() and _EARLIEST <= int(year) <= _LATEST else None


def _economy_named(name: str) -> str | None:
    """The economy of an English name; None where no list has it."""
    plain = anyascii(name).lower()
    if plain in _CENSUS_NAMES:
        return _CENSUS_NAMES[plain]
    code = _economies_by_name().get(plain)
    if code is not None:
        return code
    try:
        return str(pycountry.countries.lookup(plain).alpha_2)
    except LookupError:
        return None


@cache
def _economies_by_name() -> dict[str, str]:
    return {anyascii(text).lower(): code for code, text in economy_names().items()}
