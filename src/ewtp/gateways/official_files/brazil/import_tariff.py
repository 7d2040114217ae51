"""The import duty and the tax on industrialised products (IPI) of Brazil as a table, one row a line of eight digits.

Rows with an ``ex`` number are goods within a line that bear another rate of IPI: they are claimed, because the table
does not describe them. ``NT`` are goods that IPI does not reach. Rates are those that Brazil applies, which differ from
the common tariff of MERCOSUR; the table has no preferences. It states no date.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Base, Condition, Kind
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import (
    note_assumed_start,
    open_text,
    read_csv_header,
    refuse_at_break,
    shorten_text,
    write_percent,
)
from ewtp.gateways.official_files.sentences import (
    CODE_REPEATED,
    LINE_NOT_IN_FORCE,
    NOT_TARIFF_TABLE,
    TABLE_RATE_UNREADABLE,
    TABLE_ROW_MISSHAPEN,
)
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERRITORY = "BR"
NOMENCLATURE = "NCM2022"
CURRENCY = "BRL"
# The month of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2026, 9, 1)
PROGRAMME = "ipi"
_HEADER = [
    *("ncm8", "ex_tarifario", "import_duty_pct", "ipi_pct_or_NT", "statistical_unit", "active", "description_pt"),
]
_DIGITS = 8
_CODE = re.compile(r"\d{8}\Z")
_NOT_REACHED = "NT"
_NOTHING = "0%"
_NOT_HELD = "left blank in the table, and not held"
_UNITS = {
    "KGM": "KGM",
    "UNIT": "C62",
    "M3": "MTQ",
    "M2": "MTK",
    "PARES": "NPR",
    "LITRE": "LTR",
    "TON": "TNE",
    "METER": "MTR",
    "QUILATE": "CTM",
    "DOZEN": "DZN",
    "UN1000": "MIL",
    "GRAM": "GRM",
    "MWH": "MWH",
}
_Numbered = tuple[int, dict[str, str]]


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, IPI with its exceptions, and lines, from ``effective`` or 2026-09-01 on."""
    header = read_csv_header(path)
    if isinstance(header, Refusal):
        return header
    if header != _HEADER:
        return Refusal(NOT_TARIFF_TABLE, {"file": path.name, "columns": list(_HEADER[:4])})
    source = Source(
        "br-tariff",
        "Import duty applied by Brazil, and the table of the tax on industrialised products (TIPI)",
        "Câmara de Comércio Exterior; Receita Federal do Brasil",
        published,
        retrieved,
    )
    validity = Period(effective or EDITION)
    table = TariffTable(source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "NCM", "Import duty")
    notes = () if effective else (note_assumed_start(EDITION, "the month of the edition of 2026"),)
    return Importing(source, refuse_at_break(_records(path, table)), notes)


def _records(path: Path, table: TariffTable) -> Iterator[Record | RowRefused]:
    lines: dict[str, _Numbered] = {}
    parts: dict[str, list[_Numbered]] = defaultdict(list)
    with open_text(path) as stream:
        rows = csv.reader(stream, strict=True)
        next(rows)
        for number, row in enumerate(rows, 2):
            if len(row) != len(_HEADER) or not _CODE.match(row[0]):
                shape = {"digits": _DIGITS, "cells": len(_HEADER)}
                yield RowRefused(TABLE_ROW_MISSHAPEN, shape, row=number, text=shorten_text(row))
                continue
            cells = dict(zip(_HEADER, row, strict=True))
            code = cells["ncm8"]
            if cells["active"] != "True":
                yield RowRefused(LINE_NOT_IN_FORCE, {"code": code}, row=number)
            elif cells["ex_tarifario"]:
                parts[code].append((number, cells))
            elif code in lines:
                yield RowRefused(CODE_REPEATED, {"code": code}, row=number)
            else:
                lines[code] = (number, cells)
    for code, (number, cells) in lines.items():
        yield from _line(number, cells, parts.pop(code, []), table)
    for code, left in parts.items():
        for number, _ in left:
            # The line of which the goods are a part has no row, so nothing else would be known of it.
            yield RowRefused(LINE_NOT_IN_FORCE, {"code": code}, row=number)


def _line(
    number: int, cells: dict[str, str], parts: list[_Numbered], table: TariffTable
) -> Iterator[Record | RowRefused]:
    code = cells["ncm8"]
    unit = _UNITS.get(cells["statistical_unit"])
    yield table.line(code, (unit,) if unit else (), cells["description_pt"])
    duty = write_percent(cells["import_duty_pct"])
    if duty is None:
        yield _unreadable(number, "import_duty_pct", cells)
    yield table.rule(code, Kind.DUTY, duty or _NOT_HELD, title=table.duty_title)
    ordinary = _read_tax(cells)
    if ordinary is None:
        yield _unreadable(number, "ipi_pct_or_NT", cells)
    others: dict[str, str] = {}
    for row, part in parts:
        rate = _read_tax(part)
        if rate is None:
            yield _unreadable(row, "ipi_pct_or_NT", part)
        elif rate != ordinary:
            others[part["ex_tarifario"]] = rate
    if ordinary == _NOTHING and not others:
        return
    told = ", ".join(f"ex {name}: {rate}" for name, rate in others.items())
    claims = tuple(Condition("unless_claim", _claim(name)) for name in others)
    remark = (Condition("remark", "", f"goods of an ex of the line bear another rate, if claimed: {told}"),)
    fields = {"title": "Tax on industrialised products (IPI)", "programme": PROGRAMME, "base": Base.DUTY_PAID}
    yield table.rule(
        code, Kind.EXCISE, ordinary or _NOT_HELD, conditions=(*claims, *remark) if others else (), **fields
    )
    for name, rate in others.items():
        yield table.rule(
            code,
            Kind.EXCISE,
            rate,
            additional_code=f"ex {name}",
            conditions=(Condition("claim", _claim(name)),),
            **fields,
        )


def _claim(name: str) -> str:
    return f"{TERRITORY}-ipi-ex-{name}"


def _read_tax(cells: dict[str, str]) -> str | None:
    cell = cells["ipi_pct_or_NT"]
    return _NOTHING if cell == _NOT_REACHED else write_percent(cell)


def _unreadable(number: int, column: str, cells: dict[str, str]) -> RowRefused:
    params = {"column": column, "code": cells["ncm8"]}
    return RowRefused(TABLE_RATE_UNREADABLE, params, row=number, text=shorten_text(cells[column]))
