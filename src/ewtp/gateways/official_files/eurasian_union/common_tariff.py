"""The common customs tariff of the Eurasian Economic Union as a table: code, unit, duty as printed, marks of notes.

A mark such as ``63С`` says that a decision may set a temporary rate in the place of the printed one; its text is not in
the table, so the duty of a marked line is open. So is that of a line which another copy of the tariff, as a bundle of
rates beside the table, has with other figures. A duty by the capacity of an engine needs a fact that no question
states. Several rates in one cell are those of rows that ran together. The table states no date.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.code_table import CodeTable
from ewtp.gateways.official_files.file_readers import (
    open_text,
    read_json_document,
    refuse_at_break,
    write_percent,
)
from ewtp.gateways.official_files.tariff_table import TariffTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

TERRITORY = "EAEU"
NOMENCLATURE = "EAEU2022"
CURRENCY = "EUR"
# The month of the edition whose form this is; another edition is imported with the day from which it holds.
EDITION = date(2026, 3, 1)
_COLUMNS = ("code10", "supplementary_unit", "duty_rate_text_ru", "temporary_rate_footnotes", "eec_chapter_edition")
_FORM = CodeTable(_COLUMNS, 10, EDITION)
_NUMBER = r"(\d+(?:,\d+)?)"
_PERCENT = re.compile(rf"{_NUMBER}")
_AMOUNT = re.compile(rf"{_NUMBER} (евро|доллар\w* США) за ({_NUMBER[1:-1]}) (.+)")
_AT_LEAST = re.compile(rf"{_NUMBER}, но не менее (.+)")
_PLUS = re.compile(rf"{_NUMBER} плюс (.+)")
_LOWER_OF = re.compile(rf"{_NUMBER}, либо (.+), в зависимости от того, какая из исчисленных сумм пошлины ниже")
_ENGINE = re.compile(r"с?c?м[3³] объема двигателя")
_MARK = re.compile(r"(\d+)[СC]\)")
_RATE_UNITS = {"кг": "kg", "л": "litre", "шт": "item", "пару": "pair", "м2": "m2", "м3": "m3"}
_UNITS = {
    "шт": "C62",
    "100 шт": "CEN",
    "1000 шт": "MIL",
    "м2": "MTK",
    "м3": "MTQ",
    "л": "LTR",
    "1000 л": "KLT",
    "л 100% спирта": "LPA",
    "пар": "NPR",
    "г": "GRM",
    "м": "MTR",
    "1000 м": "KMT",
    "кар": "CTM",
    "1000 кВт·ч": "MWH",
}
_OTHER_COPY = "eec_ett_normative_bundle_*.json.gz"
# One, or a thousand, kilograms or pieces.
_DENOMINATORS = (Decimal(1), Decimal(1000))
_NOT_HELD = "stated in a form that is not read, and not held"


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties and lines of the common tariff, from ``effective`` or 2026-03-01 on."""
    refusal = _FORM.find_refusal(path)
    if refusal is not None:
        return refusal
    source = Source(
        "eaeu-common-tariff",
        "Common customs tariff of the Eurasian Economic Union",
        "Eurasian Economic Commission",
        published,
        retrieved,
        url="https://eec.eaeunion.org/comission/department/catr/ett/",
    )
    validity = Period(effective or EDITION)
    table = TariffTable(source, validity, TERRITORY, NOMENCLATURE, CURRENCY, "Common tariff", "Common customs tariff")
    return Importing(source, refuse_at_break(_records(path, table)), _FORM.notes(effective))


def _read_other_copy(path: Path) -> dict[str, str]:
    """The duties of a bundle beside the table by code, as it writes them; none where there is no bundle."""
    found = sorted(path.parent.glob(_OTHER_COPY))
    if not found:
        return {}
    with open_text(found[-1]) as stream:
        return {str(row["hs_code"]): str(row["duty_rate"]) for row in read_json_document(stream)["rates"]}


def _figures(text: str) -> list[Decimal]:
    """The figures of a duty without those of its units."""
    plain = re.sub(r"[сc]?м[23²³]", "", text).replace("за 1 т", "за 1000 кг").replace(",", ".")
    found = [Decimal(each) for each in re.findall(r"\d+(?:\.\d+)?", plain)]
    return [each for each in found if each not in _DENOMINATORS]


def _records(path: Path, table: TariffTable) -> Iterator[Record | RowRefused]:
    others = _read_other_copy(path)
    for row in _FORM.read_codes(path):
        if isinstance(row, RowRefused):
            yield row
            continue
        code, printed, marks = row.code, row.cells["duty_rate_text_ru"], row.cells["temporary_rate_footnotes"]
        known = _UNITS.get(row.cells["supplementary_unit"])
        yield table.line(code, (known,) if known else ())
        rate = read_printed_duty(printed)
        if rate is None:
            yield row.refuse_rate("duty_rate_text_ru")
        elif marks:
            rate = _leave_open(rate, marks)
        elif code in others and _figures(others[code]) != _figures(printed):
            rate = f"[temporary rate: another copy of the tariff has other figures than {rate.strip('[]')}]"
        yield table.rule(code, Kind.DUTY, rate or _NOT_HELD, title=table.duty_title)


def read_printed_duty(printed: str) -> str | None:
    """A duty as printed, as an expression: ``"15% but not less than 0.2 EUR/kg"``; None where it cannot be read."""
    text = " ".join(printed.split())
    if _ENGINE.search(text):
        return _read_engine_rate(text)
    if _PERCENT.fullmatch(text):
        return _percent(text)
    if at_least := _AT_LEAST.fullmatch(text):
        amount = _read_amount(at_least[2])
        return amount and f"{_percent(at_least[1])} but not less than {amount}"
    if plus := _PLUS.fullmatch(text):
        amount = _read_amount(plus[2])
        return amount and f"{_percent(plus[1])} + {amount}"
    return _read_amount(text)


def _percent(number: str) -> str | None:
    return write_percent(number.replace(",", "."))


def _read_amount(text: str) -> str | None:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    figure, currency, per, unit = found.groups()
    name = _RATE_UNITS.get(unit)
    if name is None:
        return None
    each = name if per == "1" else f"{per} {name}"
    return f"{figure.replace(',', '.')} {'EUR' if currency == 'евро' else 'USD'}/{each}"


def _read_engine_rate(text: str) -> str | None:
    """A duty by the capacity of the engine in words, as a fact that is not given."""
    lower_of = _LOWER_OF.fullmatch(text)
    words = _word_engine_rate(lower_of[2] if lower_of else text)
    if words is None:
        return None
    return (
        f"[engine capacity: the lower of {_percent(lower_of[1])} and {words}]"
        if lower_of
        else (f"[engine capacity: {words}]")
    )


def _word_engine_rate(text: str) -> str | None:
    at_least = _AT_LEAST.fullmatch(text)
    found = _AMOUNT.fullmatch(at_least[2] if at_least else text)
    if found is None or found[3] != "1" or not _ENGINE.fullmatch(found[4]):
        return None
    amount = f"{found[1].replace(',', '.')} EUR a cm3"
    return f"{_percent(at_least[1])} but not less than {amount}" if at_least else amount


def _leave_open(rate: str, marks: str) -> str | None:
    """The printed rate as one that a temporary rate may replace."""
    numbers = list(dict.fromkeys(_MARK.findall(marks)))
    if not numbers:
        return None
    notes = ", ".join(f"{number}C" for number in numbers)
    return f"[temporary rate: note {notes} may replace {rate.strip('[]')}]"
