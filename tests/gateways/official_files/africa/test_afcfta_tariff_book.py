"""The AfCFTA books: the phase-down as dated steps, and lines without an offer."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.africa.afcfta_tariff_book import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path


def row(
    code: str,
    mfn: str,
    steps: list[str],
    category: str = "A",
) -> dict[str, Any]:
    filled = [*steps, *[None] * (13 - len(steps))]
    return {
        "natTarLine": code,
        "descr": "Goods",
        "no_Years": "x",
        "category": category,
        "asmc": "A",
        "mfn": mfn,
        **{f"t{year}": rate for year, rate in enumerate(filled, 1)},
        "scheme": 1,
    }


def records(tmp_path: Path, rows: list[dict[str, Any]], effective: date | None = None) -> list[Any]:
    path = tmp_path / "book.json"
    path.write_text(json.dumps(rows, indent=1))
    importing = read(path, effective=effective, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def preferences(found: list[Any]) -> list[tuple[str, Period]]:
    return [(m.expression, m.validity) for m in found if isinstance(m, Measure) and m.kind is Kind.PREFERENCE]


def test_each_year_of_the_phase_down_is_a_measure_and_the_last_one_stays(tmp_path: Path) -> None:
    found = records(tmp_path, [row("0101290000", "10", ["9.0", "6.5", "0.0"])])
    assert preferences(found) == [
        ("9%", Period(date(2021, 1, 1), date(2021, 12, 31))),
        ("6.5%", Period(date(2022, 1, 1), date(2022, 12, 31))),
        ("0%", Period(date(2023, 1, 1))),
    ]
    [duty] = [m for m in found if isinstance(m, Measure) and m.kind is Kind.DUTY]
    assert (duty.territory, duty.expression, duty.validity) == ("ECOWAS", "10%", Period(date(2021, 1, 1)))


def test_another_first_year_moves_every_step(tmp_path: Path) -> None:
    found = records(tmp_path, [row("01012900", "30", ["27", "24"])], effective=date(2024, 7, 1))
    assert preferences(found) == [
        ("27%", Period(date(2024, 7, 1), date(2025, 6, 30))),
        ("24%", Period(date(2025, 7, 1))),
    ]
    assert {m.territory for m in found if isinstance(m, Measure)} == {"CEMAC"}


def test_years_at_the_general_rate_and_lines_without_an_offer_give_no_preference(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        [
            row("02012000", "20", ["20", "20", "17.5", "0"], "B"),
            row("02011000", "20", ["20", "20"], "C"),
            row("02013000", "20", ["10"], "U"),
        ],
    )
    assert [rate for rate, _ in preferences(found)] == ["17.5%", "0%"]


def test_bad_rows_are_refused_by_number_and_the_rest_is_read(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        [
            row("01012100", "5", ["0"]),
            row("0101290000", "5", ["0"]),
            row("01013000", "five", ["0"]),
            row("01014000", "5", ["-1"]),
            row("01012100", "9", ["0"]),
            row("01015000", "5", ["0"], "Z"),
        ],
    )
    refused = [(r.row, r.code) for r in found if isinstance(r, RowRefused)]
    assert refused == [
        (2, "row_misshapen"),
        (3, "rate_unreadable"),
        (4, "rate_unreadable"),
        (5, "code_repeated"),
        (6, "rate_unreadable"),
    ]
    assert sum(isinstance(m, Measure) and m.kind is Kind.DUTY for m in found) == 1


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"a": 1}]', "not json at all"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    refusal = read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_unctad_afcfta"


def test_a_file_that_breaks_off_ends_in_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text(json.dumps([row(f"0101{n:04d}", "5", ["0"]) for n in range(500)])[:-700])
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    last = list(importing.records)[-1]
    assert isinstance(last, RowRefused)
    assert last.code == "file_broken"


@pytest.mark.whole_file
@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("ecowas_cet_afcfta_unctad.json.gz", {"duty": 6129, "preference": 54220}),
        ("cameroon_cemac_afcfta_unctad.json.gz", {"duty": 5836, "preference": 55474}),
    ],
)
def test_the_whole_books(file: str, counts: dict[str, int]) -> None:
    path = reference(f"west_central_africa/{file}")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert not [r for r in found if isinstance(r, RowRefused)]
    assert Counter(str(m.kind) for m in found if isinstance(m, Measure)) == counts
