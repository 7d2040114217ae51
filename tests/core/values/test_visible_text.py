"""Text that would act on a terminal is shown and not sent."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.values.visible_text import escape_json_controls, show_controls, show_controls_and_breaks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rb", r"a\rb"),
        ("\u202eevil", r"\u202eevil"),
        ("two\nlines\tof text", "two\nlines\tof text"),
        ("قهوة, café, 茶", "قهوة, café, 茶"),
    ],
)
def test_a_control_character_is_shown_as_its_escape(text, shown):
    assert show_controls(text) == shown


@given(st.text())
def test_nothing_that_acts_is_left(text):
    assert not {c for c in show_controls_and_breaks(text) if unicodedata.category(c) == "Cc"} - {"\t"}
    assert not {c for c in show_controls(text) if unicodedata.category(c) == "Cc"} - {"\t", "\n"}


@given(st.text())
def test_json_stays_the_same_value(text):
    written = escape_json_controls(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert not {"\x1b", "\x9b", "\x7f"} & set(written)
