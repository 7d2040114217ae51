"""The Vietnamese table: rates of joined lines, quotas, parties left out, stars, taxes of named goods, chapter 98."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.measure import Direction, Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.gateways.official_files.vietnam.agreements import AgreementRate, read_agreement_cell
from ewtp.gateways.official_files.vietnam.line_cells import read_line_duty, read_vat_cell
from ewtp.gateways.official_files.vietnam.national_tariff import COLUMNS, NOT_READ, read
from ewtp.gateways.official_files.vietnam.policy_clauses import (
    ClauseReading,
    find_papers,
    read_clause,
    split_clauses,
)
from tests.gateways.official_files.code_tables import table_records
from tests.recomputed_answers import read_table
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

_USUAL = {"hs": "0101.21.00", "IT": "30", "PIT": "20", "VAT": "10", "unit_of_quantity": "kg/con"}
STARS = dict.fromkeys(("ACFTA", "ATIGA", "AJCEP", "VJEPA", "AKFTA", "AANZFTA", "AIFTA", "VKFTA", "VCFTA"), "*")


def records(tmp_path: Path, *rows: dict[str, str]) -> list[Any]:
    lines = [",".join(f'"{(_USUAL | row).get(name, "")}"' for name in COLUMNS) for row in rows]
    return table_records(read, tmp_path, ",".join(COLUMNS), *lines)


def rules(found: list[Any], kind: Kind) -> list[tuple[str, str]]:
    return [
        (" ".join(each.origins.include), each.expression)
        for each in found
        if isinstance(each, Measure) and each.kind is kind
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("*", AgreementRate(())),
        ("0 (-KH, TH)", AgreementRate(("0%",), ("KH", "TH"))),
        ("0(-MM, MY )(GIC)", AgreementRate(("0%",), ("MM", "MY"))),
        ("2,5", AgreementRate(("2.5%",))),
        ("0/5", AgreementRate(("0%", "5%"))),
        ("5/*", AgreementRate(("5%", None))),
        # Goods of one earlier line leave Cambodia out, those of the other do not.
        ("0(-KH, MY)/0(-MY)", AgreementRate(("0%", None), ("MY",))),
        ("0 (NHN: 50)", AgreementRate(("50%",), (), "0%")),
        ("THN: 0%, NHN: K", AgreementRate((), (), "0%")),
        ("THN: 0%, NHN: 2,5%", AgreementRate(("2.5%",), (), "0%")),
        ("Q", AgreementRate((), (), "")),
        ("M: 3,7; #: 2,5/0", AgreementRate(("2.5%", "0%"))),
        ("0 (NHN: 50)/5", None),
        ("free", None),
    ],
)
def test_cells_of_agreements(cell: str, expected: AgreementRate | None) -> None:
    assert read_agreement_cell(cell) == expected


def test_a_rate_for_mexico_alone_is_its_own() -> None:
    assert read_agreement_cell("M: 56; #: 49", mexico=True) == AgreementRate(("56%",))


@pytest.mark.parametrize(
    ("cell", "rates"),
    [
        ("10", ("10%",)),
        ("*", ("0%",)),
        ("*,5", ("0%",)),
        ("*,10", ("10%", "0%")),
        ("5/10; Riêng: một mặt hàng thuộc nhóm 38.08: 10%", ("10%", "5%")),
        ("10/*,5; Riêng: chè tươi: Không chịu thuế GTGT ở khâu NK. 5% ở khâu kinh doanh thương mại", ("10%", "0%")),
        ("miễn", None),
    ],
)
def test_cells_of_vat(cell: str, rates: tuple[str, ...] | None) -> None:
    assert read_vat_cell(cell) == rates


def test_a_duty_within_a_quota_and_the_rates_of_earlier_lines(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        STARS | {"PIT": "40 (NHN: 80)"},
        STARS | {"hs": "0101.29.00", "PIT": "KBTC (NĐ57 16010010: 22/ 21069099: 15)", "ATIGA": "5"},
        STARS | {"hs": "0101.30.10", "PIT": "Theo hướng dẫn tại khoản 2.1 mục I Chương 98"},
    )
    assert rules(found, Kind.QUOTA) == [("*", "40%")]
    assert [rate for group, rate in rules(found, Kind.DUTY) if group == "*"] == [
        "80%",
        "[kind of goods: 15% or 22%]",
        "set by chapter 98, and not held",
    ]
    assert {group for group, _ in rules(found, Kind.DUTY)} == {"*", "VN-ORDINARY"}
    assert read_line_duty("KBTC") is None


def test_agreements_that_save_something_and_how_long_their_rates_are_known(tmp_path: Path) -> None:
    row = {"ACFTA": "0 (-CN)", "ATIGA": "5", "AKFTA": "8", "AJCEP": "25", "VCFTA": "0", "VN-LAO": "K", "VNCU": ""}
    found = [m for m in records(tmp_path, STARS | row) if isinstance(m, Measure) and m.kind is Kind.PREFERENCE]
    shown = [(m.origins.include, m.origins.exclude, m.expression, str(m.validity.end or "")) for m in found]
    assert shown == [
        (("VN-VCFTA",), (), "0%", ""),
        (("VN-ACFTA",), ("CN",), "0%", ""),
        (("VN-ATIGA",), (), "5%", "2023-12-31"),
        (("VN-ATIGA",), (), "staged rate, known for 2023 only", "2027-12-31"),
        (("VN-AKFTA",), (), "8%", "2027-12-31"),
    ]


def test_taxes_name_the_lower_rates_and_what_is_not_known(tmp_path: Path) -> None:
    found = records(tmp_path, STARS | {"VAT": "10/5; Riêng: x: 5%", "ExT": "35/65", "EnvPT": "MT", "ET": "20/0"})
    tax, *excises = [m for m in found if isinstance(m, Measure) and m.kind in (Kind.TAX, Kind.EXCISE)]
    assert (tax.expression, tax.conditions[0].kind, tax.conditions[0].value) == ("10%", "reduced", "8% 5%")
    assert [(m.programme, m.expression) for m in excises] == [
        ("excise", "[kind of goods: 35% or 65%]"),
        ("environment-tax", "set by kind and use, and not held"),
    ]
    [export] = [m for m in found if isinstance(m, Measure) and m.direction is Direction.EXPORT]
    assert export.expression == "[kind of goods: 0% or 20%]"


def test_amounts_of_the_environment_tax_and_when_they_are_known(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        STARS | {"hs": "2710.12.12", "EnvPT": "MT"},
        STARS | {"hs": "2701.11.00", "EnvPT": "MT"},
        STARS | {"hs": "2710.12.22", "EnvPT": "MT"},
    )
    taxes = [m for m in found if isinstance(m, Measure) and m.programme == "environment-tax"]
    assert [(m.product.prefix, str(m.validity.start), str(m.validity.end or ""), m.expression) for m in taxes] == [
        ("27101212", "2022-12-30", "2025-12-31", "set by kind and use, and not held"),
        ("27101212", "2026-01-01", "2026-12-31", "2000 VND/litre"),
        ("27101212", "2027-01-01", "", "4000 VND/litre"),
        ("27011100", "2022-12-30", "", "30 VND/kg"),
        # Petrol with ethanol.
        ("27101222", "2022-12-30", "", "set by kind and use, and not held"),
    ]
    assert taxes[1].reference.endswith("; Resolution 109/2025/UBTVQH15")


def test_headings_are_passed_over_and_chapter_98_is_left_out(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        {"hs": "02.05"},
        {"hs": "0101.2", "IT": "", "PIT": "", "VAT": ""},
        {"hs": "9821.10.11"},
        {"hs": "010121"},
        {},
        {},
        STARS | {"hs": "0101.29.00", "PIT": "x", "ExT": "30?"},
    )
    assert [each.code for each in found if isinstance(each, TariffLine)] == ["01012100", "01012900"]
    assert [each.code for each in found if isinstance(each, RowRefused)] == [
        "line_of_conditions",
        "row_misshapen",
        "code_repeated",
        "rate_unreadable",
        "rate_unreadable",
    ]
    assert NOT_READ in {rate for _, rate in rules(found, Kind.EXCISE)}
    assert next(each.units for each in found if isinstance(each, TariffLine)) == ("KGM", "C62")


@pytest.mark.whole_file
def test_the_official_file_is_read_but_for_a_few_cells() -> None:
    importing = read(reference("vietnam/vietnam_tariff_2023-01.csv.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    measures = [each for each in found if isinstance(each, Measure)]
    assert len({m.id for m in measures}) == len(measures)
    assert sum(isinstance(each, TariffLine) for each in found) == 11_414
    assert Counter(each.code for each in found if isinstance(each, RowRefused)) == {
        "line_of_conditions": 550,
        "code_repeated": 258,
        "rate_unreadable": 14,
    }
    report = coverage((m.expression for m in measures if m.kind.charges), "VND")
    assert report.read_per_mille >= 970, report.summary()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", {}),
        # Customs' own lists, re-export, exports and trade remedies ask for nothing of goods to stay.
        ("HH NK RR về PL (QĐ 2079.PL3.1); Cấm KD TNTX (69/2018/NĐ-CP); HH XK rủi ro về giá", {}),
        # A list alone says nothing of what is asked for; brackets hold semicolons of their own.
        ("Muối (Mục 13-Thông tư 11/2021/TT-BNN&PTNT)", {}),
        ("HH kiểm tra sau thông quan (41/2015; 29/2016 & 33/2017/TT-BCT)", {}),
        (
            "Kiểm tra hiệu suất năng lượng (1182/QĐ-BCT-PL3); KTCN về hiệu suất năng lượng (1325A/QĐ-BTC)",
            {("MOIT", "Inspection of energy efficiency", "requirement"): ["1182/QĐ-BCT", "1325A/QĐ-BCT"]},
        ),
        (
            "Vàng (47/2018/TT-NHNN); Danh mục hóa chất cấm (113/2017/NĐ-CP-PL3); Giống cây trồng (Mục 11)",
            {
                ("SBV", "Import licence", "requirement"): ["47/2018/TT-NHNN"],
                ("MOIT", "Goods that may not be imported", "prohibition"): ["113/2017/NĐ-CP"],
            },
        ),
        (
            "SPHH không phải KTNN về CL khi NK (01/2021/TT-BLĐTBXH); SP CNTT ĐQSD cấm NK (11/2018/TT-BTTTT)",
            {("MIC", "Used information technology may not be imported", "prohibition"): ["11/2018/TT-BTTTT"]},
        ),
    ],
)
def test_clauses_of_the_import_policy(cell: str, expected: dict[tuple[str, str, str], list[str]]) -> None:
    found = find_papers(cell)
    assert {(paper.agency, paper.name, str(paper.kind)): acts for paper, acts in found.items()} == expected


@pytest.mark.whole_file
def test_clauses_of_the_official_file_are_read_but_for_those_that_name_a_list_alone() -> None:
    rows = read_table(reference("vietnam/vietnam_tariff_2023-01.csv.gz"))
    clauses = {clause for row in rows for clause in split_clauses(row["hs_policy"])}
    count = Counter(read_clause(clause).reading for clause in clauses)
    assert count == {ClauseReading.PAPER: 54, ClauseReading.NOTHING: 620, ClauseReading.UNREAD: 19}
