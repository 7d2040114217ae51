"""Identifiers sort by their moment, and have the form of RFC 9562's version 7."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.values.ids import id_at, is_id

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


@given(entropy=st.binary(min_size=10, max_size=10), moment=st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1)))  # noqa: DTZ001 - Hypothesis adds the time zone itself
def test_the_form(entropy, moment):
    made = id_at("org", moment.replace(tzinfo=UTC), entropy)
    read = uuid.UUID(made.removeprefix("org_"))
    assert (read.version, read.variant) == (7, uuid.RFC_4122)
    assert is_id(made, "org")
    assert not is_id(made, "mem")
    assert read.int >> 80 == int(moment.replace(tzinfo=UTC).timestamp() * 1000)


@given(first=st.binary(min_size=10, max_size=10), second=st.binary(min_size=10, max_size=10))
def test_the_later_sorts_last(first, second):
    assert id_at("org", NOW, first) < id_at("org", NOW + timedelta(milliseconds=1), second)


def test_random_bits_count():
    assert len({id_at("org", NOW, (1 << bit).to_bytes(10, "big")) for bit in range(74)}) == 74


@pytest.mark.parametrize(("prefix", "entropy"), [("o", b"0" * 10), ("ORG", b"0" * 10), ("org", b"0" * 9)])
def test_what_no_identifier_is_made_of(prefix, entropy):
    with pytest.raises(ValueError, match="three letters"):
        id_at(prefix, NOW, entropy)


@pytest.mark.parametrize("text", [None, 7, "", "org_", "org_" + "0" * 31, "org_" + "0" * 33, "org_" + "G" * 32])
def test_what_is_no_identifier(text):
    assert not is_id(text, "org")
