"""Two hundred answers about Chile, computed again from its official file without the importer."""

from __future__ import annotations

import gzip
import json
from datetime import date
from decimal import Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, VALUE, ask, book_of, charged, draw_lines
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]


def test_duties_are_those_of_the_file() -> None:
    with gzip.open(reference("chile/chile_arancel_2022.json.gz"), "rt", encoding="utf-8") as stream:
        printed = json.load(stream)["rows"]
    rows = [
        {"code": item.replace(".", ""), "duty": duty}
        for _, item, _, _, duty, _ in printed
        if len(item) == len("0101.2100") and item[4] == "." and not item.startswith("00")
    ]
    drawn = draw_lines(rows, lambda row: row["duty"] == "0")
    # All of the lines that are free are drawn; there are fewer of them than half of the answers.
    free = sum(row["duty"] == "0" for row in rows)
    assert len(drawn) == ANSWERS // 2 + free
    rest = [row for row in rows if row not in drawn][:: len(rows) // ANSWERS][: ANSWERS - len(drawn)]
    book = book_of("CL", {row["code"] for row in (*drawn, *rest)})
    for row in (*drawn, *rest):
        line = ask(book, "CL", row["code"], date(2026, 10, 15), origin="NO", currency="CLP")
        assert not isinstance(line, Refusal), (row, line)
        duty = VALUE * Decimal(row["duty"]) / 100
        assert charged(line, "duty") == duty, row
        assert charged(line, "tax") == (VALUE + duty) * 19 / 100, row
    assert len(drawn) + len(rest) == ANSWERS
