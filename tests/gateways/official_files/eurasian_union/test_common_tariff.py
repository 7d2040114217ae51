"""The common tariff of the Eurasian union: marks of temporary rates, engines, rows that ran together, a second copy."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eurasian_union.common_tariff import read, read_printed_duty
from tests.gateways.official_files.code_tables import table_records
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code10,supplementary_unit,duty_rate_text_ru,temporary_rate_footnotes,eec_chapter_edition"


def records(tmp_path: Path, *rows: str) -> list[Any]:
    return table_records(read, tmp_path, HEADER, *rows)


def duties(found: list[Any]) -> list[str]:
    return [each.expression for each in found if isinstance(each, Measure)]


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("6,5", "6.5%"),
        ("50, но не менее 1 евро за 1 кг", "50% but not less than 1 EUR/kg"),
        ("4,5 плюс 0,02 евро за 1 кг", "4.5% + 0.02 EUR/kg"),
        ("250 долларов США за 1000 кг", "250 USD/1000 kg"),
        ("0,75 евро за 1 пару", "0.75 EUR/pair"),
        ("0,38 евро за 1 м2", "0.38 EUR/m2"),
        ("1 евро за 1 см3 объема двигателя", "[engine capacity: 1 EUR a cm3]"),
        (
            "15, либо 12,5, но не менее 0,6 евро за 1 см3 объема двигателя, в зависимости от того, какая из исчисленных сумм пошлины ниже",  # noqa: E501
            "[engine capacity: the lower of 15% and 12.5% but not less than 0.6 EUR a cm3]",
        ),
        ("7 – 5", None),
        ("10 пар 10", None),
        ("", None),
    ],
)
def test_a_duty_is_read_as_printed_or_not_at_all(printed: str, read_as: str | None) -> None:
    assert read_printed_duty(printed) == read_as
    assert read_as is None or not isinstance(parse(read_as, currency="EUR"), Refusal)


def test_a_marked_rate_is_open(tmp_path: Path) -> None:
    found = records(tmp_path, "0106410001,,5,63С),01_2022", "3004390008,,5,63С) 67С),30_2022")
    assert duties(found) == [
        "[temporary rate: note 63C may replace 5%]",
        "[temporary rate: note 63C, 67C may replace 5%]",
    ]


def test_a_rate_that_another_copy_has_otherwise_is_open(tmp_path: Path) -> None:
    rates = [{"hs_code": "0101210000", "duty_rate": "5%"}, {"hs_code": "0101291000", "duty_rate": "0,2 EUR за 1 кг"}]
    with gzip.open(tmp_path / "eec_ett_normative_bundle_2026-06-18.json.gz", "wt") as stream:
        json.dump({"rates": rates}, stream)
    found = records(tmp_path, "0101210000,шт,0,,01", '0101291000,шт,"0,2 евро за 1 кг",,01')
    assert duties(found) == ["[temporary rate: another copy of the tariff has other figures than 0%]", "0.2 EUR/kg"]


def test_rows_that_ran_together_are_refused_and_kept_as_unknown(tmp_path: Path) -> None:
    found = records(tmp_path, "0307889000,,7 – 5,,03", "0307889000,,7,,03", "03,,7,,03")
    assert [each.code for each in found if isinstance(each, RowRefused)] == [
        "rate_unreadable",
        "code_repeated",
        "row_misshapen",
    ]
    assert duties(found) == ["stated in a form that is not read, and not held"]


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    importing = read(reference("eaeu/eaeu_cet_2026-03.csv.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert Counter(type(each).__name__ for each in found) == {
        "Measure": 12999,
        "TariffLine": 12999,
        "RowRefused": 109,
    }
    report = coverage(duties(found), "EUR")
    assert (report.distinct, report.computable, len(report.unread)) == (420, 221, 1)
    assert sum(each.startswith("[temporary rate") for each in duties(found)) == 1225
