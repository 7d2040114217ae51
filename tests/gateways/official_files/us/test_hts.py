"""The USITC export: columns, indents, inherited rates, chapter 99, both forms, broken files, the whole schedule."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ewtp.core.assessment.value_brackets import read_bracket
from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Condition, Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.us import hts
from ewtp.gateways.official_files.us.hts_rows import HtsRow, is_product, open_rows
from tests.reference_data import RETRIEVED, reference

DAY = date(2026, 6, 8)


def row(htsno: str, indent: int, description: str, *, units: tuple[str, ...] = (), **cells: Any) -> dict[str, Any]:
    """A row as the export writes it."""
    blank: dict[str, Any] = {
        "general": "",
        "special": "",
        "other": "",
        "footnotes": [],
        "superior": None,
        "quotaQuantity": None,
    }
    return blank | {"htsno": htsno, "indent": str(indent), "description": description, "units": list(units)} | cells


ROWS = [
    row("0101", 0, "Live horses:"),
    row("", 1, "Horses:", superior="true"),
    row(
        "0101.21.00",
        2,
        "Purebred",
        general="Free",
        other="Free",
        footnotes=[{"columns": ["general"], "value": "See 9903.88.15. "}],
    ),
    row("0101.21.00.10", 3, "Males", units=("No.",)),
    row("0101.21.00.20", 3, "Females", units=("No.",)),
    row(
        "0101.30.00.00",
        1,
        "Asses",
        units=("No.", "Cu kg"),
        general="6.8%",
        special="Free (A+,AU) 3.2% (JP)",
        other="15%",
    ),
    row(
        "9101.11.40",
        0,
        "Watches, <i>gold</i>",
        units=("No.",),
        general="51¢ each",
        other="$1.75 each",
        footnotes=[{"columns": ["other"], "value": "See 9903.90.08. "}],
    ),
    row("9801.00.10", 0, "Returned goods", general="Free"),
    row(
        "9903.90.08",
        0,
        "Articles the product of the Russian Federation, as provided for in U.S. note 30(a)",
        other="35%",
    ),
]


def read(path: Path, rows: list[dict[str, Any]] | str) -> list[object]:
    """Every record of an export of these rows."""
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    importing = hts.read(path, effective=DAY, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def test_rates_stand_on_the_legal_line_with_their_column(tmp_path: Path) -> None:
    measures = [r for r in read(tmp_path / "hts.json", ROWS) if isinstance(r, Measure)]
    found = {(m.product.prefix, m.kind, m.origins.include, m.origins.exclude): m.expression for m in measures}
    assert found == {
        ("01012100", Kind.DUTY, ("*",), ()): "Free",
        ("01012100", Kind.DUTY, ("US-COLUMN2",), ()): "Free",
        ("01013000", Kind.DUTY, ("*",), ()): "6.8%",
        ("01013000", Kind.DUTY, ("US-COLUMN2",), ()): "15%",
        ("01013000", Kind.PREFERENCE, ("US-A+", "US-AU"), ()): "Free",
        ("01013000", Kind.PREFERENCE, ("US-JP",), ()): "3.2%",
        ("91011140", Kind.DUTY, ("*",), ()): "51¢ each",
        ("91011140", Kind.DUTY, ("US-COLUMN2",), ("RU",)): "$1.75 each",
        ("91011140", Kind.DUTY, ("RU",), ()): "35%",
    }
    assert len({m.id for m in measures}) == len(measures)
    horses = next(m for m in measures if m.product.prefix == "01012100" and m.origins.include == ("*",))
    assert horses.conditions == (Condition("note", "9903.88.15"),)
    assert horses.reference == "HTS 01012100, column 1 general"


def test_lines_carry_units_and_the_descriptions_above_them(tmp_path: Path) -> None:
    lines = {r.code: r for r in read(tmp_path / "hts.json", ROWS) if isinstance(r, TariffLine)}
    assert sorted(lines) == ["0101210010", "0101210020", "0101300000", "9101114000"]
    assert lines["0101210020"].description == "Live horses: Horses: Purebred: Females"
    assert lines["0101300000"].description == "Live horses: Asses"
    assert lines["0101300000"].units == ("C62", "KGM.cu")
    assert lines["9101114000"].description == "Watches, gold"


def test_the_csv_export_says_the_same_without_footnotes(tmp_path: Path) -> None:
    header = (
        "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,"
        "Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"
    )
    body = (
        '0101.30.00,0,Asses,,6.8%,"Free (A+,AU) 3.2% (JP)",15%,,\n'
        '0101.30.00.00,1,"Of a kind, ""small""","[""No."",""kg""]",,,,,\n'
    )
    records = read(tmp_path / "hts.csv", header + body)
    assert Counter(type(r).__name__ for r in records) == {"Measure": 4, "TariffLine": 1}
    line = next(r for r in records if isinstance(r, TariffLine))
    assert (line.code, line.units, line.description) == ("0101300000", ("C62", "KGM"), 'Asses: Of a kind, "small"')


