"""Two hundred American duties of column 2, computed again from the official schedule without the importer."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, COUNT, VALUE, ask, book_of, charged, draw_lines
from tests.reference_data import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
ORIGINS = ("BY", "CU", "KP", "RU")
# What the cell of a rate may be: a percentage, cents or dollars for a kilogram, a litre or a piece, or both.
_PART = re.compile(r"(?:(?P<cents>[0-9.]+)¢|\$(?P<dollars>[0-9.]+))/(?:kg|liter|m2)|(?P<percent>[0-9.]+)%")


def column_2_of(text: str) -> Decimal | None:
    """What a cell charges on the value of a question and a hundred of its unit; None where it is written otherwise."""
    if text == "Free":
        return Decimal(0)
    due = Decimal(0)
    for part in text.split(" + "):
        read = _PART.fullmatch(part.strip())
        if read is None:
            return None
        if read["percent"]:
            due += VALUE * Decimal(read["percent"]) / 100
        else:
            due += COUNT * (Decimal(read["cents"]) / 100 if read["cents"] else Decimal(read["dollars"]))
    return due.quantize(Decimal("0.01"), ROUND_HALF_UP)


def lines_of(schedule: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """The ten-digit lines outside chapters 98 and 99, each with its cell of column 2 or the one that it is below."""
    above: list[tuple[int, str, bool]] = []
    for row in schedule:
        level, code = int(row["indent"]), row["htsno"].replace(".", "")
        above = [each for each in above if each[0] < level]
        replaced = any("other" in note["columns"] for note in row["footnotes"] or ())
        cell = row["other"].strip() or (above[-1][1] if above else "")
        replaced = replaced or bool(above and above[-1][2])
        above.append((level, cell, replaced))
        if len(code) == len("0101210010") and code[:2] < "98" and not replaced and column_2_of(cell) is not None:
            yield {"code": code, "cell": cell}


def test_duties_of_column_2_are_those_of_the_schedule() -> None:
    with gzip.open(reference("us/hts_2026_rev_10.json.gz"), "rt", encoding="utf-8") as stream:
        lines = list(lines_of(json.load(stream)))
    drawn = draw_lines(lines, lambda line: "/" in line["cell"])
    book = book_of("US", {line["code"] for line in drawn})
    assert len(lines) > 15_000
    assert len(drawn) == ANSWERS
    for place, drawn_line in enumerate(drawn):
        code, origin = drawn_line["code"], ORIGINS[place % len(ORIGINS)]
        line = ask(book, "US", code, date(2026, 7, 15), origin=origin, currency="USD")
        assert not isinstance(line, Refusal), (code, line)
        assert charged(line, "duty") == column_2_of(drawn_line["cell"]), (code, origin, drawn_line["cell"])
