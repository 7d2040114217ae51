"""Two hundred answers about China, computed again from its official file without the importer."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, COUNT, VALUE, ask, book_of, charged, draw_lines, read_table
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
_FILE = "china/china_tariff_2026-07_flat.csv.gz"
_DAY = date(2026, 9, 15)
_PARTNERS = {"APTA": "IN", "ASEAN": "TH", "AU": "AU", "CH": "CH", "CL": "CL", "EC": "EC", "HK": "HK", "KR": "KR"}
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def charge(cell: str) -> Decimal | None:
    """What a rate takes of the goods; None where it depends on the price of one of them."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
    if text.replace(".", "").rstrip("%").isdigit():
        return VALUE * Decimal(text.rstrip("%")) / 100
    if "完税价" in text or "计税价" in text:
        sliding = re.match(r"完税价不高于([\d.]+)元/千克:([\d.]+)%,.*\+([\d.]+)元/千克", text)
        low = sliding is not None and Decimal(sliding[1]) >= VALUE / COUNT
        return None if sliding is None else VALUE * Decimal(sliding[2]) / 100 if low else Decimal(sliding[3]) * COUNT
    amount = re.fullmatch(r"([\d.]+)元/\w+", text)
    return Decimal(amount[1]) * COUNT if amount else None


def consumption_tax(cell: str, paid: Decimal) -> Decimal | None:
    """Rates are of a price that has the tax in it; None where the price of one of the goods decides."""
    found = re.fullmatch(r"(?:([\d.]+)%)?\+?(?:([\d.]+)元/升)?", cell)
    if not cell or found is None:
        return None
    share, each = Decimal(found[1] or 0) / 100, Decimal(found[2] or 0) * COUNT
    return (paid + each) / (1 - share) * share + each


def test_duty_taxes_and_agreements_are_those_of_the_file() -> None:
    rows = draw_lines(read_table(reference(_FILE)), lambda row: bool(row["interim"] or row["consumption_tax"] != "0%"))
    book = book_of("CN", {row["code10"] for row in rows})
    for row in rows:
        code = row["code10"]
        line = ask(book, "CN", code, _DAY, origin="NO", currency="CNY")
        assert not isinstance(line, Refusal), (code, line)
        duty = charge(row["interim"] or row["mfn"])
        assert charged(line, "duty") == (None if duty is None else cents(duty)), code
        if duty is None:
            continue
        excise = consumption_tax(row["consumption_tax"], VALUE + cents(duty))
        found = charged(line, "excise") or Decimal(0)
        if excise is None:
            assert "fact_missing" in {each["code"] for each in line["unknowns"]} or not row["consumption_tax"], code
        else:
            assert abs(found - excise) <= _CENT, code
        paid = VALUE + cents(duty) + found
        assert charged(line, "tax") == cents(paid * Decimal(row["vat"].rstrip("%")) / 100), code
    assert len(rows) == ANSWERS


def test_what_is_claimed_is_what_the_column_says() -> None:
    rows = draw_lines(read_table(reference(_FILE)))
    book = book_of("CN", {row["code10"] for row in rows})
    compared = 0
    for row in rows:
        ordinary = charge(row["interim"] or row["mfn"])
        for column, origin in _PARTNERS.items():
            line = ask(book, "CN", row["code10"], _DAY, origin=origin, currency="CNY", claim=f"CN-{column}")
            rate = charge(row[column]) if row[column] else None
            if isinstance(line, Refusal):
                assert rate is None or ordinary is None or rate >= ordinary, (row["code10"], column)
            elif ordinary is not None:
                expected = ordinary if rate is None else rate
                assert charged(line, "duty") == cents(expected), (row["code10"], column)
                compared += rate is not None
    assert compared > ANSWERS
