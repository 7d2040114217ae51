"""Assumptions are documented, shown, and changed by name."""

from __future__ import annotations

import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from ewtp.core.synthetic.assumptions import Assumptions, assume
from ewtp.core.values.refusal import Refusal

PAGE = Path(__file__).parents[3] / "docs/ask/synthetic.md"


def test_the_page_states_every_assumption_as_it_is():
    stated = dict(re.findall(r"^\| `(\w+)` \| ([0-9., ]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assumed = Assumptions()
    assert set(stated) == {field.name for field in fields(assumed)}
    for name, text in stated.items():
        value = getattr(assumed, name)
        figures = value if isinstance(value, tuple) else (value,)
        assert [Decimal(each) for each in text.split(",")] == list(map(Decimal, figures)), name


def test_a_figure_is_changed_by_name():
    found = assume([("claim_share", "0.3"), ("consumer_median_minor", "900")])
    assert isinstance(found, Assumptions)
    assert found.claim_share == Decimal("0.3")
    assert found.consumer_median_minor == 900
    assert found.value_spread == Assumptions().value_spread


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("claims", "0.3", "assumption_unknown"),
        ("size_weights", "0.3", "assumption_unknown"),
        ("claim_share", "1.1", "assumption_unreadable"),
        ("claim_share", "-0.1", "assumption_unreadable"),
        ("claim_share", "1e-1", "assumption_unreadable"),
        ("claim_share", "NaN", "assumption_unreadable"),
        ("claim_share", "", "assumption_unreadable"),
        ("claim_share", "0.", "assumption_unreadable"),
        ("consumer_median_minor", "0", "assumption_unreadable"),
        ("consumer_median_minor", "1000000001", "assumption_unreadable"),
        ("consumer_median_minor", "1.5", "assumption_unreadable"),
        ("consumer_median_minor", "9" * 40, "assumption_unreadable"),
        ("value_spread", "2.1", "assumption_unreadable"),
        ("freight_least", "0.5", "assumption_unreadable"),
    ],
)
def test_what_cannot_be_assumed_is_refused(name, text, code):
    found = assume([(name, text)])
    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.message.endswith(".")
