"""The Chilean tables: lines, free ones, special treatments, and subheadings that the tables have lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.chile.tariff_rows import read
from ewtp.gateways.reference.hs_texts import subheadings
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = ["Partida", "Código del S.A.", "Glosa", "U.A.", "Adv.", "Estad. Unidad Código"]


def records(tmp_path: Path, *rows: list[str], headers: list[str] = HEADERS) -> Any:
    path = tmp_path / "arancel.json"
    path.write_text(json.dumps({"headers": headers, "rows": rows}), encoding="utf-8")
    importing = read(path, retrieved=RETRIEVED)
    return list(importing.records) if isinstance(importing, Importing) else importing


def test_a_line_has_its_duty_its_unit_and_the_texts_above_it(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        ["01.01", "", "Caballos y asnos, vivos.", "", "", ""],
        ["", "", "- Caballos:", "", "", ""],
        ["", "0101.2100", "-- Reproductores", "U", "6", "U-10"],
        ["", "0101.3000", "- Asnos", "U", "0", "U-10"],
        ["", "0101.9000", "- Los demás", "U", "?", ""],
        ["", "0101.9000", "- Los demás", "U", "6", ""],
        ["", "0102.9000"],
    )
    lines = [each for each in found if isinstance(each, TariffLine)][:3]
    assert [(line.code, line.units, line.description) for line in lines] == [
        ("01012100", ("C62",), "Caballos y asnos, vivos: Caballos: Reproductores"),
        ("01013000", ("C62",), "Caballos y asnos, vivos: Asnos"),
        ("01019000", (), "Caballos y asnos, vivos: Los demás"),
    ]
    rates = [each.expression for each in found if isinstance(each, Measure)][:3]
    assert (rates[:2], "not held" in rates[2]) == (["6%", "0%"], True)
    refused = [each.code for each in found if isinstance(each, RowRefused)][:3]
    assert sorted(refused) == ["code_repeated", "rate_unreadable", "row_misshapen"]


def test_treatments_of_section_0_are_no_lines(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        ["00.34", "0034.0000", "MERCANCÍAS DESTINADAS A LAS BASES", "KB", "L", ""],
        ["", "", "8702.1019", "KN KN KN", "15", ""],
        ["", "0101.2100", "-- Reproductores", "U", "6", "U-10"],
    )
    refused = [each.code for each in found if isinstance(each, RowRefused)]
    assert refused[:2] == ["special_treatment", "row_misshapen"]
    # Every other subheading has a line without a duty, and the report names chapters rather than all of them.
    assert sum(isinstance(each, TariffLine) for each in found) == len(subheadings())
    assert sum(isinstance(each, Measure) for each in found) == 1
    first = sum(code.startswith("01") for code in subheadings())
    assert Counter(refused[2:]) == {"line_absent": len({code[:2] for code in subheadings()}) - 1 + first - 1}


def test_another_file_is_refused(tmp_path: Path) -> None:
    assert records(tmp_path, headers=["a"]).code == "file_not_tariff_table"
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    refusal = read(broken, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_unreadable"


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    importing = read(reference("chile/chile_arancel_2022.json.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    measures = [each for each in found if isinstance(each, Measure)]
    assert Counter(m.expression for m in measures) == {"6%": 8685, "0%": 27}
    assert len({m.id for m in measures}) == len(measures)
    assert sum(isinstance(each, TariffLine) for each in found) == len(measures) + 18
    refused = Counter(each.code for each in found if isinstance(each, RowRefused))
    assert refused == {"row_misshapen": 165, "special_treatment": 66, "line_absent": 18}
