"""The SACU table: codes, decimal commas, text that ran into a cell, states named in a rate, and missing lines."""

from __future__ import annotations

import gzip
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.sacu.schedule import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,check_digit,description,unit,general,eu_uk,efta,sadc,mercosur,afcfta"


def records(tmp_path: Path, *rows: str, left_out: str = "") -> list[object]:
    path = tmp_path / "table.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n")
    if left_out:
        (tmp_path / "unparsed_lines.csv").write_text(f"code,check_digit,raw\n{left_out}\n")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def measures(found: list[object]) -> dict[tuple[str, ...], str]:
    return {(m.product.prefix, *m.origins.include): m.expression for m in found if isinstance(m, Measure)}


def test_a_row_is_a_duty_the_preferences_that_differ_and_a_line(tmp_path: Path) -> None:
    found = records(tmp_path, '0101.21.10,1,Beasts,u,"7,5%",free,"7,5%",free,"7,5%","3,75%"')
    assert measures(found) == {
        ("01012110", "*"): "7,5%",
        ("01012110", "SACU-EU_UK"): "free",
        ("01012110", "SACU-SADC"): "free",
        ("01012110", "SACU-AFCFTA"): "3,75%",
    }
    [line] = [r for r in found if isinstance(r, TariffLine)]
    assert (line.code, line.units, line.description) == ("01012110", ("C62",), "Beasts")


def test_lost_spaces_are_put_back_and_the_rate_is_kept(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "0402.10,1,Powder,kg,450c/kgwith amaximumof 96%,40% or240c/kg,20% or215c/kgless 80%,free,free,free",
    )
    assert measures(found)["040210", "*"] == "450c/kg with a maximum of 96%"
    assert measures(found)["040210", "SACU-EU_UK"] == "40% or 240c/kg"
    assert measures(found)["040210", "SACU-EFTA"] == "20% or 215c/kg less 80%"


def test_a_heading_that_ran_into_the_cell_is_cut_off_and_nothing_else_is(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "2806.10,1,Acid,kg,10%,free,free,free,free,free SUBCHAPTER II INORGANIC ACIDS",
        "2807.00,1,Acid,kg,10%,free,free,free,free,free of tax in May",
    )
    assert measures(found)["280610", "SACU-AFCFTA"] == "free"
    assert measures(found)["280700", "*"].startswith("see ")
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [(3, "rate_unreadable")]


def test_a_rate_for_named_states_leaves_the_others_out(tmp_path: Path) -> None:
    found = records(tmp_path, '3306.10,7,Paste,kg,10%,free,free,free,"free toArgentina, Brazil","5%"')
    [mercosur] = [m for m in found if isinstance(m, Measure) and m.origins.include == ("SACU-MERCOSUR",)]
    assert mercosur.expression == "free"
    assert mercosur.origins.exclude == ("PY", "UY")
    found = records(tmp_path, "3306.10,7,Paste,kg,10%,free,free,free,free to Mars,5%")
    assert [r.code for r in found if isinstance(r, RowRefused)] == ["rate_unreadable"]


def test_lines_left_out_are_refused_by_name_and_answered_as_unknown(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "0101.21,1,Beasts,u,free,free,free,free,free,free",
        left_out="2526.20,2,\"Crushed | kg | ['free 2527.002528.00 0 Natural borates kg', 'free']\"",
    )
    assert [r.message.split()[1] for r in found if isinstance(r, RowRefused)] == ["2526.20", "2528.00"]
    expressions = measures(found)
    for code in ("252620", "252800"):
        assert isinstance(parse(expressions[code, "*"], currency="ZAR"), Refusal)
    assert ("252700", "*") not in expressions


def test_another_file_and_a_broken_one_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    refusal = read(other, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_sacu_schedule"
    whole = gzip.compress((HEADER + "\n" + "0101.21,1,Beasts,u,free,free,free,free,free,free\n" * 3000).encode())
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    importing = read(cut, retrieved=RETRIEVED)
    broken = importing if isinstance(importing, Refusal) else list(importing.records)[-1]
    assert broken.code in ("file_unreadable", "file_broken")  # type: ignore[union-attr] # the last record is the refusal
    assert isinstance(read(tmp_path / "missing.csv", retrieved=RETRIEVED), Refusal)


@pytest.mark.whole_file
def test_the_whole_schedule() -> None:
    path = reference("za/sacu_schedule1_part1_2025-05-09.csv.gz")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert Counter(type(r).__name__ for r in found) == {"Measure": 23147, "TariffLine": 8554, "RowRefused": 13}
    assert Counter(r.code for r in found if isinstance(r, RowRefused)) == {"row_not_in_table": 13}
    unread = {
        m.product.prefix
        for m in found
        if isinstance(m, Measure) and m.kind is Kind.DUTY and isinstance(parse(m.expression, currency="ZAR"), Refusal)
    }
    assert len(unread) == 13
