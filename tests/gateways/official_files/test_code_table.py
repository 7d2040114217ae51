"""A table of tariff codes: its header, the shape of its rows, and codes that are repeated."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.brazil import import_tariff
from ewtp.gateways.official_files.china import customs_tariff
from ewtp.gateways.official_files.code_table import CodeTable
from ewtp.gateways.official_files.eurasian_union import common_tariff
from ewtp.gateways.official_files.vietnam import national_tariff
from tests.reference_data import RETRIEVED

if TYPE_CHECKING:
    from pathlib import Path

FORM = CodeTable(("code", "duty", "unit", "note", "since", "until"), 4, date(2026, 1, 1))


@pytest.mark.parametrize("importer", [import_tariff, customs_tariff, common_tariff, national_tariff])
def test_another_file_is_refused(importer: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    refusal = importer.read(other, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_tariff_table"


def test_rows_of_another_shape_and_repeated_codes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = (
        "0101,5,kg,,,",
        "0101,6,kg,,,",
        "0102,7",
        "01,8,,,,",
        "\N{ARABIC-INDIC DIGIT ONE}" * 4 + ",9,,,,",
        "0103,?,,,,",
    )
    path.write_text("\n".join((",".join(FORM.columns), *rows)) + "\n", encoding="utf-8")
    assert FORM.find_refusal(path) is None
    found = list(FORM.read_codes(path))
    shown = [each.code if isinstance(each, RowRefused) else (each.number, each.code) for each in found]
    assert shown == [(2, "0101"), "code_repeated", "row_misshapen", "row_misshapen", "row_misshapen", (7, "0103")]
    last = found[-1]
    assert not isinstance(last, RowRefused)
    assert last.refuse_rate("duty").params == {"column": "duty", "code": "0103"}
    assert [each.number for each in FORM.read_rows(path) if not isinstance(each, RowRefused)] == [2, 3, 7]


def test_the_day_of_an_edition_is_noted_where_it_is_assumed() -> None:
    assert "2026-01-01 is taken" in FORM.notes(None)[0]
    assert FORM.notes(date(2026, 2, 1)) == ()
