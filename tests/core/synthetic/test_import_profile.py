"""The profile read from a book: codes of the year, the units that duties count, and the claims open to origins."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ewtp.core.rulebook.book import build_book
from ewtp.core.synthetic.import_profile import build_import_profile
from ewtp.core.synthetic.line_quantities import (
    PER_KILOGRAM,
    choose_columns,
    choose_supplementary_units,
    choose_units,
    model_quantity,
)
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import SHARES, UNITS, Unit, resolve_unit
from tests.core.synthetic.synthetic_book import SUBHEADINGS, TURN, made_up_profile


@pytest.fixture(scope="module")
def profile():
    return made_up_profile()


def test_destinations_have_their_currency_their_schedule_and_their_union(profile):
    found = {d.economy: d for d in profile.destinations}
    assert sorted(found) == ["BE", "GB", "JP", "NL"]
    assert profile.schedules[found["BE"].schedule].territory == "BX"
    assert found["JP"].schedule is None
    assert {d.economy: d.currency for d in found.values()} == {"BE": "EUR", "GB": "GBP", "JP": "JPY", "NL": "EUR"}
    assert found["BE"].inside == {"BE", "NL"}
    # A union is not a place to send goods from, and members of groups are.
    assert profile.economies == ("BE", "GB", "JP", "KE", "NL", "ZA")


def test_codes_are_those_of_the_year_without_special_provisions(profile):
    schedule = next(s for s in profile.schedules if s.territory == "GB")
    codes = {p.code: (p.first, p.last) for p in schedule.products}
    assert "98010000" not in codes
    assert codes["61091000"] == (date(2026, 1, 1), date(2026, 6, 7))
    assert codes["61091010"] == (TURN, date(2026, 12, 31))
    assert profile.subheadings == ("010121", "090111", "610910", "970110")
    before = made_up_profile(2025)
    assert "61091010" not in {p.code for s in before.schedules for p in s.products}


def test_units_are_those_that_duties_count_and_a_mass(profile):
    units = {p.code: p.units for s in profile.schedules for p in s.products}
    assert units["09011100"] == ("KGM",)
    assert units["22042100"] == ("HLT", "KGM")
    # The duty counts one kind of mass, and the whole mass beside it would be another measure.
    assert units["04011000"] == ("KGM.lactic_matter",)
    # A stated unit that no rule of the schedule counts is left out; one that some rule counts is not.
    assert units["90111000"] == ("C62", "KGM")


def test_of_two_units_of_a_dimension_most_rules_decide():
    assert choose_units({"TNE": 1, "KGM": 3}, ()) == ("KGM",)
    assert choose_units({"TNE": 3, "KGM": 1}, ("KGM",)) == ("TNE",)
    assert choose_units({"KGM.drained": 2, "KGM": 1}, ()) == ("KGM", "KGM.drained")
    assert choose_units({}, ("DZN", "C62", "TNE", "KGM.cu")) == ("DZN", "KGM")


def test_a_column_is_for_what_goes_with_another_unit():
    alone = {("KGM",): 100, ("HLT", "KGM"): 40, ("C62", "KGM"): 50}
    assert choose_columns(alone) == ("KGM",)
    assert choose_supplementary_units(alone, ["KGM"]) == (None, "HLT", "C62")
    crowded = alone | {("ASV", "HLT", "KGM"): 9, ("C62", "KGM", "NPR"): 8, ("C62", "KGM", "jewel"): 2}
    assert choose_columns(crowded) == ("KGM", "C62", "ASV")
    assert choose_supplementary_units(crowded, ("KGM", "C62", "ASV")) == (None, "HLT", None, "HLT", "NPR", "jewel")


def test_of_more_than_a_line_can_state_it_states_what_is_common():
    sets = {("CEN", "KGM", "KGM.cu", "KGM.lead", "KGM.zn"): 2, ("KGM", "KGM.zn"): 1, ("DZN", "KGM", "LTR"): 3}
    columns = choose_columns(sets)
    # The first tie goes by name, and three contents are left to one supplementary quantity.
    assert columns == ("KGM", "DZN", "CEN")
    assert choose_supplementary_units(sets, columns) == ("KGM.zn", "KGM.zn", "LTR")
    assert choose_columns({("LTR",): 1}) == ()


@pytest.mark.parametrize("key", [*UNITS, "KGM.drained", "C62.other_pieces_or_parts"])
def test_a_column_names_its_unit(key):
    drawn = model_quantity(key)
    found, unit = resolve_unit(drawn.column.removeprefix("quantity_")), resolve_unit(key)
    assert isinstance(found, Unit)
    assert isinstance(unit, Unit)
    assert found.key == key
    assert drawn.per_kilogram > 0
    # A dimension without a figure would silently get the one of mass.
    bare = unit.dimension.partition(".")[0]
    assert bare in PER_KILOGRAM or bare in SHARES


def test_claims_follow_membership_and_days(profile):
    schedule = next(s for s in profile.schedules if s.territory == "GB")
    assert schedule.days == (date(2026, 1, 1), TURN)
    places = {name: n for n, name in enumerate(profile.economies)}

    def claims(day, code, origin):
        kind = next(p.preferences for p in schedule.products if p.code == code)
        return schedule.options[schedule.claims[schedule.days.index(day), kind, places[origin]]]

    assert claims(date(2026, 1, 1), "61091000", "ZA") == ("GB-ALWAYS", "GB-EARLY")
    assert claims(TURN, "61091010", "ZA") == ("GB-ALWAYS",)
    assert claims(TURN, "61091010", "JP") == ()
    assert claims(date(2026, 1, 1), "09011100", "KE") == ()
    assert claims(TURN, "09011100", "KE") == ("GB-ALWAYS",)
    # A rate that the rulebook does not hold is not claimed.
    assert claims(TURN, "22042100", "KE") == ()
    assert schedule.claims.dtype == np.int32


def test_a_book_without_economies_is_refused():
    found = build_import_profile(
        build_book("", territories=(), groups=(), measures=()), year=2026, subheadings=SUBHEADINGS
    )
    assert isinstance(found, Refusal)
    assert found.code == "economies_too_few"
