"""The import duty and the tax on industrialised products (IPI) of Brazil as a table, one row a line of eight digits.

Rows with an ``ex`` number are goods within a line that bear another rate of IPI: they are claimed, because the table
does not describe them. ``NT`` are goods that IPI does not reach. Rates are those that Brazil applies, which differ from
the common tariff of MERCOSUR; the table has no preferences. It states no date.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Base, Condition, Kind
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.code_table import CodeTable, TableRow
from ewtp.gateways.official_files.file_readers import refuse_at_break, write_percent
from ewtp.gateways.official_files.sentences import CODE_REPEATED, LINE_NOT_IN_FORCE
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

TERRITORY = "BR"
NOMENCLATURE = "NCM2022"
CURRENCY = "BRL"
# The month of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2026, 9, 1)
PROGRAMME = "ipi"
_COLUMNS = (
    *("ncm8", "ex_tarifario", "import_duty_pct", "ipi_pct_or_NT", "statistical_unit", "active", "description_pt"),
)
_FORM = CodeTable(_COLUMNS, 8, EDITION)
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


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, IPI with its exceptions, and lines, from ``effective`` or 2026-09-01 on."""
    refusal = _FORM.find_refusal(path)
    if refusal is not None:
        return refusal
    source = Source(
        "br-tariff",
        "Import duty applied by Brazil, and the table of the tax on industrialised products (TIPI)",
        "Câmara de Comércio Exterior; Receita Federal do Brasil",
        published,
        retrieved,
    )
    validity = Period(effective or EDITION)
    table = TariffTable(source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "NCM", "Import duty")
    return Importing(source, refuse_at_break(_records(path, table)), _FORM.notes(effective))


def _records(path: Path, table: TariffTable) -> Iterator[Record | RowRefused]:
    lines: dict[str, TableRow] = {}
    parts: dict[str, list[TableRow]] = defaultdict(list)
    for row in _FORM.read_rows(path):
        if isinstance(row, RowRefused):
            yield row
        elif row.cells["active"] != "True":
            yield RowRefused(LINE_NOT_IN_FORCE, {"code": row.code}, row=row.number)
        elif row.cells["ex_tarifario"]:
            parts[row.code].append(row)
        elif row.code in lines:
            yield RowRefused(CODE_REPEATED, {"code": row.code}, row=row.number)
        else:
            lines[row.code] = row
    for code, row in lines.items():
        yield from _line(row, parts.pop(code, []), table)
    for code, left in parts.items():
        for row in left:
            # The line of which the goods are a part has no row, so nothing else would be known of it.
            yield RowRefused(LINE_NOT_IN_FORCE, {"code": code}, row=row.number)


def _line(row: TableRow, parts: list[TableRow], table: TariffTable) -> Iterator[Record | RowRefused]:
    code, cells = row.code, row.cells
    unit = _UNITS.get(cells["statistical_unit"])
    yield table.line(code, (unit,) if unit else (), cells["description_pt"])
    duty = write_percent(cells["import_duty_pct"])
    if duty is None:
        yield row.refuse_rate("import_duty_pct")
    yield table.rule(code, Kind.DUTY, duty or _NOT_HELD, title=table.duty_title)
    ordinary = _read_tax(cells)
    if ordinary is None:
        yield row.refuse_rate("ipi_pct_or_NT")
    others: dict[str, str] = {}
    for part in parts:
        rate = _read_tax(part.cells)
        if rate is None:
            yield part.refuse_rate("ipi_pct_or_NT")
        elif rate != ordinary:
            others[part.cells["ex_tarifario"]] = rate
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
