"""UK preferences and quotas: rates out of cells, seasons, staging, disputes, and the whole official files."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import ConditionKind, Kind, Measure
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import preferences, quotas
from ewtp.gateways.official_files.uk.cells import join_seasons, read_prefix, read_rate, strip_padding
from ewtp.gateways.official_files.uk.schemes import read_partners
from ewtp.gateways.official_files.uk.workbooks import PREFERENCES, QUOTAS, STAGING
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

PROBABLE_RATES = st.integers(min_value=0, max_value=1_000_000)


def workbook(path: Path, header: tuple[str, ...], *rows: tuple[str | float | None, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(row)
    book.save(path)
    return path


def staging_header() -> tuple[str, ...]:
    return (*STAGING, *(f"staging_{year}" for year in range(2022, 2035)))


def records(path: Path, effective: date | None = None) -> list[object]:
    importing = preferences.read(path, effective=effective, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def steps(found: list[object]) -> list[tuple[str, str, str | None]]:
    return [
        (m.expression, m.validity.start.isoformat(), m.validity.end.isoformat() if m.validity.end else None)
        for m in found
        if isinstance(m, Measure)
    ]


@given(PROBABLE_RATES)
def test_a_fraction_in_a_cell_keeps_its_exact_percentage(millionths):
    exact = Decimal(millionths) / 1_000_000
    # Arithmetic in binary, as a spreadsheet does it, leaves noise in the last digits.
    for cell in (float(exact), float(exact) * 3 / 3, float(exact) + 1 - 1):
        text = read_rate(cell)
        assert text is not None
        assert Decimal(text.removesuffix("%")) / 100 == exact


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.018000000000000002, "1.8%"),
        (0.027000000000000003, "2.7%"),
        (0.024999999999999994, "2.5%"),
        (0, "0%"),
        (1, "100%"),
        ("9.10% MAX 3.60% + 3.40 GBP / 100 kg\xa0", "9.10% MAX 3.60% + 3.40 GBP / 100 kg"),
        ("-", None),
        (None, None),
        (True, None),
    ],
)
def test_rates_out_of_cells(cell, text):
    assert read_rate(cell) == text


@pytest.mark.parametrize(
    ("cell", "prefix"),
    [
        ("x0805.10.22", "08051022"),
        ("x01", "01"),
        ("0301.91.00.00", "030191"),
        (204.42, "020442"),
        (2404.1, "240410"),
        (1601, "1601"),
        ("x2000", "20"),
        ("x080", None),
        ("apples", None),
        (1.2345, None),
        (None, None),
    ],
)
def test_codes_out_of_cells(cell, prefix):
    assert read_prefix(cell) == prefix


def test_padding_never_cuts_into_a_chapter():
    assert strip_padding("2000000000") == "20"


def test_seasons_become_one_expression_and_contradictions_none():
    assert (
        join_seasons([("3%", "01-01 to 30-06"), ("5%", "01-07 to 31-12")])
        == "3% (01-01 to 30-06) ; 5% (01-07 to 31-12)"
    )
    assert join_seasons([("0%", "01-05 to 31-10"), ("0%", "")]) == "0%"
    assert join_seasons([("0%", ""), ("3.2%", "01-01 to 31-03")]) is None
    assert join_seasons([("1%", "01-01 to 31-03"), ("2%", "01-01 to 31-03")]) is None


def test_a_plain_preference_names_its_scheme_less_the_members_it_leaves_out(tmp_path):
    path = workbook(
        tmp_path / "p.xlsx",
        PREFERENCES,
        ("South Africa - SACUM", "x6109", 0.018000000000000002, "-", "-", "A"),
    )
    (found,) = (r for r in records(path) if isinstance(r, Measure))
    assert (found.kind, found.expression, found.product.prefix) == (Kind.PREFERENCE, "1.8%", "6109")
    assert found.origins.include == ("GB-sacum",)
    assert "ZA" not in found.origins.exclude
    assert {"BW", "MZ"} <= set(found.origins.exclude)
    assert [(c.kind, c.value) for c in found.conditions] == [("note", "A")]


def test_staging_becomes_dated_steps_and_the_last_one_stays(tmp_path):
    workbook(tmp_path / "s.xlsx", staging_header(), ("Canada", "0304.71.90", "0304.71.90.00", 0.018, 0.009, 0))
    path = workbook(tmp_path / "p.xlsx", PREFERENCES, ("Canada", "x0304.71.90", 0.018, "-", "X", "-"))
    assert steps(records(path)) == [
        ("1.8%", "2022-01-01", "2022-12-31"),
        ("0.9%", "2023-01-01", "2023-12-31"),
        ("0%", "2024-01-01", None),
    ]
    assert steps(records(path, effective=date(2023, 6, 1))) == [
        ("0.9%", "2023-06-01", "2023-12-31"),
        ("0%", "2024-01-01", None),
    ]


def test_a_staged_rate_without_its_years_is_known_for_2022_only(tmp_path):
    path = workbook(tmp_path / "p.xlsx", PREFERENCES, ("Viet Nam", "x9306", 0.008, "-", "Y", "-"))
    (first, second) = steps(records(path))
    assert first == ("0.8%", "2022-01-01", "2022-12-31")
    assert second[1:] == ("2023-01-01", None)
    assert isinstance(parse(second[0], currency="GBP"), Refusal)
    importing = preferences.read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    assert importing.notes


def test_where_the_workbooks_disagree_about_a_year_neither_is_believed(tmp_path):
    workbook(tmp_path / "s.xlsx", staging_header(), ("Japan", "0301.19", "0301.19.00.00", 0.038, 0.028, 0.028, 0))
    path = workbook(tmp_path / "p.xlsx", PREFERENCES, ("Japan", "x0301.19", 0.047, "-", "X", "-"))
    found = steps(records(path))
    assert isinstance(parse(found[0][0], currency="GBP"), Refusal)
    assert [step[:2] for step in found[1:]] == [("2.8%", "2023-01-01"), ("0%", "2025-01-01")]


def test_rows_that_cannot_be_taken_are_reported_with_their_numbers(tmp_path):
    path = workbook(
        tmp_path / "p.xlsx",
        PREFERENCES,
        ("Atlantis", "x01", 0, "-", "-", "-"),
        ("Albania", "x1", 0, "-", "-", "-"),
        ("Albania", "x02", 0, "in spring", "-", "-"),
        ("Albania", "x03", None, "-", "-", "-"),
        ("Albania", "x04", 0, "-", "-", "-"),
        ("Albania", "x04", 0, "-", "-", "-"),
        ("Albania", "x04", 0.5, "-", "-", "-"),
    )
    found = records(path)
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [
        (2, "partner_unknown"),
        (3, "code_unreadable"),
        (4, "season_unreadable"),
        (5, "rate_blank"),
        (7, "row_repeated"),
        (8, "row_contradicts"),
    ]
    (kept,) = steps(found)
    assert isinstance(parse(kept[0], currency="GBP"), Refusal)


def test_other_and_broken_files_are_refused(tmp_path):
    other = workbook(tmp_path / "o.xlsx", ("a", "b"))
    (tmp_path / "junk.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    path = workbook(tmp_path / "p.xlsx", PREFERENCES)
    for code, made in (
        ("file_not_uk_preferences", preferences.read(other, retrieved=RETRIEVED)),
        ("file_not_uk_preferences", preferences.read(tmp_path / "junk.xlsx", retrieved=RETRIEVED)),
        ("file_not_uk_staging", preferences.read(path, retrieved=RETRIEVED, staging=other)),
        ("file_not_uk_quotas", quotas.read(path, retrieved=RETRIEVED)),
    ):
        assert isinstance(made, Refusal)
        assert made.code == code


def test_a_quota_has_its_order_number_volume_and_season(tmp_path):
    header = (*QUOTAS, "Quota volume", "Quota period", "Units", "Quota increase", "Notes")
    path = workbook(
        tmp_path / "q.xlsx",
        header,
        ("Turkey", "05.0204", "No", "0806.10.10.90", 0, "01-05 to 17-06", 58, "CY", "tonnes", "-", "-"),
        ("Turkey", "05.0204", "No", "0806.10.10.90", 0.02, "01-08 to 31-10", 58, "CY", "tonnes", "-", "-"),
        ("Turkey", "odd", "No", "0806", 0, "-", 58, "CY", "tonnes", "-", "-"),
    )
    found = records(path)
    (quota,) = (r for r in found if isinstance(r, Measure))
    assert (quota.kind, quota.order_number) == (Kind.QUOTA, "050204")
    assert quota.expression == "0% (01-05 to 17-06) ; 2% (01-08 to 31-10)"
    assert quota.conditions[0].text == "58 tonnes a calendar year"
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [(4, "order_unreadable")]


@pytest.mark.parametrize(
    ("period", "season"),
    [
        ("CY", None),
        ("01-10 to 31-12", "01 OCT - 31 DEC"),
        ("01-11 to 29-02", "01 NOV - 29 FEB"),
        ("Two quota periods: 01-05 to 17-06 and 01-08 to 14-11", "01 MAY - 17 JUN, 01 AUG - 14 NOV"),
        # A quota year that is not the calendar's closes the quota on no day.
        ("01-07 to 30-06", None),
        ("01-03 to 29-02", None),
        ("01-03 to 28-02", None),
        ("Two quota periods: 01-01 to 30-06 and 01-07 to 31-12", None),
    ],
)
def test_a_quota_is_open_in_its_period(tmp_path, period, season):
    path = quotas_workbook(tmp_path, ("0701.90.90.10", period))
    (quota,) = records(path)
    assert isinstance(quota, Measure)
    assert [c.value for c in quota.conditions if c.kind is ConditionKind.SEASON] == ([season] if season else [])
    assert quota.unreadable == ""


def test_a_period_that_cannot_be_read_is_refused(tmp_path):
    found = records(quotas_workbook(tmp_path, ("0701", "in summer"), ("0702", "31-04 to 31-05"), ("0703", None)))
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [
        (row, "season_unreadable") for row in (2, 3, 4)
    ]


def test_rows_of_one_quota_with_other_periods_have_no_season_and_say_so(tmp_path):
    found = records(quotas_workbook(tmp_path, ("0401.40", "01-07 to 30-11"), ("0403.20.11", "01-07 to 31-10")))
    assert [[(c.kind, c.text) for c in m.conditions] for m in found if isinstance(m, Measure)] == [
        [("quota", "58 tonnes in 01-07 to 30-11, but other rows of the quota state other periods")],
        [("quota", "58 tonnes in 01-07 to 31-10, but other rows of the quota state other periods")],
    ]
    words = [read_phrase(m.conditions[0].text).form for m in found if isinstance(m, Measure)]
    assert words == ["quota_in_period_disputed"] * 2


def quotas_workbook(folder: Path, *rows: tuple[str, str | None]) -> Path:
    """A workbook of one quota, with the code and the period of each row."""
    header = (*QUOTAS, "Quota volume", "Quota period", "Units", "Quota increase", "Notes")
    filled = [("Lebanon", "05.1173", "No", code, 0, "-", 58, period, "tonnes", "-", "-") for code, period in rows]
    return workbook(folder / "q.xlsx", header, *filled)


@pytest.mark.whole_file
def test_the_whole_workbook_of_preferences():
    path = reference("gb_eu/pref_data3.xlsx")
    found = records(path)
    refused = Counter(r.code for r in found if isinstance(r, RowRefused))
    assert refused == {"row_repeated": 19, "row_contradicts": 5}
    made = [r for r in found if isinstance(r, Measure)]
    assert {m.origins.include[0] for m in made} == {f"GB-{p.scheme}" for p in read_partners().values()}
    rates = {m.expression for m in made}
    read = [rate for rate in rates if not isinstance(parse(rate, currency="GBP"), Refusal)]
    named_unknown = [rate for rate in rates if rate.startswith(("disputed in the schedule", "staged rate"))]
    assert len(read) / (len(rates) - len(named_unknown)) > 0.97
    _no_two_at_once(made)
    assert len({m.id for m in made}) == len(made)


def test_every_country_of_the_country_list_is_reached_by_its_scheme():
    book = load_workbook(reference("gb_eu/hs_2022_country_input.xlsx"), read_only=True)
    # Read whole and closed: a file that is left open is reported in whichever test runs when it is collected.
    rows = list(book["Sheet1"].iter_rows(min_row=2, values_only=True))
    book.close()
    table = read_partners()
    checked = 0
    for _, iso, name, *_ in rows:
        partner = table[str(name)]
        if iso and iso != "B5":
            assert iso not in partner.without, name
            checked += 1
    assert checked == 38


@pytest.mark.whole_file
def test_the_whole_workbook_of_quotas():
    found = records(reference("gb_eu/trq_data4.xlsx"))
    assert Counter(r.code for r in found if isinstance(r, RowRefused)) == {"row_repeated": 1}
    made = [r for r in found if isinstance(r, Measure)]
    assert len({m.order_number for m in made}) == 622
    seasonal = {m.order_number for m in made if any(c.kind is ConditionKind.SEASON for c in m.conditions)}
    assert {"051173", "051118", "050204"} <= seasonal
    assert seasonal.isdisjoint({"054155", "059226", "054327"})
    assert not [m for m in made if isinstance(parse(m.expression, currency="GBP"), Refusal)]
    _no_two_at_once(made)


def _no_two_at_once(made: list[Measure]) -> None:
    """No two measures of one key are valid on the same day."""
    periods: dict[str, list[Measure]] = {}
    for measure in made:
        for other in periods.setdefault(measure.key, []):
            assert not measure.validity.overlaps(other.validity), (measure.id, other.id)
        periods[measure.key].append(measure)
