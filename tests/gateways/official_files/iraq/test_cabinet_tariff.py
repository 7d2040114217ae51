"""The Iraqi workbook: two rates, marks of prohibitions, goods at 5% that no line names, codes that are repeated."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.iraq.cabinet_tariff import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ("HS COSE", "وصف البضاعة", "RUL_COD", "TAR_T05", "TAR_T06")


def imported(tmp_path: Path, *rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> Any:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("2026",), header, *rows):
        sheet.append(row)
    path = tmp_path / "tariff.xlsx"
    book.save(path)
    importing = read(path, retrieved=RETRIEVED)
    return list(importing.records) if isinstance(importing, Importing) else importing


def rules(found: list[Any], kind: Kind) -> list[tuple[str, str]]:
    return [(m.product.prefix, m.expression) for m in found if isinstance(m, Measure) and m.kind is kind]


def test_a_line_has_a_duty_and_a_second_rate_that_is_told(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        ("610910**", "a", None, None, None),
        ("61091010", " من قطن.", None, "15", "3"),
        ("61091090", "b", None, "x", None),
        ("6109", "c", None, "15", "3"),
    )
    assert [(line.code, line.description) for line in found if isinstance(line, TariffLine)] == [
        ("61091010", "من قطن"),
        ("61091090", "b"),
    ]
    assert rules(found, Kind.DUTY)[0] == ("61091010", "15%")
    assert "not held" in rules(found, Kind.DUTY)[1][1]
    assert rules(found, Kind.TAX) == [
        ("61091010", "[second rate: 3% in the table, which does not say what for]"),
    ]
    refused = [each.code for each in found if isinstance(each, RowRefused)]
    assert refused == ["row_misshapen", "rate_unreadable", "rate_unreadable"]


def test_a_line_that_one_of_its_rows_marks_is_prohibited(tmp_path: Path) -> None:
    found = imported(tmp_path, ("47071000", "a", None, "15", "3"), ("47071000", "a", "PROHIBITED_CODE", "15", "3"))
    assert rules(found, Kind.PROHIBITION) == [("47071000", "")]
    assert [each.code for each in found if isinstance(each, RowRefused)] == ["code_repeated"]


def test_goods_that_the_decision_has_at_5_percent_are_claimed_and_otherwise_open(tmp_path: Path) -> None:
    found = imported(tmp_path, ("84713000", "a", None, "30", "3"), ("84291100", "b", None, "5", "3"))
    duties = [m for m in found if isinstance(m, Measure) and m.kind is Kind.DUTY]
    assert [(m.product.prefix, m.expression, [c.kind for c in m.conditions]) for m in duties] == [
        ("84713000", "30%", ["unless_claim"]),
        ("84713000", "5%", ["claim"]),
        ("84291100", "5%", []),
    ]
    relief = next(m for m in found if isinstance(m, Measure) and m.kind is Kind.RELIEF)
    assert (relief.unreadable, [c.kind for c in relief.conditions]) == ("", ["unless_claim", "listed"])


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    assert imported(tmp_path, header=("a", "b", "c", "d", "e")).code == "file_not_tariff_table"
    broken = tmp_path / "broken.xlsx"
    broken.write_text("no workbook")
    refusal = read(broken, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_unreadable"


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    importing = read(reference("iraq/iraq_tariff_2026-01.xlsx"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    measures = [each for each in found if isinstance(each, Measure)]
    assert len({m.id for m in measures}) == len(measures)
    kinds = Counter(m.kind for m in measures)
    lines = sum(isinstance(each, TariffLine) for each in found)
    assert (lines, kinds[Kind.TAX], kinds[Kind.RELIEF], kinds[Kind.PROHIBITION]) == (8381, 8381, 1365, 149)
    ordinary = [m for m in measures if m.kind is Kind.DUTY and not m.additional_code]
    assert Counter(m.expression for m in ordinary) == {"5%": 1905, "10%": 2632, "15%": 2472, "30%": 1372}
    assert Counter(each.code for each in found if isinstance(each, RowRefused)) == {"code_repeated": 26}
