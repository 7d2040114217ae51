"""A cell shows what it holds, and never runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ewtp.core.values.spreadsheet import cell_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ("6109.10", "6109.10"),
        (12, "12"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1", "'+1"),
        ("\tx", "'\tx"),
        ("a=1", "a=1"),
    ],
)
def test_a_cell(value, text):
    assert cell_text(value) == text
