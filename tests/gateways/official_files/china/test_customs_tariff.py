"""The Chinese table: interim rates, agreements, quotas, taxes inside prices, letters of conditions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.expressions.coverage import coverage
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Direction, Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.china.customs_tariff import AGREEMENTS, SET_ANEW, read
from ewtp.gateways.official_files.china.rate_cells import read_consumption_tax, read_duty_cell
from tests.gateways.official_files.code_tables import table_records
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

_BEFORE = ("code10", "name_zh", "mfn", "interim", "general")
_AFTER = ("consumption_tax", "vat", "export_duty", "export_interim", "supervision", "inspection", "unit1", "unit2")
HEADER = (*_BEFORE, *AGREEMENTS, *_AFTER)
LINE = {"code10": "0101210010", "name_zh": "马", "mfn": "10%", "general": "30%", "consumption_tax": "0%", "vat": "9%"}


def records(tmp_path: Path, *rows: dict[str, str]) -> list[Any]:
    written = [",".join((LINE | row).get(name, "") for name in HEADER) for row in rows]
    return table_records(read, tmp_path, ",".join(HEADER), *written)


def rules(found: list[Any], kind: Kind) -> list[Measure]:
    return [each for each in found if isinstance(each, Measure) and each.kind is kind]


def refused(found: list[Any]) -> list[str]:
    return [each.code for each in found if isinstance(each, RowRefused)]


def test_an_interim_rate_ends_with_its_year_and_what_follows_is_unknown(tmp_path: Path) -> None:
    found = records(tmp_path, {"interim": "5%", "unit1": "千克"})
    ordinary = [(m.expression, str(m.validity.start), str(m.validity.end)) for m in rules(found, Kind.DUTY)[:2]]
    assert ordinary == [("5%", "2026-07-01", "2026-12-31"), (SET_ANEW, "2027-01-01", "None")]
    assert isinstance(parse(SET_ANEW, currency="CNY"), Refusal)
    [line] = [each for each in found if isinstance(each, TariffLine)]
    assert (line.units, line.description) == (("KGM",), "马")


def test_only_agreement_rates_that_save_something_are_rules(tmp_path: Path) -> None:
    found = records(
        tmp_path, {"interim": "5%", "AU": "0", "NZ": "0", "PK": "7", "KR": "3.9", "NI": "关税 配额 税 率： 15"}
    )
    made = {m.origins.include: (m.kind, m.expression, m.validity.end is None) for m in found if isinstance(m, Measure)}
    assert made["CN-AU", "CN-NZ"] == (Kind.PREFERENCE, "0%", True)
    assert made["CN-KR",] == (Kind.PREFERENCE, "3.9%", False)
    assert made["CN-NI",] == (Kind.QUOTA, "15%", False)
    assert ("CN-PK",) not in made
    assert made["CN-GENERAL",] == (Kind.DUTY, "30%", True)


def test_an_export_duty_is_no_duty_on_imports(tmp_path: Path) -> None:
    found = records(
        tmp_path, {"export_duty": "40%", "export_interim": "20%"}, {"code10": "0101210020", "export_duty": "0%"}
    )
    outward = [m.expression for m in rules(found, Kind.DUTY) if m.direction is Direction.EXPORT]
    assert outward == ["20%", SET_ANEW]


def test_letters_become_papers_of_imports_and_strange_ones_are_refused(tmp_path: Path) -> None:
    found = records(tmp_path, {"supervision": "AB4x9F§", "inspection": "P.RQ.S"})
    assert [m.document for m in rules(found, Kind.REQUIREMENT)] == [
        "Entry inspection: animal and plant quarantine; food hygiene",
        "Import permit for endangered species",
    ]
    assert rules(found, Kind.REQUIREMENT)[0].reference == "supervision condition A, inspection by category P, R"
    assert [m.title for m in rules(found, Kind.PROHIBITION)] == ["Goods that may not be imported"]
    assert refused(found) == ["letter_unknown"]


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ("10%", "11 1/9%"),
        ("20%", "25%"),
        ("36%", "56.25%"),
        ("20%+0.912元/升", "25% + 1.14 CNY/litre"),
        ("1.52元/升", "1.52 CNY/litre"),
        ("", None),
        (
            "完税价大于等于15元：15%，完税价小于15元：0。",
            "[price: 15% of the price with the tax from 15 CNY a unit on, below it 0]",
        ),
    ],
)
def test_a_consumption_tax_is_of_a_price_that_has_it_inside(cell: str, read_as: str | None) -> None:
    assert read_consumption_tax(cell) == read_as


@pytest.mark.parametrize(
    ("cell", "remark"),
    [
        ("20%+0.912元/升", "20% of the price with the tax in it, and 0.912 CNY/litre"),
        ("20%", "20% of the price with the tax in it"),
        # The amount says what it is of.
        ("完税价大于等于15元：15%，完税价小于15元：0。", None),
        ("1.52元/升", None),
    ],
)
def test_a_remark_tells_what_a_consumption_tax_is_of(tmp_path: Path, cell: str, remark: str | None) -> None:
    tax = rules(records(tmp_path, {"consumption_tax": cell}), Kind.EXCISE)[0]
    assert [each.text for each in tax.conditions] == [remark] * (remark is not None)


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ("0元/平 方米", "0%"),
        ("0.65元 /千克", "0.65 CNY/kg"),
        (
            "完税价不高于7.5元/千克：20%，完税价高于7.5元/千克：0%+1.5元/千克。",
            "20% but not more than 1.5 CNY/kg",
        ),
        # The two parts do not meet at the price, so the lower of both is not what is meant.
        ("完税价不高于7元/千克：20%，完税价高于7元/千克：0%+1.5元/千克。", None),
        ("完税价不高于0元/平方米：0%，完税价高于0元/平方米：10%+0元/平方米。", None),
    ],
)
def test_a_rate_by_price_is_read_where_it_is_the_lower_of_two(cell: str, read_as: str | None) -> None:
    assert read_duty_cell(cell) == read_as


def test_a_cell_that_is_not_read_is_refused_and_answered_as_unknown(tmp_path: Path) -> None:
    found = records(tmp_path, {"mfn": "?", "vat": ""}, {}, {"code10": "01"})
    assert refused(found) == ["rate_unreadable", "rate_unreadable", "rate_unreadable", "code_repeated", "row_misshapen"]
    duty = rules(found, Kind.DUTY)[0]
    assert isinstance(parse(duty.expression, currency="CNY"), Refusal)


@pytest.mark.whole_file
def test_the_whole_tariff() -> None:
    importing = read(reference("china/china_tariff_2026-07_flat.csv.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    measures = [each for each in found if isinstance(each, Measure)]
    assert Counter(type(each).__name__ for each in found) == {"Measure": 72440, "TariffLine": 12030, "RowRefused": 9}
    assert len({m.id for m in measures}) == len(measures)
    report = coverage([m.expression for m in measures], "CNY")
    assert (report.distinct, len(report.references), len(report.unread)) == (280, 10, 3)
