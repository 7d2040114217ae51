"""Distances worked out by hand, and what holds of every map."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.distances.distance_map import build_distance_map
from ewtp.core.distances.line_rates import RateForm
from ewtp.core.distances.schedule_contents import DutyRow
from ewtp.core.rulebook.records import CodeReplaced
from tests.core.distances.small_schedules import a_paper, a_schedule

if TYPE_CHECKING:
    from ewtp.core.distances.distance_map import DistanceMap, PairDistance
    from ewtp.core.distances.schedule_contents import ComparedSchedule


def the_map(*schedules: ComparedSchedule, replaced: tuple[CodeReplaced, ...] = ()) -> DistanceMap:
    return build_distance_map(schedules, replaced)


def the_pair(found: DistanceMap, one: str, other: str, prefix: str = "") -> PairDistance:
    first, second = found.schedule(one), found.schedule(other)
    assert first is not None
    assert second is not None
    return found.pair(first, second, prefix)


def test_the_tariff_distance_is_the_mean_difference_of_mean_rates():
    # 010121: (0 + 10) / 2 = 5 against 8, a difference of 3. 640399: 20 against 12.5, a difference of 7.5.
    one = a_schedule("AA", {"01012110": "Free", "01012190": "10%", "64039900": "20%"})
    other = a_schedule("BB", {"01012100": "8%", "64039900": "12.5%"})
    pair = the_pair(the_map(one, other), "AA", "BB")
    assert pair.tariff == Decimal("5.25")
    assert (pair.compared, pair.products, pair.share) == (2, 2, Decimal(1))
    assert (pair.higher, pair.lower) == (1, 1)


def test_a_fraction_of_a_per_cent_is_rounded_once_at_the_end():
    # Means of 10/3 and 0 per cent: 3.333333 points, shown as 3.3333.
    one = a_schedule("AA", {"01012110": "Free", "01012120": "Free", "01012190": "10%"})
    assert the_pair(the_map(one, a_schedule("BB", {"01012100": "Free"})), "AA", "BB").tariff == Decimal("3.3333")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2.5 USD/kg", RateForm.OTHER),
        ("5% + 2.5 USD/kg", RateForm.OTHER),
        ("see chapter note 2", RateForm.UNKNOWN),
        ("", RateForm.NONE),
    ],
)
def test_a_rate_that_is_no_single_percentage_is_left_out_and_counted(text: str, form: RateForm):
    one = a_schedule("AA", {"01012100": text, "64039900": "20%"})
    other = a_schedule("BB", {"01012100": "50%", "64039900": "10%"})
    found = the_map(one, other)
    pair = the_pair(found, "AA", "BB")
    # The product that is left out differs by no figure: neither by nought nor by 50 points.
    assert pair.tariff == Decimal(10)
    assert (pair.compared, pair.products) == (1, 2)
    counts = found.schedules[0].counts
    assert counts.by_form == {form: 1, RateForm.AD_VALOREM: 1}
    assert (counts.products, counts.without_mean) == (2, 1)


def test_a_product_whose_mean_leaves_out_a_line_is_counted():
    one = a_schedule("AA", {"01012110": "5%", "01012190": "2.5 USD/kg"})
    counts = the_map(one, a_schedule("BB", {"01012100": "5%"})).schedules[0].counts
    assert (counts.part_left_out, counts.without_mean) == (1, 0)


def test_facts_that_choose_among_duties_leave_the_line_out():
    two = (DutyRow("01012100", (), "5%", "USD"), DutyRow("01012100", (), "9%", "USD"))
    asked = (DutyRow("01012100", (), "5%", "USD", conditional=True),)
    for duties in (two, asked):
        found = the_map(a_schedule("AA", {"01012100": ""}, duties=duties))
        assert found.schedules[0].counts.by_form == {RateForm.CONDITIONAL: 1}


def test_the_longest_code_states_the_rate_and_an_exclusion_ends_it():
    duties = (DutyRow("0101", ("01013",), "30%", "USD"), DutyRow("010121", (), "10%", "USD"))
    one = a_schedule("AA", dict.fromkeys(("01012100", "01012900", "01013000"), ""), duties=duties)
    other = a_schedule("BB", dict.fromkeys(("01012100", "01012900", "01013000"), "Free"))
    pair = the_pair(the_map(one, other), "AA", "BB")
    # 10 and 30 points; the third line has no rate.
    assert (pair.tariff, pair.compared) == (Decimal(20), 2)


def test_the_chapters_that_each_territory_fills_itself_are_left_out():
    one = a_schedule("AA", {"98010000": "50%", "99010000": "50%", "64039900": "10%"})
    found = the_map(one, a_schedule("BB", {"98010000": "Free", "64039900": "10%"}))
    assert found.products == ("640399",)
    assert found.schedules[0].counts.national == 2
    assert the_pair(found, "AA", "BB").tariff == 0


def test_codes_of_a_newer_edition_are_compared_where_one_older_code_holds_all_their_goods():
    replaced = (
        CodeReplaced("HS2017", "010100", "HS2022", "010110"),  # split in two
        CodeReplaced("HS2017", "010100", "HS2022", "010120"),
        CodeReplaced("HS2017", "020100", "HS2022", "020200"),  # renamed, and a part went elsewhere
        CodeReplaced("HS2017", "020100", "HS2022", "030000"),
        CodeReplaced("HS2017", "030100", "HS2022", "030000"),  # drawn together of two
    )
    rates = {"01011000": "4%", "01012000": "8%", "02020000": "10%", "03000000": "99%"}
    new = a_schedule("AA", rates, hs_edition="HS2022")
    old = a_schedule("BB", {"01010000": "5%", "02010000": "7%", "03010000": "1%"})
    found = the_map(new, old, replaced=replaced)
    assert found.edition == "HS2017"
    pair = the_pair(found, "AA", "BB")
    # (4 + 8) / 2 = 6 against 5, and 10 against 7: differences of 1 and 3. 030100 has no rate in the newer schedule.
    assert (pair.tariff, pair.compared, pair.products) == (Decimal(2), 2, 3)
    counts = found.schedules[0].counts
    assert (counts.regrouped, counts.part_regrouped) == (1, 1)


def test_two_steps_of_editions_lead_to_the_oldest():
    replaced = (
        CodeReplaced("HS2017", "010110", "HS2022", "010111"),
        CodeReplaced("HS2012", "010100", "HS2017", "010110"),
    )
    newest = a_schedule("AA", {"01011100": "4%"}, hs_edition="HS2022")
    oldest = a_schedule("BB", {"01010000": "5%"}, hs_edition="HS2012")
    found = the_map(newest, oldest, replaced=replaced)
    assert (found.edition, the_pair(found, "AA", "BB").tariff) == ("HS2012", Decimal(1))


def test_a_chapter_a_product_and_a_code_narrow_the_comparison():
    one = a_schedule("AA", {"64031900": "20%", "64039900": "10%", "87032300": "40%"})
    other = a_schedule("BB", {"64031900": "Free", "64039900": "12%", "87032300": "10%"})
    found = the_map(one, other)
    first, second = found.schedules
    assert the_pair(found, "AA", "BB", "64").tariff == Decimal(11)
    assert [(name, pair.tariff) for name, pair in found.chapters(first, second)] == [
        ("64", Decimal(11)),
        ("87", Decimal(30)),
    ]
    assert [(each.product, each.difference) for each in found.differences(first, second, "64")] == [
        ("640319", Decimal(20)),
        ("640399", Decimal(-2)),
    ]


def test_the_requirement_distance_counts_papers_of_the_classes_that_both_hold_whole():
    lines = dict.fromkeys(("01012100", "02011000", "64039900", "87032300"), "Free")
    one = a_schedule(
        "AA",
        lines,
        (a_paper("01", "VET", "health certificate", "A"), a_paper("8703", "CAR", "approval", "B14")),
        requirement_classes=frozenset("AB"),
    )
    other = a_schedule(
        "BB",
        lines,
        (
            a_paper("0101", "AGRI", "certificate", "A"),
            a_paper("02", "AGRI", "certificate", "A"),
            a_paper("", "X", "y", "C"),
        ),
        requirement_classes=frozenset("ABC"),
    )
    pair = the_pair(the_map(one, other), "AA", "BB")
    # Of 4 products x 2 classes two differ: A on 020110, and B on 870323. C is not held whole in the first.
    assert pair.classes == ("A", "B")
    assert pair.requirement == Decimal("0.25")
    assert pair.listed == 4


@pytest.mark.parametrize("classes", [("", ""), ("A", ""), ("A", "B")])
def test_without_a_shared_class_the_requirement_distance_is_undefined(classes: tuple[str, str]):
    paper = (a_paper("01", "VET", "health certificate", "A"),)
    one = a_schedule("AA", {"01012100": "Free"}, paper, requirement_classes=frozenset(classes[0]))
    other = a_schedule("BB", {"01012100": "Free"}, requirement_classes=frozenset(classes[1]))
    pair = the_pair(the_map(one, other), "AA", "BB")
    assert pair.requirement is None
    assert pair.as_json()["requirements"] == {"distance": None, "classes": [], "compared": 0, "share": "0"}


def test_schedules_without_a_product_in_common_have_no_distance():
    found = the_map(a_schedule("AA", {"01012100": "5%"}), a_schedule("BB", {"64039900": "5%"}))
    pair = the_pair(found, "AA", "BB")
    assert (pair.tariff, pair.compared, pair.products, pair.share) == (None, 0, 2, Decimal(0))


CODES = ("01012100", "01012900", "02011000", "64039900", "87032300")
RATES = st.dictionaries(
    st.sampled_from(CODES), st.sampled_from(["Free", "3%", "7.5%", "40%", "2.5 USD/kg", "see note"]), min_size=1
)


@given(RATES, RATES)
def test_a_distance_is_the_same_both_ways_and_nought_from_itself(rates: dict[str, str], others: dict[str, str]):
    found = the_map(a_schedule("AA", rates), a_schedule("BB", others))
    there, back = the_pair(found, "AA", "BB"), the_pair(found, "BB", "AA")
    assert (there.tariff, there.compared, there.products) == (back.tariff, back.compared, back.products)
    assert (there.higher, there.lower) == (back.lower, back.higher)
    own = the_pair(found, "AA", "AA")
    assert own.tariff in (0, None)
    assert (own.tariff is None) is not any(text.endswith("%") or text == "Free" for text in rates.values())


RATE_LISTS = st.lists(st.integers(0, 60), min_size=len(CODES), max_size=len(CODES))


@given(RATE_LISTS, RATE_LISTS, RATE_LISTS)
def test_over_the_same_products_no_way_round_is_shorter(one: list[int], other: list[int], third: list[int]):
    # Where products are left out, each pair is over its own, and this need not hold.
    schedules = (
        a_schedule(name, {code: f"{rate}%" for code, rate in zip(CODES, rates, strict=True)})
        for name, rates in (("AA", one), ("BB", other), ("CC", third))
    )
    found = the_map(*schedules)
    legs = [the_pair(found, *leg).tariff for leg in pairwise(("AA", "BB", "CC"))]
    way = the_pair(found, "AA", "CC").tariff
    assert way is not None
    assert way <= sum(leg for leg in legs if leg is not None)
