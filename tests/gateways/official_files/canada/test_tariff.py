"""The Canadian table: rates on the item, statistical lines below it, treatments that differ from the general rate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.canada.tariff import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "tariff,description,uom,mfn,gt,gpt,ldct,ust,mt,ceut"


def records(tmp_path: Path, *rows: str) -> list[object]:
    path = tmp_path / "tariff.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def rates(found: list[object]) -> list[tuple[str, str, str]]:
    return [(m.product.prefix, " ".join(m.origins.include), m.expression) for m in found if isinstance(m, Measure)]


def test_the_rate_of_an_item_is_not_repeated_for_its_lines(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "0101.2,Horses:,,,,,,,,",
        "0101.29.00,Other,,5 %,35 %,3 %,Free,Free,5 %,Free",
        "0101.29.00.10,For slaughter,NMB,,,,,,,",
        "0101.29.00.90,Other,NMB,5 %,35 %,3 %,Free,Free,5 %,Free",
    )
    assert rates(found) == [
        ("01012900", "*", "5 %"),
        ("01012900", "CA-GPT", "3 %"),
        ("01012900", "CA-CEUT CA-LDCT CA-UST", "Free"),
    ]
    assert [(r.code, r.units) for r in found if isinstance(r, TariffLine)] == [
        ("0101290010", ("C62",)),
        ("0101290090", ("C62",)),
    ]


def test_an_item_without_lines_is_itself_declared(tmp_path: Path) -> None:
    found = records(tmp_path, "0101.29.00,Other,KGM,5 %,,,,,,", "0101.30.00,Asses,-,Free,,,,,,")
    assert [(r.code, r.units) for r in found if isinstance(r, TariffLine)] == [("01012900", ("KGM",)), ("01013000", ())]


def test_no_treatment_and_no_rate_are_not_read_as_nothing_to_pay(tmp_path: Path) -> None:
    found = records(tmp_path, "1701.99.10.00,Sugar,KGM,N/A,,N/A,Free,,,", "1702.00.00,Other,,,,Free,,,,")
    assert rates(found) == [
        ("1701991000", "*", "see Customs Tariff, item 1701.99.10.00"),
        ("1701991000", "CA-LDCT", "Free"),
    ]
    assert isinstance(parse(rates(found)[0][2], currency="CAD"), Refusal)
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [(3, "rate_missing")]


def test_misshapen_rows_and_other_files_are_refused(tmp_path: Path) -> None:
    found = records(tmp_path, "chapter one,Horses,,,,,,,,", "0101.30.00,Asses,-,Free", "01.02,Bovines,,,,,,,,")
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [(2, "row_misshapen"), (3, "row_misshapen")]
    other = tmp_path / "other.csv"
    other.write_text("tariff,description,mfn\n")
    refusal = read(other, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_canada_tariff"


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    path = reference("ca/ca2020.csv.gz")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert not [r for r in found if isinstance(r, RowRefused)]
    assert Counter(str(m.kind) for m in found if isinstance(m, Measure)) == {"duty": 7134, "preference": 3522}
    unread = {
        m.expression
        for m in found
        if isinstance(m, Measure) and isinstance(parse(m.expression, currency="CAD"), Refusal)
    }
    assert all(text.lower().startswith("see ") for text in unread)


def test_a_line_has_the_texts_of_the_headings_above_it(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "0101.2,Horses:,,,,,,,,",
        "0101.29.00,Other,,5 %,,,,,,",
        "0101.29.00.10,For slaughter,NMB,,,,,,,",
        "0101.29.00.9,Other:,,,,,,,,",
        "0101.29.00.91,Foals,NMB,,,,,,,",
        "0101.30.00,Asses,,Free,,,,,,",
        "0101.30.00.00,Asses,NMB,Free,,,,,,",
    )
    assert [(line.code, line.description) for line in found if isinstance(line, TariffLine)] == [
        ("0101290010", "Horses: Other: For slaughter"),
        ("0101290091", "Horses: Other: Other: Foals"),
        ("0101300000", "Asses"),
    ]
