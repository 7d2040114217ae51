"""Two hundred answers about Iraq, computed again from its official file without the importer."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, VALUE, ask, book_of, charged, draw_lines
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
_DAY = date(2026, 10, 15)
# What the tables of the decision have at 5% beside the rate of the chapter.
_LISTED = {"84", "85", "87"}


def printed_lines() -> list[dict[str, str]]:
    """The lines, of a code the first; a mark of any row of it counts."""
    found: dict[str, dict[str, str]] = {}
    with closing(load_workbook(reference("iraq/iraq_tariff_2026-01.xlsx"), read_only=True)) as book:
        for code, _, mark, duty, second in book.worksheets[0].iter_rows(max_col=5, values_only=True):
            if len(str(code)) == len("01012110") and str(code).isdigit():
                line = found.setdefault(str(code), {"code": str(code), "duty": str(duty), "second": str(second)})
                line["mark"] = line.get("mark") or str(mark or "")
    return list(found.values())


def test_duties_second_rates_and_prohibitions_are_those_of_the_file() -> None:
    rows = draw_lines(printed_lines(), lambda row: bool(row["mark"]) or row["code"][:2] in _LISTED)
    book = book_of("IQ", {row["code"] for row in rows})
    assert len(rows) == ANSWERS
    for row in rows:
        code, chapter = row["code"], row["code"][:2]
        line = ask(book, "IQ", code, _DAY, origin="NO", currency="IQD")
        assert not isinstance(line, Refusal), (row, line)
        assert charged(line, "duty") == VALUE * Decimal(row["duty"]) / 100, row
        assert charged(line, "tax") is None, row
        told = {each["code"]: each["message"] for each in line["unknowns"]}
        assert f"{row['second']}% in the table" in told["fact_missing"], row
        assert bool(line["prohibitions"]) == bool(row["mark"]), row
        assert ("relief_open" in told) == (chapter in _LISTED), row
        if chapter in _LISTED:
            claimed = ask(book, "IQ", code, _DAY, origin="NO", currency="IQD", claim="IQ-listed-at-5")
            assert charged(claimed, "duty") == VALUE * 5 / 100, row
