"""The UK Global Tariff table: both tariffs, measures from its flags, broken files, and the whole official file."""

from __future__ import annotations

import gzip
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import Group, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import global_tariff
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = (
    "commodity,description,cet_duty_rate,ukgt_duty_rate,change,trade_remedy_applies,"
    "cet_applies_until_trade_remedy_transition_reviews_concluded,suspension_applies,atq_applies\n"
)


def read(path: Path, *rows: str, territory: str | None = None) -> list[object]:
    """Every record of a table made of these rows."""
    path.write_text("\ufeff" + HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
    importing = global_tariff.read(path, territory=territory, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def measures(records: Sequence[object], territory: str = "GB") -> list[Measure]:
    return [r for r in records if isinstance(r, Measure) and r.territory == territory]


def test_a_row_gives_both_tariffs_their_line_and_duty(tmp_path):
    records = read(tmp_path / "t.csv", '01012990,"Live horses, other",11.5%,10.0%,Simplified,False,False,False,False')
    british, european = measures(records)[0], measures(records, "EU")[0]
    assert (british.kind, british.expression, british.currency, british.reference) == (
        Kind.DUTY,
        "10.0%",
        "GBP",
        "UKGT 01012990",
    )
    assert (european.expression, european.currency, european.source.id) == ("11.5%", "EUR", "eu-common-external-tariff")
    lines = [r for r in records if isinstance(r, TariffLine)]
    assert [(line.territory, line.code, line.description) for line in lines] == [
        ("GB", "01012990", "Live horses, other"),
        ("EU", "01012990", "Live horses, other"),
    ]


def test_one_tariff_can_be_read_alone(tmp_path):
    records = read(tmp_path / "t.csv", "01012990,x,11.5%,10.0%,,False,False,False,False", territory="EU")
    assert {r.territory for r in records if isinstance(r, Measure)} == {"EU"}
    assert global_tariff.read(tmp_path / "t.csv", territory="FR", retrieved=RETRIEVED).code == "territory_unknown"  # type: ignore[union-attr] # it is refused


def test_flags_become_measures_that_cannot_be_computed(tmp_path):
    records = read(tmp_path / "t.csv", "17011410,sugar,33.90 EUR / 100 kg,28.00 GBP/100kg,,True,False,True,True")
    found = {m.kind: m for m in measures(records)}
    assert set(found) == {Kind.DUTY, Kind.ADDITIONAL_DUTY, Kind.PREFERENCE, Kind.QUOTA}
    for kind in (Kind.ADDITIONAL_DUTY, Kind.PREFERENCE, Kind.QUOTA):
        assert isinstance(parse(found[kind].expression, currency="GBP"), Refusal), kind
    assert found[Kind.PREFERENCE].origins.include == ("GB-suspension",)
    group = next(r for r in records if isinstance(r, Group))
    assert group.holds("ZA", found[Kind.PREFERENCE].validity.start)
    assert [m.kind for m in measures(records, "EU")] == [Kind.DUTY]


def test_a_rate_under_review_is_unknown_unless_both_tariffs_agree(tmp_path):
    records = read(
        tmp_path / "t.csv",
        "1516209821,a,10.9%,10.0%,,True,True,False,False",
        "1518009510,b,2.0%,2.0%,,True,True,False,False",
    )
    duties = {m.product.prefix: m.expression for m in measures(records) if m.kind is Kind.DUTY}
    assert isinstance(parse(duties["1516209821"], currency="GBP"), Refusal)
    assert "10.0%" in duties["1516209821"]
    assert "10.9%" in duties["1516209821"]
    assert duties["1518009510"] == "2.0%"


def test_odd_rows_are_reported_and_a_blank_rate_is_kept_as_unknown(tmp_path):
    records = read(
        tmp_path / "t.csv",
        "0101,short,1%,1%,,False,False,False,False",
        "01012990,a,1%,,,False,False,False,False",
        "01012990,again,1%,2%,,False,False,False,False",
        territory="GB",
    )
    assert [(r.row, r.code) for r in records if isinstance(r, RowRefused)] == [
        (2, "code_unreadable"),
        (3, "rate_blank"),
        (4, "code_repeated"),
    ]
    assert [m.expression for m in measures(records)] == ["no rate in the schedule"]


def test_another_file_is_refused_and_a_broken_one_says_where(tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    refusal = global_tariff.read(other, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_uk_global_tariff"
    assert global_tariff.read(tmp_path / "absent.csv", retrieved=RETRIEVED).code == "file_not_uk_global_tariff"  # type: ignore[union-attr] # it is refused
    whole = gzip.compress(
        (HEADER + "".join(f"{n:08d},x{n * n},1%,2%,,False,False,False,False\n" for n in range(9000))).encode(),
    )
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    importing = global_tariff.read(tmp_path / "cut.csv.gz", retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    last = list(importing.records)[-1]
    assert isinstance(last, RowRefused)
    assert last.code == "file_broken"
    short = read(tmp_path / "t.csv", "01012990,a,1%")
    assert [r.code for r in short if isinstance(r, RowRefused)] == ["file_broken"]


@pytest.mark.whole_file
def test_the_whole_official_file():
    path = reference("gb_eu/global-uk-tariff_ukgt-and-eu-cet.csv.gz")
    importing = global_tariff.read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    records = list(importing.records)
    assert not [r for r in records if isinstance(r, RowRefused)]
    counts = Counter((m.territory, m.kind.value) for m in records if isinstance(m, Measure))
    assert counts == {
        ("GB", "duty"): 11830,
        ("EU", "duty"): 11830,
        ("GB", "preference"): 1898,
        ("GB", "additional_duty"): 87,
        ("GB", "quota"): 2,
    }
    unread = Counter(
        m.territory
        for m in records
        if isinstance(m, Measure)
        and m.kind is Kind.DUTY
        and isinstance(parse(m.expression, currency=m.currency), Refusal)
    )
    # 61 British lines were under review with two rates; the European season that ends on "31 APR" is read.
    assert unread["EU"] == 0
    assert 0 < unread["GB"] <= 67
    shirt = next(m for m in measures(records) if m.product.prefix == "61091000" and m.kind is Kind.DUTY)
    assert shirt.expression == "12.0%"
    assert len({m.id for m in records if isinstance(m, Measure)}) == sum(counts.values())