def test_without_footnotes_column_2_is_left_open_for_whom_a_heading_replaces_it(tmp_path: Path) -> None:
    header = (
        "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,"
        "Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"
    )
    body = "2501.00.00,0,Salt,,Free,,26%,,\n9903.90.08,0,Products of the Russian Federation,,,,35%,,\n"
    measures = [r for r in read(tmp_path / "hts.csv", header + body) if isinstance(r, Measure)]
    rates = {(m.product.prefix, m.origins.include, m.origins.exclude): m.expression for m in measures}
    assert rates["25010000", ("US-COLUMN2",), ("RU",)] == "26%"
    open_rate = rates["", ("RU",), ()]
    assert "9903.90.08" in open_rate
    read_as = parse(open_rate, currency="USD")
    assert isinstance(read_as, Refusal)
    assert len(rates) == 3


def test_bad_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    rows = [
        row("0101.21.00", 0, "First", general="Free"),
        row("01O1.21", 0, "A letter for a digit"),
        row("0101.21.00.10", 1, "The rate again", general="5%"),
        row("0101.30.00", 0, "A special rate without programme", general="1%", special="Free"),
    ]
    refused = [r for r in read(tmp_path / "hts.json", rows) if isinstance(r, RowRefused)]
    assert [(r.row, r.code) for r in refused] == [
        (2, "code_unreadable"),
        (3, "rate_repeated"),
        (4, "programme_missing"),
    ]


def test_a_file_that_breaks_off_ends_with_a_refusal(tmp_path: Path) -> None:
    text = json.dumps(ROWS, ensure_ascii=False)
    records = read(tmp_path / "hts.json", text[: len(text) // 2])
    last = records[-1]
    assert isinstance(last, RowRefused)
    assert last.code == "file_broken"


def test_a_truncated_archive_is_refused_and_raises_nothing(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(ROWS * 50).encode())
    path = tmp_path / "hts.json.gz"
    path.write_bytes(whole[:-200])
    importing = hts.read(path, effective=DAY, retrieved=RETRIEVED)
    if isinstance(importing, Importing):
        codes = [r.code for r in importing.records if isinstance(r, RowRefused)]
        assert codes[-1] == "file_broken"
    else:
        assert importing.code == "file_not_hts_export"


@pytest.mark.parametrize("text", ["", "[", "[1, 2]", '[{"htsno": "0101"}]', "a,b\n1,2\n", "\x00\x01", "[" * 5000])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    refusal = hts.read(path, effective=DAY, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_hts_export"


def test_an_export_needs_the_day_it_took_effect(tmp_path: Path) -> None:
    path = tmp_path / "hts.json"
    path.write_text(json.dumps(ROWS))
    refusal = hts.read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "effective_date_missing"


def test_the_edition_is_read_from_the_file_name() -> None:
    assert hts.read_edition(Path("hts_2026_rev_10.json.gz")) == "2026 revision 10"
    assert hts.read_edition(Path("download.json")) == ""


@pytest.mark.whole_file
def test_the_whole_schedule_is_read() -> None:
    importing = hts.read(reference("us/hts_2026_rev_10.json.gz"), effective=DAY, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    counts: Counter[str] = Counter()
    texts: set[str] = set()
    for record in importing.records:
        if isinstance(record, Measure):
            counts[f"{record.kind} {'column 2' if record.origins.include == ('US-COLUMN2',) else ''}".strip()] += 1
            texts.add(record.expression)
        else:
            counts[record.code if isinstance(record, RowRefused) else type(record).__name__] += 1
    # 11414 legal lines; 680 of them have a rate for products of Russia; one line of ten digits repeats a rate.
    assert counts == {
        "TariffLine": 19833,
        "duty": 11414 + 680,
        "duty column 2": 11414,
        "preference": 8044,
        "rate_repeated": 1,
    }
    report = coverage(texts, "USD")
    assert report.read_per_mille >= 990, report.summary()


@pytest.mark.whole_file
def test_value_brackets_of_the_schedule_are_read():
    read: set[str] = set()
    unread: set[str] = set()
    rows = open_rows(reference("us/hts_2026_rev_10.json.gz"))
    assert not isinstance(rows, Refusal)
    for row in rows:
        if isinstance(row, HtsRow) and "alued" in row.description and is_product(row.code or "01"):
            (read if read_bracket(row.description.rstrip(":")) else unread).add(row.description)
    assert len(read) > 100
    # Brackets of a part, with a further condition or without a unit decide nothing.
    assert "Valued over $2.50/pair" in read
    assert not any("ovement valued" in text for text in read)
