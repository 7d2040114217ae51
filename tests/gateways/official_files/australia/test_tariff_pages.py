"""The Australian schedules: special rates, dated steps, indexed amounts, lists of agreements, lost chapters."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.australia.duty_cells import read_cell, write_indexed, write_printed
from ewtp.gateways.official_files.australia.tariff_pages import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

ABOVE = "calculated on that alcohol content by which the percentage by volume of alcohol of the goods exceeds 1.15"


def records(folder: Path, *cells: str, lists: object = None) -> list[Any]:
    """What is read of lines 0101.21.01 and on with these cells, and of lists of agreements beside them."""
    rows = [
        {"referenceNumber": f"0101.21.0{n}", "statisticalCode": "1", "unit": "kg", "description": "- a", "dutyRate": c}
        for n, c in enumerate(cells, 1)
    ]
    path = folder / "tariff.json"
    path.write_text(json.dumps([{"chapters": [{"headings": [{"classifications": rows}]}]}]), encoding="utf-8")
    if lists is not None:
        (folder / "tariff-schedules-fta.json.gz").write_text(json.dumps(lists), encoding="utf-8")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


@pytest.mark.parametrize(
    ("cell", "general", "special"),
    [
        ("\u200b5% DCS4% DCT;5%", "5%", {"DCS": "4%", "DCT": "5%"}),
        ("5% CA Free", "5%", {"CA": "Free"}),
        ("5% DCS4% DCT5% From1July20182.5% From 1July 2019Free", "Free", {}),
        ("5% CAFree From 1 July 2018 2.5% CA Free", "2.5%", {"CA": "Free"}),
        ("$1.220/kg DC$1.220/kg, less 5%", "$1.220/kg", {"DC": "$1.220/kg, less 5%"}),
        ("$0.1/L NZ /PG/ LDC $0.1/L", "$0.1/L", {"NZ": "$0.1/L", "PG": "$0.1/L", "LDC": "$0.1/L"}),
    ],
)
def test_a_cell_has_a_general_rate_and_special_ones(cell: str, general: str, special: dict[str, str]) -> None:
    assert read_cell(cell)[:2] == (general, special)


def test_rates_and_indexed_amounts_are_written_as_expressions() -> None:
    assert write_printed("$1.220/kg, less 5%") == "1.220 AUD/kg - 5%"
    assert write_printed("5%, or, if lower, $0.45/kg TSS") == (
        "[soluble solids: the lower of 5% and 0.45 AUD a kilogram of TSS]"
    )
    assert write_printed("5%, and $2/L") is None
    indexed = {
        "$2,445.26/kg of tobacco content": "2445.26 AUD a kilogram of tobacco",
        "5%, and $107.99/L of alcohol": "5% and 107.99 AUD a litre of alcohol",
        f"$10.57/L of alcohol, {ABOVE}": "10.57 AUD a litre of alcohol above 1.15% by volume",
        "$0.5/L of diesel plus $0.5/L of other substances (if any) in the blend": "0.5 AUD a litre",
    }
    for printed, words in indexed.items():
        assert write_indexed(printed) == f"[indexed rate: {words} when the table was made]"
    assert write_indexed("$0.5/L of diesel plus $0.6/L of ethanol") is None


def test_free_origins_pay_what_a_line_prints_for_them(tmp_path: Path) -> None:
    found = records(tmp_path, "$0.1/L NZ/PG/FI/DC/LDC/SG $0.1/L", "5% DCS4% DCT5% XYZ3%")
    rates = {
        (each.product.prefix, each.origins.include[0]): each.expression
        for each in found
        if isinstance(each, Measure) and each.kind is Kind.PREFERENCE
    }
    assert [rates["", f"AU-{origin}"] for origin in ("NZ", "PG", "FI", "LDC")] == ["Free"] * 4
    assert rates["01012101", "AU-LDC"] == "[indexed rate: 0.1 AUD a litre when the table was made]"
    assert {key: rate for key, rate in rates.items() if key[0] == "01012102"} == {("01012102", "AU-DCS"): "4%"}
    assert next(each.params for each in found if isinstance(each, RowRefused)) == {"letter": "XYZ"}


def test_goods_that_a_list_leaves_out_are_free_and_a_first_step_is_no_rate(tmp_path: Path) -> None:
    listed = [
        {"hsCode": "0101.21.01", "description": "0101.21.01", "dutyRate": "From 31 May 2023&#58; 4%"},
        {"hsCode": "0101.21.02", "description": "0101.21.02", "dutyRate": "$0.1\t/L"},
    ]
    found = records(tmp_path, "5%", "5%", lists={"Schedule 5": listed, "Schedule 15": listed[:1]})
    rates = {
        (each.product.prefix, each.origins.include[0]): (each.expression, bool(each.conditions))
        for each in found
        if isinstance(each, Measure) and each.kind is Kind.PREFERENCE
    }
    assert rates["", "AU-AUSFTA"] == ("Free", False)
    assert rates["", "AU-UKFTA"] == ("Free", True)
    assert rates["01012101", "AU-UKFTA"][0] == "[later steps: the list of the agreement has the first alone]"
    assert rates["01012102", "AU-AUSFTA"][0].startswith("[indexed rate: 0.1 AUD")


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    for text, code in (
        ("[]", "file_not_tariff_table"),
        ('[{"a": 1}]', "file_unreadable"),
        ('[{"chapters": [{"headings": [{"classifications": [1]}]}]}]', "file_not_tariff_table"),
    ):
        path.write_text(text)
        refusal = read(path, retrieved=RETRIEVED)
        assert isinstance(refusal, Refusal)
        assert refusal.code == code


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    importing = read(reference("australia/tariff-schedule3.json.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    measures = [each for each in found if isinstance(each, Measure)]
    assert len({m.id for m in measures}) == len(measures)
    duties = [m.expression for m in measures if m.kind is Kind.DUTY]
    assert (len(duties), sum(isinstance(each, TariffLine) for each in found)) == (5000, 6587)
    assert coverage(duties, "AUD").unread == ()
    refused = Counter((each.code, each.form) for each in found if isinstance(each, RowRefused))
    assert refused == {("line_absent", "chapter"): 24, ("line_absent", "subheading"): 70, ("letter_unknown", ""): 1}
