"""Two hundred answers about Canada in 2026, computed again from its table without the importer."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, VALUE, ask, book_of, charged, draw_lines, read_table
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
DAY = date(2026, 10, 15)
# The columns of treatments that the table has and the edition of 2020 has otherwise or not at all.
TREATMENTS = {"ceut": ("CA-CEUT", "DE"), "cptpt": ("CA-CPTPT", "JP"), "krt": ("CA-KRT", "KR"), "ukt": ("CA-UKT", "GB")}
_PLAIN = re.compile(r"Free|[0-9.]+ ?%")


def percent_of_value(cell: str) -> Decimal:
    return (VALUE * Decimal(cell) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rows_of_both_years() -> list[dict[str, str]]:
    """The rated rows of 2026 that the edition of 2020 has too: with the code and the ordinary rate that it prints."""
    printed = {row["tariff"].replace(".", ""): row["mfn"] for row in read_table(reference("ca/ca2020.csv.gz"))}
    rows = []
    for row in read_table(reference("canada_2026/canada_tariff_T2026_rated_lines.csv.gz")):
        code = row["tariff10"].replace(".", "")
        code = code if code in printed else code.removesuffix("00")
        duty = printed.get(code) or printed.get(code[:8])
        if row["mfn_pct"] and duty and code[:2] < "98":
            rows.append(row | {"code": code, "printed": duty})
    return rows


def test_rates_of_every_tariff_are_those_of_the_table() -> None:
    """The table has percentages alone: where 2020 prints more than one, what it says of that column is a part."""
    drawn = draw_lines(rows_of_both_years(), lambda row: row["general_tariff_pct"] != "35.0" or row["ukt"] > "0.0")
    book = book_of("CA", {row["code"] for row in drawn})
    assert len(drawn) == ANSWERS
    claimed = whole = 0
    for row in drawn:
        code, plain = row["code"], _PLAIN.fullmatch(row["printed"])
        line = ask(book, "CA", code, DAY, origin="NO", currency="CAD")
        if plain:
            assert not isinstance(line, Refusal), (code, line)
            assert charged(line, "duty") == percent_of_value(row["mfn_pct"]), code
        sent = ask(book, "CA", code, DAY, origin="RU", currency="CAD")
        # Customs Notice 22-20 leaves one item of heading 2844 at the ordinary rate, and which line it is was not read.
        general = row["general_tariff_pct"] if plain or row["general_tariff_pct"] == "35.0" else ""
        if general and not code.startswith("2844"):
            whole += 1
            assert charged(sent, "duty") == percent_of_value(general), code
        elif not isinstance(sent, Refusal):
            assert charged(sent, "duty") is None, code
            assert "amount_not_held" in {each["code"] for each in sent["unknowns"]}, code
        for column, (treatment, origin) in TREATMENTS.items():
            if plain and row[column] and Decimal(row[column]) < Decimal(row["mfn_pct"]):
                claimed += 1
                line = ask(book, "CA", code, DAY, origin=origin, currency="CAD", claim=treatment)
                assert charged(line, "duty") == percent_of_value(row[column]), (code, treatment)
    assert claimed > ANSWERS // 4
    assert whole > ANSWERS // 2
