"""Sums of published reports are exact, and say what they lack."""

from __future__ import annotations

from typing import Any

from ewtp.core.replay.report_sum import add_published


def total(currency: str, change: str | None) -> dict[str, Any]:
    sums = None if change is None else {"before": "1.05", "after": "1.15", "change": change}
    return {"currency": currency, "lines": 2, "incomplete": 1, "revenue": sums, "cost": sums}


def test_currencies_are_added_apart_and_to_the_last_digit() -> None:
    one = {"lines": {"lines": 4}, "totals": [total("ZMW", "0.10"), total("KES", "0.10")]}
    other = {"lines": {"lines": 5}, "totals": [total("ZMW", "0.2000000000000001")]}
    added = add_published([one, other])
    assert (added["reports"], added["withheld"], added["lines"]) == (2, 0, {"lines": 9})
    assert [(each["currency"], each["lines"], each["cost"]["change"]) for each in added["totals"]] == [
        ("KES", 2, "0.10"),
        ("ZMW", 4, "0.3000000000000001"),
    ]


def test_what_a_report_withholds_is_counted_and_not_guessed() -> None:
    whole, row = {"lines": {"lines": 3}, "totals": None}, {"lines": {}, "totals": [total("ZMW", None)]}
    added = add_published([whole, row])
    assert (added["reports"], added["withheld"], added["lines"]) == (2, 1, {"lines": 3})
    assert [(each["withheld"], each["cost"], each["lines"]) for each in added["totals"]] == [(1, None, 2)]
