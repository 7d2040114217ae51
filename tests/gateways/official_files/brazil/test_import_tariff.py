"""The Brazilian table: goods within a line that bear another tax, lines no longer in force, blank cells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.gateways.official_files.brazil.import_tariff import read
from tests.gateways.official_files.code_tables import table_records
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "ncm8,ex_tarifario,import_duty_pct,ipi_pct_or_NT,statistical_unit,active,description_pt"


def records(tmp_path: Path, *rows: str) -> list[Any]:
    return table_records(read, tmp_path, HEADER, *rows)


def test_an_ex_of_a_line_is_claimed_and_the_line_says_so(tmp_path: Path) -> None:
    found = records(tmp_path, "87032310,,35.00,18.81,UNIT,True,Carro", "87032310,01,35.00,9.78,UNIT,True,Carro")
    duty, ordinary, other = [each for each in found if isinstance(each, Measure)]
    assert (duty.kind, duty.expression) == (Kind.DUTY, "35%")
    assert (ordinary.expression, ordinary.conditions[0].kind, ordinary.conditions[0].value) == (
        "18.81%",
        "unless_claim",
        "BR-ipi-ex-01",
    )
    assert ordinary.conditions[1].text.endswith("ex 01: 9.78%")
    assert (other.expression, other.conditions[0].kind) == ("9.78%", "claim")
    assert len({duty.id, ordinary.id, other.id}) == len({duty.key, ordinary.key, other.key}) == 3


def test_what_the_tax_does_not_reach_bears_none(tmp_path: Path) -> None:
    found = records(tmp_path, "01012100,,0.00,NT,UNIT,True,Cavalos", "01012900,,0.00,0.00,UNIT,True,Cavalos")
    assert {m.kind for m in found if isinstance(m, Measure)} == {Kind.DUTY}


def test_lines_not_in_force_and_blank_cells_are_refused(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "03051000,,10.00,0.00,KGM,False,Farinhas",
        "29314930,,,,KGM,True,Outros",
        "39072990,01,2.00,1.00,KGM,True,Parte de nada",
        "2931,,2.00,1.00,KGM,True,Curto",
    )
    assert Counter(each.code for each in found if isinstance(each, RowRefused)) == {
        "line_not_in_force": 2,
        "rate_unreadable": 2,
        "row_misshapen": 1,
    }
    assert all("not held" in each.expression for each in found if isinstance(each, Measure))


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    importing = read(reference("brazil/br_ncm_ii_ipi_2026-09.csv.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    measures = [each for each in found if isinstance(each, Measure)]
    assert Counter(type(each).__name__ for each in found) == {"Measure": 14479, "TariffLine": 10453, "RowRefused": 526}
    assert len({m.id for m in measures}) == len(measures)
    report = coverage([m.expression for m in measures], "BRL")
    assert (report.distinct, len(report.references), len(report.unread)) == (60, 0, 1)
