"""Schedule 3 of Australia's customs tariff as its border force shows it, and the schedules of agreements beside it.

A classification of eight digits is a line; rows of one line differ in their statistical codes. Of goods with a rate for
origins that are otherwise free (New Zealand, Papua New Guinea, Forum Island and least developed countries) the amounts
are indexed, and are told and not charged. The file states no date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Origins
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.absent_subheadings import keep_absent
from ewtp.gateways.official_files.australia.agreement_lists import read_lists
from ewtp.gateways.official_files.australia.duty_cells import read_cell, tidy_cell, write_indexed, write_printed
from ewtp.gateways.official_files.code_table import CodeTable, TableRow
from ewtp.gateways.official_files.file_readers import (
    BROKEN,
    open_text,
    read_json_document,
    refuse_at_break,
    shorten_text,
)
from ewtp.gateways.official_files.sentences import FILE_UNREADABLE, LETTER_UNKNOWN, NOT_TARIFF_TABLE
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERRITORY = "AU"
NOMENCLATURE = "AU2022"
CURRENCY = "AUD"
# The month of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2026, 4, 1)
_COLUMNS = ("referenceNumber", "statisticalCode", "unit", "description", "dutyRate")
_NUMBER, _, _UNIT, _TEXT, _DUTY = _COLUMNS
_FORM = CodeTable(_COLUMNS, 8, EDITION)
_LISTS = "tariff-schedules-fta.json.gz"
_LINE = re.compile(r"([0-9]{4})\.([0-9]{2})\.([0-9]{2})[*#]*")
# Origins whose goods are free unless a rate names them, by paragraph of section 16(1).
_FREE = {"NZ": "(b)", "PG": "(c)", "FI": "(e)", "LDC": ""}
_PRINTED = (*_FREE, "DC", "DCS", "DCT", "CA", "MY")
_NOT_HELD = "stated in a form that is not read, and not held"
_UNITS = {"No": "C62", "kg": "KGM", "t": "TNE", "L": "LTR", "sm": "MTK", "m": "MTR", "Pr": "NPR", "g": "GRM"}


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, special rates, rates of agreements where their lists are beside, and lines; from 2026-04-01 on."""
    try:
        with open_text(path) as stream:
            sections = read_json_document(stream)
        classifications = list(_classifications(sections))
    except (*BROKEN, KeyError, TypeError) as error:
        return Refusal(FILE_UNREADABLE, {"file": path.name, "reason": shorten_text(f"{type(error).__name__} {error}")})
    whole = all(isinstance(each, dict) and each.keys() >= set(_COLUMNS) for each in classifications)
    if not (classifications and whole):
        return Refusal(NOT_TARIFF_TABLE, {"file": path.name, "columns": list(_COLUMNS)})
    source = Source(
        "au-tariff",
        "Customs tariff of Australia: schedules 3 and 4A to 16",
        "Australian Border Force",
        published,
        retrieved,
        url="https://www.abf.gov.au/importing-exporting-and-manufacturing/tariff-classification/current-tariff",
    )
    validity = Period(effective or EDITION)
    table = TariffTable(source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "Schedule 3", "Customs duty")
    records = _records(classifications, path.parent / _LISTS, table)
    return Importing(source, refuse_at_break(records), _FORM.notes(effective))


def _classifications(sections: list[dict[str, Any]]) -> Iterator[Any]:
    for section in sections:
        for chapter in section["chapters"]:
            for heading in chapter["headings"]:
                yield from heading["classifications"]


def _records(classifications: list[dict[str, Any]], lists: Path, table: TariffTable) -> Iterator[Record | RowRefused]:
    lines: dict[str, list[TableRow]] = defaultdict(list)
    for number, classification in enumerate(classifications, 1):
        cells = {column: tidy_cell(str(classification[column])) for column in _COLUMNS}
        # Rows of another shape are headings above lines.
        if found := _LINE.fullmatch(cells[_NUMBER]):
            code = "".join(found.groups())
            lines[code].append(TableRow(number, code, cells))
    for code, rows in lines.items():
        yield from _line(code, rows, table)
    yield from keep_absent(lines, table)
    yield from _free_origins(table)
    yield from _agreements(lists, table)


def _line(code: str, rows: list[TableRow], table: TariffTable) -> Iterator[Record | RowRefused]:
    units = {unit for row in rows if (unit := _UNITS.get(row.cells[_UNIT]))}
    text = rows[0].cells[_TEXT].lstrip("-\N{NON-BREAKING HYPHEN} ") if len(rows) == 1 else ""
    yield table.line(code, tuple(units) if len(units) == 1 else (), text)
    rated = next((row for row in rows if row.cells[_DUTY]), None)
    if rated is None:
        yield rows[0].refuse_rate(_DUTY)
        return
    cell = read_cell(rated.cells[_DUTY])
    for letter in cell.unknown:
        yield RowRefused(LETTER_UNKNOWN, {"letter": letter}, row=rated.number, text=shorten_text(rated.cells[_DUTY]))
    write = write_indexed if "NZ" in cell.special else write_printed
    general = write(cell.general)
    if general is None:
        yield rated.refuse_rate(_DUTY)
    yield table.rule(code, Kind.DUTY, general or _NOT_HELD, title=table.duty_title)
    for origin in _PRINTED:
        printed = cell.special.get(origin, "")
        special = (write(printed) or _NOT_HELD) if printed != "Free" else printed
        if printed and (special != general or origin in _FREE):
            yield _preference(table, code, special, f"AU-{origin}")


def _free_origins(table: TariffTable) -> Iterator[Record]:
    for origin, paragraph in _FREE.items():
        yield _preference(table, "", "Free", f"AU-{origin}", reference=f"section 16(1){paragraph}")


def _agreements(lists: Path, table: TariffTable) -> Iterator[Record]:
    for found in read_lists(lists):
        place = f"{found.schedule} and section 16(1)"
        yield _preference(table, "", "Free", found.group, reference=place, conditions=found.conditions)
        for code, expression in found.rates:
            yield _preference(table, code, expression, found.group, reference=f"Schedules 4A to 16, {code}")


def _preference(table: TariffTable, code: str, expression: str, group: str, **fields: Any) -> Record:
    return table.rule(code, Kind.PREFERENCE, expression, title="Tariff preference", origins=Origins((group,)), **fields)
