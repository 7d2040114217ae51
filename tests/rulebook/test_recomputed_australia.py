"""Two hundred answers about Australia, computed again from its official file without the importer."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, COUNT, VALUE, ask, book_of, charged, draw_lines
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
_DAY = date(2026, 10, 15)
_CENT = Decimal("0.01")
# An economy of each group, and the code before its rate.
_PARTNERS = {"DCS": "BR", "CA": "CA", "DC": "NA"}


def printed_cells() -> list[dict[str, str]]:
    with gzip.open(reference("australia/tariff-schedule3.json.gz"), "rt", encoding="utf-8") as stream:
        sections = json.load(stream)
    cells: dict[str, str] = {}
    for section in sections:
        for chapter in section["chapters"]:
            for heading in chapter["headings"]:
                for row in heading["classifications"]:
                    number = re.sub(r"[^0-9.]", "", row["referenceNumber"])
                    cell = re.sub(r"[^!-~ ]", "", row["dutyRate"])
                    if len(number) == len("0101.21.00") and cell.strip():
                        cells[number.replace(".", "")] = cell.split("20")[-1][2:] if "From" in cell else cell
    return [{"code": code, "cell": cell} for code, cell in cells.items()]


def charge(text: str) -> Decimal | None:
    """What a printed rate takes of the goods; None where it is indexed or depends on what is in them."""
    if text.lstrip().startswith("Free"):
        return Decimal(0)
    cheese = re.match(r"\s*\$(1\.220)/kg(, less 5%)?", text)
    if cheese:
        # Less than nothing is nothing.
        return max(Decimal(0), Decimal(cheese[1]) * COUNT - (VALUE * 5 / 100 if cheese[2] else 0))
    percent = re.match(r"\s*([0-9.]+)%", text)
    return VALUE * Decimal(percent[1]) / 100 if percent and "$" not in text else None


def test_duties_and_special_rates_are_those_of_the_file() -> None:
    rows = draw_lines(printed_cells(), lambda row: row["cell"].strip() not in ("Free", "5%"))
    book = book_of("AU", {row["code"] for row in rows})
    special = 0
    for row in rows:
        code, cell = row["code"], row["cell"]
        line = ask(book, "AU", code, _DAY, origin="NO", currency="AUD")
        assert not isinstance(line, Refusal), (row, line)
        duty = charge(cell)
        assert charged(line, "duty") == duty, row
        if duty is None:
            assert "fact_missing" in {each["code"] for each in line["unknowns"]}, row
            continue
        assert charged(line, "tax") == ((VALUE + duty) / 10).quantize(_CENT, ROUND_HALF_UP), row
        for letters, origin in _PARTNERS.items():
            found = re.search(rf"(?<![A-Z]){letters}(?![A-Z])\s*((?:Free|[$0-9]).*)", cell)
            rate = charge(found[1]) if found else None
            if rate is not None and rate != duty:
                claimed = ask(book, "AU", code, _DAY, origin=origin, currency="AUD", claim=f"AU-{letters}")
                assert charged(claimed, "duty") == rate, (row, letters)
                special += 1
    assert (len(rows), special > 0) == (ANSWERS, True)
