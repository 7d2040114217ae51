"""CBP's partner-agency report: flags by agency, shorter numbers, cases, broken files, and the whole report."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.us import agency_flags
from ewtp.gateways.official_files.us.flag_meanings import MEANINGS
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = (
    "HTS Date:,2/21/2026,,,,,,,,,,,,,,,,,\n,,,,,,,,,,,,,,,,,,\n"
    "Tariff Number,Description,Effective Date,Expiration Date,Census Qty 1,Census Qty 2,Census Qty 3,AD Duty,CV Duty,"
    + ",".join(f"PGA {n}" for n in range(1, 11))
    + "\n"
)


def line(code: str, *flags: str, cases: str = "N,N", ends: str = "12/31/2030") -> str:
    """A line of the report."""
    return f"{code},GOODS,1/1/2020,{ends},NO,,,{cases}," + ",".join([*flags, *[""] * (10 - len(flags))]) + "\n"


def read(path: Path, *lines: str) -> list[object]:
    """Every record of a report of these lines."""
    path.write_text(HEADER + "".join(lines))
    importing = agency_flags.read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    assert importing.source.published == date(2026, 2, 21)
    return list(importing.records)


def test_a_flag_of_every_line_is_written_once_for_the_shorter_number(tmp_path: Path) -> None:
    records = read(
        tmp_path / "pga.csv",
        line("0302910010", "FD4", "NM8"), line("0302910090", "FD4"),
        line("0302920000", "FD4"), line("0303110000"), line("9999000000", "FD1"), line("0098010011", "FD1"),
    )  # fmt: skip
    found = {(m.product.prefix, m.agency, m.document, m.mast_chapter) for m in records if isinstance(m, Measure)}
    assert found == {("0302", "FDA", "FD4 data: required", "A"), ("0302910010", "NMFS", "NM8 data: required", "")}


def test_what_is_known_of_a_flag_is_said(tmp_path: Path) -> None:
    records = read(tmp_path / "pga.csv", line("8703230100", "EP1", "DT1", "FD2"), line("8704000000"))
    found = {m.document: (m.agency, m.mast_chapter) for m in records if isinstance(m, Measure)}
    assert found == {
        "EP1 data: may be required": ("EPA", "B"),
        "DT1 data: may be required": ("NHTSA", "B"),
        "FD2 data: required": ("FDA", "B"),
    }


def test_a_flag_is_explained_only_where_cbp_does_and_says_where(tmp_path: Path) -> None:
    records = read(tmp_path / "pga.csv", line("0902100000", "FD4", "AM7", "AL1", "AQ1"), line("8704000000"))
    found = {m.document: (m.title, m.reference) for m in records if isinstance(m, Measure)}
    title, reference = found["FD4 data: required"]
    assert "prior notice of imported food" in title
    assert reference == "flag FD4; its meaning: CBP, CSMS 03-002540, 2003-10-24"
    assert found["AL1 data: may apply"] == ("", "flag AL1")
    assert found["AQ1 data: may be required"][1] == "flag AQ1; its meaning: CBP, CSMS 45773761, 2021-01-21"
    assert found["AM7 data: may apply"][1] == "flag AM7; its meaning: CBP, CSMS 67645994, 2026-02-06"
    unknown = set(MEANINGS) - {flag for flag in MEANINGS if flag[:2] in agency_flags.AGENCIES}
    assert not unknown


def test_a_case_stands_as_an_open_additional_duty(tmp_path: Path) -> None:
    records = read(
        tmp_path / "pga.csv",
        line("7208360030", cases="Y,N"),
        line("7208370030", cases="N,Y"),
        line("7209000000"),
    )
    found = {(m.product.prefix, m.programme) for m in records if isinstance(m, Measure)}
    assert found == {("720836", "US-anti-dumping"), ("720837", "US-countervailing")}
    measures = [m for m in records if isinstance(m, Measure)]
    assert all(m.kind is Kind.ADDITIONAL_DUTY and m.conditions[0].kind == "case" for m in measures)


def test_bad_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    records = read(
        tmp_path / "pga.csv", line("7208"), line("7208360030", "ZZ9"), line("7208370030", ends="1/31/2026"),
        line("7209000000"),
    )  # fmt: skip
    refused = [(r.row, r.code) for r in records if isinstance(r, RowRefused)]
    assert refused == [(4, "code_unreadable"), (5, "flag_unknown"), (6, "line_expired")]


@pytest.mark.parametrize("text", ["", "Tariff Number,Description\n", "HTS Date:,soon\n\nTariff Number\n", "\x00"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text)
    refusal = agency_flags.read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_pga_report"


def test_a_garbled_report_stores_nothing(tmp_path: Path) -> None:
    records = read(tmp_path / "pga.csv", line("7208360030", "EP7"), '7208370030,"never closed\n')
    assert [r.code for r in records if isinstance(r, RowRefused)] == ["file_broken"]
    assert not [r for r in records if isinstance(r, Measure)]


@pytest.mark.whole_file
def test_the_whole_report_is_read() -> None:
    path = reference("us/us_hts_pga_report_2026-02-21.csv.gz")
    importing = agency_flags.read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    records = list(importing.records)
    assert not [r for r in records if isinstance(r, RowRefused)]
    kinds = Counter(m.kind for m in records if isinstance(m, Measure))
    flags = {m.document.split()[0] for m in records if isinstance(m, Measure) and m.kind is Kind.REQUIREMENT}
    assert kinds == {Kind.REQUIREMENT: 7900, Kind.ADDITIONAL_DUTY: 1105 + 936}
    assert len(flags) == 37
