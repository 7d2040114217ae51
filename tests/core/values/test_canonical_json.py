"""Canonical JSON is that of RFC 8785 wherever the profile has a place for the value."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.values.canonical_json import MOST_INTEGER, canonical_digest, canonical_json

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST_INTEGER, MOST_INTEGER) | TEXTS,
    lambda below: st.lists(below) | st.dictionaries(st.text(alphabet=st.characters(max_codepoint=127)), below),
    max_leaves=20,
)


@given(VALUES)
def test_values_are_written_as_an_independent_writer_does(value):
    written = canonical_json(value)
    assert written == rfc8785.dumps(value)
    assert json.loads(written) == value
    assert canonical_digest(value) == hashlib.sha256(written).hexdigest()


@pytest.mark.parametrize(
    "value",
    [1.5, 2**53, -(2**53), {"é": 1}, {1: 1}, "\ud800", {"\ud800": 1}, b"", (1,), {"a": [{"b": 0.0}]}, object()],
)
def test_what_readers_would_take_differently_is_a_bug(value):
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)
