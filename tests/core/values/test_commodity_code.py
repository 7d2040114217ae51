"""A tariff code is read as it is written, and one that a spreadsheet has changed is not taken for another."""

from __future__ import annotations

import pytest

from ewtp.core.values.codes import parse_commodity_code
from ewtp.core.values.refusal import Refusal


@pytest.mark.parametrize("text", ["0901210000", "0901.21.00.00", "0901 21", "090121"])
def test_dots_and_spaces_are_left_out(text: str) -> None:
    assert parse_commodity_code(text) == "".join(c for c in text if c.isdigit())


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        # Roasted coffee without its leading zero begins like microscopes (9012.10).
        ("901210000", "0901210000"),
        ("9012100", "09012100"),
        ("9012101", "09012101"),
        ("61091000101", "061091000101"),
    ],
)
def test_a_code_that_a_spreadsheet_has_changed_is_refused_and_the_likely_one_named(text: str, likely: str) -> None:
    found = parse_commodity_code(text)
    assert isinstance(found, Refusal)
    assert found.code == "code_length_odd"
    assert found.params["likely"] == likely


def test_a_code_that_has_its_zero_is_offered_no_second_one() -> None:
    found = parse_commodity_code("09012100000")
    assert isinstance(found, Refusal)
    assert (found.code, found.form) == ("code_length_odd", "zero")
    assert "likely" not in found.params


@pytest.mark.parametrize("text", ["0901210000.0", "901210000.0", " 901210000.0 "])
def test_a_number_is_not_taken_for_a_code(text: str) -> None:
    found = parse_commodity_code(text)
    assert isinstance(found, Refusal)
    assert found.code == "code_is_number"
    assert found.params["likely"] == "0901210000"


def test_a_heading_is_still_too_short() -> None:
    for text in ("12", "123", "0901", "901", "90121"):
        found = parse_commodity_code(text)
        assert isinstance(found, Refusal)
        assert found.code == "code_too_short"
