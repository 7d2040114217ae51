"""Synthetic lines: what a seed repeats, what the rulebook bounds, what is assumed, and the label."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from ewtp.core.compiled.table import quantities
from ewtp.core.compiled.table.lines_from_arrow import check_columns
from ewtp.core.synthetic.assumptions import FIRM_SIZES, Assumptions, assume
from ewtp.core.synthetic.generator import BLOCK_LINES, METADATA_KEY, synthetic_lines
from ewtp.core.synthetic.line_quantities import SUPPLEMENTARY_QUANTITY, SUPPLEMENTARY_UNIT
from ewtp.core.values.money import minor_units
from tests.core.synthetic.synthetic_book import TURN, made_up_profile

# Sixty thousand rows are made once, for one worker.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("synthetic lines")]
LINES = 60_000
ASSUMED = Assumptions()


@pytest.fixture(scope="module")
def profile():
    return made_up_profile()


@pytest.fixture(scope="module")
def lines(profile):
    return pa.concat_tables(synthetic_lines(profile, LINES, 7)).combine_chunks()


@pytest.fixture(scope="module")
def rows(lines):
    return lines.to_pylist()


def quantities_of(row):
    """What a row states, by name of unit: kilograms in a column, anything else as its supplementary quantity."""
    found = {name.removeprefix("quantity_"): value for name, value in row.items() if name.startswith("quantity_")}
    assert set(found) == {"kg"}
    assert (row[SUPPLEMENTARY_UNIT] is None) == (row[SUPPLEMENTARY_QUANTITY] is None)
    found[row[SUPPLEMENTARY_UNIT]] = row[SUPPLEMENTARY_QUANTITY]
    return {name: value for name, value in found.items() if value is not None}


def share(rows, wanted):
    found = [wanted(row) for row in rows]
    return sum(found) / len(found)


@pytest.mark.parametrize("batch_lines", [LINES, 1_000, 33_333, BLOCK_LINES])
def test_batches_do_not_change_the_lines(profile, lines, batch_lines):
    tables = list(synthetic_lines(profile, LINES, 7, batch_lines=batch_lines))
    assert {t.num_rows for t in tables[:-1]} <= {batch_lines}
    assert 0 < tables[-1].num_rows <= batch_lines
    assert pa.concat_tables(tables).combine_chunks().equals(lines, check_metadata=True)


def test_another_seed_draws_other_lines_and_orders(profile, rows):
    other = pa.concat_tables(synthetic_lines(profile, LINES, 8)).select(["from", "value"]).to_pylist()
    same = sum(a["value"] == b["value"] for a, b in zip(rows, other, strict=True))
    assert same < LINES / 100
    most = [Counter(row["from"] for row in each).most_common(6) for each in (rows, other)]
    assert [name for name, _ in most[0]] != [name for name, _ in most[1]]


def test_a_longer_file_begins_with_the_same_goods(profile, lines):
    longer = next(synthetic_lines(profile, LINES * 2, 7, batch_lines=1_000))
    kept = ["from", "to", "value", "firm", "currency"]
    assert longer.select(kept).combine_chunks().equals(lines.slice(0, 1_000).select(kept).combine_chunks())


def test_the_columns_are_those_of_lines_and_a_label(profile, lines):
    assert check_columns(lines.drop_columns(["firm_size", "firm", "synthetic"]).schema) is None
    assert (SUPPLEMENTARY_UNIT, SUPPLEMENTARY_QUANTITY) == (
        quantities.SUPPLEMENTARY_UNIT,
        quantities.SUPPLEMENTARY_QUANTITY,
    )
    assert pc.all(lines["synthetic"]).as_py()
    assert not lines["synthetic"].null_count
    label = json.loads(lines.schema.metadata[METADATA_KEY])
    assert label["synthetic"] is True
    assert (label["seed"], label["lines"], label["year"], label["rulebook_version"]) == (7, LINES, 2026, "made-up.1")
    assert label["assumptions"] == json.loads(json.dumps(ASSUMED.as_json()))
    assert label["assumptions"]["claim_share"] == "0.60"
    lines.validate(full=True)
    assert profile.version == label["rulebook_version"]


def test_every_code_is_in_force_at_its_destination_on_its_day(profile, rows):
    products = {
        d.economy: {p.code: p for p in profile.schedules[d.schedule].products}
        for d in profile.destinations
        if d.schedule is not None
    }
    for row in rows:
        known = products.get(row["to"])
        if known is None:
            assert row["hs"] in profile.subheadings
        else:
            assert known[row["hs"]].first <= row["date"] <= known[row["hs"]].last
    # Both sides of the change, and each of the codes, occur.
    assert {row["hs"] for row in rows if row["to"] == "GB"} == set(products["GB"])


def test_before_a_schedule_begins_six_digits_are_declared():
    early = made_up_profile(2019)
    (table,) = synthetic_lines(early, 500, 1)
    assert set(table["hs"].to_pylist()) <= set(early.subheadings)
    assert {day.year for day in table["date"].to_pylist()} == {2019}


def test_goods_cross_a_customs_border(rows):
    for row in rows:
        inside = {"BE", "NL"} if row["to"] in ("BE", "NL") else {row["to"]}
        assert row["from"] not in inside
        assert row["origin"] not in inside


def test_claims_are_open_to_the_origin_on_the_day(rows):
    claimed = could = 0
    for row in rows:
        if row["to"] == "GB" and row["hs"].startswith("6109"):
            may = {"ZA": {"GB-ALWAYS"} | ({"GB-EARLY"} if row["date"] < TURN else set()), "KE": {"GB-ALWAYS"}}
        elif row["to"] == "GB" and row["hs"].startswith("0901") and row["date"] >= TURN:
            may = {"KE": {"GB-ALWAYS"}, "ZA": {"GB-ALWAYS"}}
        else:
            may = {}
        allowed = may.get(row["origin"], set())
        assert row["claims"] in allowed | {""}
        could += bool(allowed)
        claimed += bool(row["claims"])
    assert claimed / could == pytest.approx(0.60, abs=0.03)
    assert {row["claims"] for row in rows} == {"", "GB-ALWAYS", "GB-EARLY"}


def test_quantities_are_those_of_the_code(profile, rows):
    for row in rows:
        given = quantities_of(row)
        if row["hs"] == "22042100":
            assert set(given) == {"kg", "hl"}
            assert given["hl"] == pytest.approx(given["kg"] / 100, abs=Decimal("0.0001"))
        elif row["hs"] == "04011000":
            assert set(given) == {"kg_lactic_matter"}
        elif row["to"] in ("BE", "NL"):
            assert set(given) == {"kg", "number"}
            assert given["number"] == int(given["number"])
        else:
            assert set(given) == {"kg"}
        assert all(value > 0 for value in given.values())
    assert profile.year == 2026


def test_amounts_are_whole_minor_units_and_positive(rows):
    for row in rows:
        for name in ("value", "freight", "insurance"):
            scaled = row[name].scaleb(minor_units(row["currency"]))
            assert scaled == int(scaled)
        assert row["value"] > 0
        assert Decimal("0.0199") * row["value"] - 1 <= row["freight"] <= Decimal("0.10") * row["value"]
    assert {row["currency"] for row in rows if row["to"] == "JP"} == {"JPY", "USD", "EUR"}


def test_shares_are_as_assumed(rows):
    assert share(rows, lambda row: row["to"] == "JP") == pytest.approx(0.15, abs=0.01)
    assert share(rows, lambda row: row["to"] == "GB") == pytest.approx(0.425, abs=0.01)
    assert share(rows, lambda row: row["buyer"] == "consumer") == pytest.approx(0.10, abs=0.01)
    assert {row["buyer"] for row in rows} == {"business", "consumer"}
    sizes = Counter(row["firm_size"] for row in rows)
    for size, weight in zip(FIRM_SIZES, ASSUMED.size_weights, strict=True):
        assert sizes[size] / LINES == pytest.approx(float(weight), abs=0.01)
    businesses = [row for row in rows if row["buyer"] == "business"]
    for size, median in zip(FIRM_SIZES, ASSUMED.value_medians_minor, strict=True):
        values = sorted(r["value"].scaleb(minor_units(r["currency"])) for r in businesses if r["firm_size"] == size)
        assert float(values[len(values) // 2]) == pytest.approx(median, rel=0.1)
    assert share(businesses, lambda row: row["transport"] == "sea") == pytest.approx(0.45, abs=0.01)
    domestic = [row for row in rows if row["to"] == "GB"]
    assert share(domestic, lambda row: row["currency"] == "GBP") == pytest.approx(0.70, abs=0.015)
    # Drawn again, the origin may fall on the place of dispatch again.
    assert 0.04 < share(rows, lambda row: row["origin"] != row["from"]) < 0.10


def test_a_firm_has_one_size_and_one_destination(rows):
    seen: dict[str, tuple[str, str]] = {}
    for row in rows:
        assert seen.setdefault(row["firm"], (row["to"], row["firm_size"])) == (row["to"], row["firm_size"])
        assert row["firm"].startswith("synthetic-")
    firms = Counter(size for _, size in seen.values())
    assert firms["large"] == 10 * 4
    assert 150 < firms["small"] <= 150 * 4


def test_days_ascend_and_weekends_are_quiet(rows):
    days = [row["date"] for row in rows]
    assert days == sorted(days)
    count = Counter(days)
    assert len(count) == 365
    assert count[date(2026, 6, 6)] / count[date(2026, 6, 5)] == pytest.approx(0.3, abs=0.02)


def test_a_day_has_its_lines_however_long_the_file_is(profile):
    tables = synthetic_lines(profile, 365, 1, replace(ASSUMED, weekend_weight=Decimal(1)))
    days = [day for table in tables for day in table["date"].to_pylist()]
    assert days == [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]


def test_incomplete_lines_leave_out_what_is_asked(profile):
    (table,) = synthetic_lines(profile, 20_000, 1, replace(ASSUMED, incomplete_share=Decimal("0.25")))
    rows = table.to_pylist()
    bare = [row for row in rows if row["buyer"] is None]
    assert len(bare) / len(rows) == pytest.approx(0.25, abs=0.02)
    for row in bare:
        assert row["transport"] is None
        assert quantities_of(row) == {}
    full = [row for row in rows if row["buyer"] is not None]
    assert all(row["transport"] for row in full)


@pytest.mark.parametrize(("name", "figure"), [("claim_share", 0), ("claim_share", 1), ("consumer_share", 1)])
def test_a_share_may_be_none_or_all(profile, name, figure):
    assumed = assume([(name, str(figure))])
    assert isinstance(assumed, Assumptions)
    (table,) = synthetic_lines(profile, 5_000, 1, assumed)
    rows = table.to_pylist()
    if name == "claim_share":
        open_to = [r for r in rows if r["to"] == "GB" and r["hs"][:4] == "6109" and r["origin"] in ("KE", "ZA")]
        assert open_to
        assert {bool(row["claims"]) for row in open_to} == {bool(figure)}
    else:
        assert {row["buyer"] for row in rows} == {"consumer"}


def test_the_widest_assumptions_stay_within_bounds(profile):
    wide = assume(
        [
            *((name, "2") for name in ("value_spread", "kilogram_spread", "economy_exponent")),
            ("consumer_median_minor", "1000000000"),
            ("consumer_share", "1"),
            ("kilogram_median_minor", "1"),
        ],
    )
    assert isinstance(wide, Assumptions)
    (table,) = synthetic_lines(profile, BLOCK_LINES, 1, wide)
    for name in ("value", "freight", "insurance", "quantity_kg", SUPPLEMENTARY_QUANTITY):
        found = [amount for amount in table[name].to_pylist() if amount is not None]
        assert 0 < min(found) <= max(found) <= 10**10, name
    assert max(table["value"].to_pylist()) > 10**8


def test_amounts_are_narrow_and_survive_a_file(lines, tmp_path):
    path = tmp_path / "lines.parquet"
    pq.write_table(lines, path, store_decimal_as_integer=True)
    amounts = ("value", "freight", "insurance", "quantity_kg", SUPPLEMENTARY_QUANTITY)
    kept = pq.read_schema(path)
    assert {kept.field(name).type for name in amounts} == {pa.decimal64(18, 4)}
    read = pq.read_table(path, columns=list(amounts))
    assert read.equals(lines.select(list(amounts)))
    stored = pq.ParquetFile(path).schema
    assert {stored.column(stored.names.index(name)).physical_type for name in amounts} == {"INT64"}
