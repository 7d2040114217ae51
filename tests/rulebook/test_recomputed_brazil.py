"""Two hundred answers about Brazil, computed again from its official file without the importer."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, VALUE, ask, book_of, charged, draw_lines, read_table
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
_CENT = Decimal("0.01")


def percent_of(amount: Decimal, cell: str) -> Decimal:
    rate = Decimal(0) if cell == "NT" else Decimal(cell)
    return (amount * rate / 100).quantize(_CENT, ROUND_HALF_UP)


def test_duty_and_tax_on_industrialised_products_are_those_of_the_file() -> None:
    table = [row for row in read_table(reference("brazil/br_ncm_ii_ipi_2026-09.csv.gz")) if row["active"] == "True"]
    parts = {row["ncm8"]: row for row in table if row["ex_tarifario"] == "01"}
    lines = [row for row in table if not row["ex_tarifario"]]
    drawn = draw_lines(lines, lambda row: row["ncm8"] in parts)
    book = book_of("BR", {row["ncm8"] for row in drawn})
    assert len(drawn) == ANSWERS
    for row in drawn:
        code = row["ncm8"]
        line = ask(book, "BR", code, date(2026, 10, 15), origin="NO", currency="BRL")
        assert not isinstance(line, Refusal), (code, line)
        if not row["import_duty_pct"]:
            assert charged(line, "duty") is None, code
            continue
        duty = percent_of(VALUE, row["import_duty_pct"])
        assert charged(line, "duty") == duty, code
        assert (charged(line, "excise") or 0) == percent_of(VALUE + duty, row["ipi_pct_or_NT"]), code
        other = parts.get(code)
        if other is not None and percent_of(VALUE, other["ipi_pct_or_NT"]) != percent_of(VALUE, row["ipi_pct_or_NT"]):
            claimed = ask(book, "BR", code, date(2026, 10, 15), origin="NO", currency="BRL", claim="BR-ipi-ex-01")
            assert charged(claimed, "excise") == percent_of(VALUE + duty, other["ipi_pct_or_NT"]), code
