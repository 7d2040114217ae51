"""What the notes of chapter 99 list and say beside their lists, on the whole official folder."""

from __future__ import annotations

from datetime import date

import pytest

from ewtp.core.rulebook.measure import Measure
from tests.gateways.official_files.us.test_additional_duties import JANUARY, on, records

pytestmark = pytest.mark.whole_file


def test_lists_are_read_to_the_digits_that_the_note_has() -> None:
    """The compilation has 2106.90.99 and 8418.99.80, where note 19(k) names single statistical numbers of them."""
    assert on(JANUARY, "2106909998", "VN", "US-s232-aluminum") == {
        ("2106909998", "50% upon the value of the aluminum content", "HTS 9903.85.08"),
    }
    assert on(JANUARY, "2106909973", "VN", "US-s232-aluminum") == set()


@pytest.mark.parametrize("code", ["8418100010", "8418300000", "8450200010", "8451290010", "8509802000", "8516604060"])
def test_appliances_owe_on_their_steel(code: str) -> None:
    assert {e for _, e, _ in on(JANUARY, code, "VN", "US-s232-steel")} == {"50% upon the value of the steel content"}
    assert {e for _, e, _ in on(JANUARY, code, "GB", "US-s232-steel")} > {"25% upon the value of the steel content"}


def test_what_is_not_metal_owes_the_reciprocal_rate() -> None:
    steel, both = "upon the value of the steel content", "upon the value of the aluminum content"
    programme = "US-ieepa-reciprocal"
    assert ("84221100", f"20% less 20% {steel}", "HTS 9903.01.33") in on(JANUARY, "8422110000", "VN", programme)
    assert ("84221100", f"12.6% less 12.6% {steel}", "HTS 9903.01.33") in on(JANUARY, "8422110000", "DE", programme)
    assert ("84181000", f"20% less (20% {both} + 20% {steel})", "HTS 9903.01.33") in on(
        JANUARY, "8418100010", "VN", programme
    )
    # Of Japan and Korea the total of 15% depends on the duty that is claimed.
    assert [e for _, e, _ in on(JANUARY, "8422110000", "KR", programme) if e.startswith("[rate")]


def test_the_safeguard_on_solar_modules_spares_listed_economies() -> None:
    assert {e for _, e, _ in on(JANUARY, "8541430010", "MY", "US-s201")} == {"14%"}
    spared = ("ID", "ZA", "LC", "CG", "CD", "VC", "SB", "ST", "SZ", "MM")
    assert not [economy for economy in spared if on(JANUARY, "8541430010", economy, "US-s201")]
    assert on(date(2026, 2, 7), "8541430010", "MY", "US-s201") == set()


def test_the_kingdom_has_a_list_of_parts_of_its_own() -> None:
    found = {m.product.prefix for m in records() if isinstance(m, Measure) and m.reference == "HTS 9903.94.32"}
    assert len(found) == 267
    assert {len(code) for code in found} == {10}


def test_lists_of_section_301_are_those_of_the_notes() -> None:
    """The compilation has 8443.32.10 on list 3 and the whole of 6307.90.98 among the masks of note 31(h)."""
    day = date(2026, 6, 30)
    assert on(day, "8443321010", "CN", "US-s301") == {("84433210", "7.5%", "HTS 9903.88.15")}
    assert on(day, "6307909882", "CN", "US-s301") == {("6307909882", "7.5%", "HTS 9903.88.15")}
    assert on(day, "6307909875", "CN", "US-s301") == {("6307909875", "50%", "HTS 9903.91.07")}
    assert on(day, "8517620090", "CN", "US-s301") == {("8517620090", "7.5%", "HTS 9903.88.15")}
    assert on(day, "8517620020", "CN", "US-s301") == {("8517620020", "25%", "HTS 9903.88.04")}


def test_what_a_note_excepts_is_on_no_list() -> None:
    """Note 20(s)(ii)1: printed matter of 4901.99.00 except that of 4901.99.0040."""
    assert on(JANUARY, "4901990040", "CN", "US-s301") == set()
    assert on(JANUARY, "4901990050", "CN", "US-s301") == {("4901990050", "7.5%", "HTS 9903.88.15")}
