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


def bounds(least: str, most: str | None, *, lines: int = 3, exact: int = 2) -> dict[str, Any]:
    change = {"at_least": least, "at_most": most}
    sides = {side: {"at_least": "1.00", "at_most": "2.00"} for side in ("before", "after")}
    figures = {"lines": lines, "exact": exact, "exact_change": "-0.50", "unbounded": int(most is None)}
    return {"currency": "ZMW", **figures, **sides, "change": change}


def test_bounds_add_up_and_what_one_report_does_not_bound_the_sum_does_not() -> None:
    one = {"totals": [total("ZMW", "0.10")], "bounds": [bounds("-0.75", "0.25")]}
    (added,) = add_published([one, {"totals": [], "bounds": [bounds("-1.00", "3.00")]}])["bounds"]
    assert added["change"] == {"at_least": "-1.75", "at_most": "3.25"}
    assert (added["lines"], added["exact"], added["exact_change"]) == (6, 4, "-1.00")
    assert added["before"] == {"at_least": "2.00", "at_most": "4.00"}
    (added,) = add_published([one, {"totals": [], "bounds": [bounds("-1.00", None)]}])["bounds"]
    assert (added["change"], added["unbounded"]) == ({"at_least": "-1.75", "at_most": None}, 1)


def test_a_report_that_gives_no_bounds_leaves_the_sum_without_any() -> None:
    one = {"totals": [total("ZMW", "0.10")], "bounds": [bounds("-0.75", "0.25")]}
    withheld = bounds("0", "0") | dict.fromkeys(("exact", "exact_change", "unbounded", "before", "after", "change"))
    for other in ({"totals": [total("ZMW", "0.10")]}, {"totals": [], "bounds": [withheld]}):
        (added,) = add_published([one, other])["bounds"]
        assert added["change"] == {"at_least": None, "at_most": None}
        assert (added["withheld"], added["exact"]) == (1, 2)
