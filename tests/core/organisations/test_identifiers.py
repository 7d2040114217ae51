"""Identifiers are checked by what they are: digits where the scheme has them, the form where it has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.organisations.identifier import Identifier, IdentifierCheck
from ewtp.core.organisations.identifiers import read_identifier
from ewtp.core.values.refusal import Refusal

RULE, FORM = IdentifierCheck.RULE, IdentifierCheck.FORM


@pytest.mark.parametrize(
    ("scheme", "text", "economy", "value", "check"),
    [
        # The LEI of the Global Legal Entity Identifier Foundation, as it publishes it.
        ("lei", "506700GE1G29325QX363", "CH", "506700GE1G29325QX363", RULE),
        ("lei", "5067 00ge-1g29325qx363", "CH", "506700GE1G29325QX363", RULE),
        # The VAT number of the European Commission's own example, Belgium.
        ("vat", "BE 0403.170.701", "BE", "0403170701", RULE),
        ("vat", "GB 980 7806 84", "GB", "980780684", RULE),
        ("vat", "1000123456", "UG", "1000123456", FORM),
        ("eori", "GB123456789000", "GB", "GB123456789000", FORM),
        ("eori", "DE1234567", "DE", "DE1234567", FORM),
        ("company_number", "SC123456", "GB", "SC123456", FORM),
        ("company_number", "CPR/2010/12345", "KE", "CPR201012345", FORM),
    ],
)
def test_what_is_read(scheme, text, economy, value, check):
    read = read_identifier(scheme, text, economy)
    assert isinstance(read, Identifier), read
    assert (read.value, read.check) == (value, check)


@pytest.mark.parametrize(
    ("scheme", "text", "economy"),
    [
        ("lei", "506700GE1G29325QX364", "CH"),
        ("lei", "506700GE1G29325QX36", "CH"),
        ("vat", "BE 0403.170.702", "BE"),
        ("eori", "GB12345678900", "GB"),
        ("eori", "DE1234567890123456", "DE"),
        ("eori", "1234", "DE"),
        ("company_number", "1234567", "GB"),
        ("company_number", "", "KE"),
        ("company_number", "x" * 41, "KE"),
        ("company_number", "né12", "KE"),
        ("lei", None, "KE"),
    ],
)
def test_what_is_refused(scheme, text, economy):
    refusal = read_identifier(scheme, text, economy)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.where) == ("identifier_invalid", "value")


def test_a_scheme_that_is_none():
    refusal = read_identifier("barcode", "1", "KE")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "identifier_scheme_unknown"


@given(data=st.data(), place=st.integers(0, 19))
def test_one_wrong_character_of_an_lei_is_noticed(data, place):
    good = "506700GE1G29325QX363"
    # A letter counts as two digits, so a digit in its place moves all that follow, which the digits need not notice.
    other = data.draw(st.sampled_from("0123456789" if good[place].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    changed = good[:place] + other + good[place + 1 :]
    assert isinstance(read_identifier("lei", changed, "CH"), Identifier) is (changed == good)


@given(scheme=st.sampled_from(["lei", "vat", "eori", "company_number"]), text=st.text(), economy=st.text(max_size=3))
def test_any_text_is_read_or_refused(scheme, text, economy):
    read = read_identifier(scheme, text, economy)
    if isinstance(read, Identifier):
        again = read_identifier(scheme, read.value, economy)
        assert isinstance(again, Identifier)
        assert again.value == read.value
