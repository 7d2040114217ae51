"""Two hundred answers about the Eurasian union, computed again from its official file without the importer."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, VALUE, ask, book_of, charged, draw_lines, read_table
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
_OPEN = {"exchange_rate_missing", "fact_missing", "amount_not_held"}


def test_duties_are_those_of_the_file() -> None:
    table = read_table(reference("eaeu/eaeu_cet_2026-03.csv.gz"))
    drawn = draw_lines(table, lambda row: bool(row["temporary_rate_footnotes"]) or "евро" in row["duty_rate_text_ru"])
    book = book_of("EAEU", {row["code10"] for row in drawn})
    assert len(drawn) == ANSWERS
    settled = 0
    for row in drawn:
        code, printed = row["code10"], row["duty_rate_text_ru"]
        # The seed has no rate of euros in tenge for the days of the schedule, so amounts in euros stay open.
        line = ask(book, "KZ", code, date(2026, 10, 15), origin="NO", currency="KZT")
        assert not isinstance(line, Refusal), (code, line)
        plain = re.fullmatch(r"\d+(,\d+)?", printed)
        if plain is None or row["temporary_rate_footnotes"]:
            assert charged(line, "duty") is None, code
            assert not _OPEN.isdisjoint({each["code"] for each in line["unknowns"]}), code
        else:
            rate = Decimal(printed.replace(",", "."))
            duty = (VALUE * rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
            # A line of which a second copy has other figures is open.
            assert charged(line, "duty") in (duty, None), code
            settled += charged(line, "duty") is not None
    assert settled > ANSWERS // 4


def test_figures_of_amounts_are_those_of_the_file() -> None:
    table = read_table(reference("eaeu/eaeu_cet_2026-03.csv.gz"))
    drawn = draw_lines([row for row in table if " за 1" in row["duty_rate_text_ru"]])
    book = book_of("EAEU", {row["code10"] for row in drawn})
    for row in drawn:
        lengths = range(10, 1, -1)
        [rule] = next(found for n in lengths if (found := book.rules.get(("EAEU", row["code10"][:n]))))
        kept = re.sub(r"cm3|m2|note [\dC, ]+", "", rule.measure.expression)
        printed = re.sub(r"с?м[23³]|за 1 |, ?либо|, но|, в", " ", row["duty_rate_text_ru"]).replace(",", ".")
        figures = [Decimal(each) for each in re.findall(r"\d+(?:\.\d+)?", printed)]
        assert [Decimal(each) for each in re.findall(r"\d+(?:\.\d+)?", kept)] == figures, row["code10"]
