"""Two hundred answers about Viet Nam, computed again from its official file without the importer."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from ewtp.core.values.refusal import Refusal
from tests.recomputed_answers import ANSWERS, VALUE, ask, book_of, charged, draw_lines, read_table
from tests.reference_data import reference

pytestmark = [pytest.mark.seed, pytest.mark.whole_file]
_FILE = "vietnam/vietnam_tariff_2023-01.csv.gz"
_DAY = date(2023, 6, 30)
# An economy of each column, and how the column names it where it leaves it out.
_PARTNERS = {"ACFTA": "CN", "AANZFTA": "AU", "AIFTA": "IN", "AKFTA": "KR", "CPTPP": "JP", "EVFTA": "DE", "VCFTA": "CL"}
_WHOLE = re.compile(r"[\d.]+")


def national_lines() -> list[dict[str, str]]:
    table = read_table(reference(_FILE))
    return [row for row in table if len(row["hs"]) == 10 and row["hs"][:2] != "98" and row["PIT"]]


def dong(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


def single(cell: str) -> Decimal | None:
    """The one rate of a cell; None for any other cell."""
    return Decimal(cell) if _WHOLE.fullmatch(cell) else None


def outside_quota(cell: str) -> Decimal | None:
    found = re.search(r"NHN: (\d+)", cell)
    return Decimal(found[1]) if found else single(cell)


def highest_vat(cell: str) -> Decimal:
    """A star is nothing, and so is the figure after a star and a comma where it is that of a later sale."""
    text = re.sub(r"nhóm \d\d\.\d\d|mã hàng [\d., ]+|5% ở khâu", "", cell.replace("*,5", "*"))
    general, _, named = text.partition("Riêng")
    figures = re.findall(r"\d+", general) + re.findall(r": (\d+)%", named)
    return max(map(Decimal, figures), default=Decimal(0))


def granted(cell: str, economy: str) -> Decimal | None:
    """What a cell grants an economy; None where that is nothing, or not one rate."""
    found = re.fullmatch(r"([\d.,]+) ?(?:\(-([A-Z, ]+)\))?(?:\(GIC\))?", cell)
    if found is None:
        found = re.fullmatch(r"M: [\d,]+; #: ([\d,]+)()", cell)
    if found is None or economy in (found[2] or ""):
        return None
    return Decimal(found[1].replace(",", "."))


def test_duty_and_taxes_are_those_of_the_file() -> None:
    rows = draw_lines(national_lines(), lambda row: bool(row["ExT"] or single(row["PIT"]) is None))
    book = book_of("VN", {row["hs"].replace(".", "") for row in rows})
    settled = 0
    for row in rows:
        code = row["hs"].replace(".", "")
        line = ask(book, "VN", code, _DAY, origin="NO", currency="VND")
        assert not isinstance(line, Refusal), (code, line)
        rate = outside_quota(row["PIT"])
        assert charged(line, "duty") == (None if rate is None else dong(VALUE * rate / 100)), code
        paid = VALUE + (charged(line, "duty") or 0)
        excise = charged(line, "excise")
        if row["EnvPT"]:
            # What it takes is not in the file.
            continue
        stated = single(row["ExT"])
        assert excise == (None if stated is None else dong(paid * stated / 100)), code
        assert charged(line, "tax") == dong((paid + (excise or 0)) * highest_vat(row["VAT"]) / 100), code
        open_sum = rate is None or (bool(row["ExT"]) and stated is None)
        assert ("tax_base_incomplete" in {each["code"] for each in line["unknowns"]}) == open_sum, code
        settled += not open_sum
    assert (len(rows), settled > ANSWERS // 2) == (ANSWERS, True)


def test_what_is_claimed_is_what_the_column_says() -> None:
    rows = draw_lines(national_lines(), lambda row: "(-" in row["ACFTA"] + row["AKFTA"] or "M:" in row["CPTPP"])
    book = book_of("VN", {row["hs"].replace(".", "") for row in rows})
    compared = 0
    for row in rows:
        code, ordinary = row["hs"].replace(".", ""), outside_quota(row["PIT"])
        for column, origin in _PARTNERS.items():
            rate = granted(row[column], origin)
            line = ask(book, "VN", code, _DAY, origin=origin, currency="VND", claim=f"VN-{column}")
            saves = rate is not None and (ordinary is None or rate < ordinary)
            if isinstance(line, Refusal):
                assert not saves, (code, column)
            elif saves:
                assert rate is not None
                assert charged(line, "duty") == dong(VALUE * rate / 100), (code, column)
                compared += 1
            elif rate is None and "/" not in row[column]:
                assert charged(line, "duty") == (None if ordinary is None else dong(VALUE * ordinary / 100)), code
    assert compared > ANSWERS
