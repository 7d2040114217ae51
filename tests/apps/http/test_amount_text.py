"""Amounts as people type them are read, or asked back where they could mean two things."""

from __future__ import annotations

import pytest

from ewtp.apps.http.surface.amount_text import plain_amount


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1000", "1000"), ("1000.5", "1000.5"), ("1000,50", "1000.50"), ("1 000,50", "1000.50"),
        ("1,000.50", "1000.50"), ("1.000,50", "1000.50"), ("1,000,000", "1000000"), ("1.000.000,5", "1000000.5"),
        ("1'000.50", "1000.50"), ("\u0661\u0662\u0665\u0660", "1250"), ("\u0661\u066b\u0665", "1.5"),
        ("0.125", "0.125"), ("12.5", "12.5"),
        ("1,250", None), ("1.250", None), ("1,2,3", None), ("12,34,567.00", None), ("1.000,50,5", None),
        ("-1", "-1"), ("\u22121 000,5", "-1000.5"), ("--1", None), ("-", None),
        ("1e5", None), ("", None), ("0x10", None), ("²", None), ("1,000.000,5", None),
    ],
)  # fmt: skip
def test_amounts_are_read_without_guessing(typed, read):
    assert plain_amount(typed) == read
