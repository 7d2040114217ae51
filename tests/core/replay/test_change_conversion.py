"""A change in one currency is the sum of its lines, each at the rate of its own day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pytest

from ewtp.core.replay.aggregates import BY_DAY, merge_tallies, tally_from_json
from ewtp.core.replay.answer_join import join_answers
from ewtp.core.replay.change_conversion import convert_changes
from ewtp.core.replay.comparison import compare_rows, tally_lines
from ewtp.core.replay.cost_bounds import convert_bounds
from tests.core.assessment.small_book import RATES
from tests.core.replay.invented_law import after, answers, before, draw, papers

if TYPE_CHECKING:
    import random

    from ewtp.core.replay.aggregates import Sums

COUNT, MIXED = 200, 3
JUNE = date(2026, 6, 30).isoformat()


@pytest.mark.kernel
def test_sums_in_one_currency_are_those_of_the_lines(seeded: random.Random):
    lines = draw(seeded, COUNT)
    one, two = answers(before(), lines), answers(after(MIXED), lines)
    parts = (
        tally_lines(lines[half], one[half], two[half], papers=papers()) for half in (slice(0, 90), slice(90, COUNT))
    )
    tally = merge_tallies(tally_from_json(orjson.loads(orjson.dumps(part.as_json()))) for part in parts)
    found = convert_changes(tally.tables[BY_DAY], "USD", RATES)
    compared = compare_rows(one, two, None, papers())
    joint = join_answers(one, two, np.arange(COUNT), compared).to_pylist()
    wanted, without, count = Decimal(0), Counter[str](), 0
    kept = compared.affected & compared.comparable
    for row, day, counts in zip(joint, lines["date"].to_pylist(), kept.tolist(), strict=True):
        if not counts:
            continue
        used = None if row["currency"] == "USD" else RATES.find(row["currency"], "USD", day)
        if row["currency"] != "USD" and used is None:
            without[row["currency"]] += 1
            continue
        count += 1
        wanted += row["change"] * (used.rate if used else 1)
    assert found.amounts["cost"] == round(wanted, 2)
    assert (found.lines, dict(found.without_rate)) == (count, dict(without))


def test_what_no_rate_converts_is_counted_and_not_guessed():
    by_day: Sums = {
        ("EUR", JUNE): (2, -80_000, -100_000, 100_000, 0),
        ("EUR", "2026-01-01"): (3, -1, -1, 1, 0),
        ("JPY", JUNE): (5, 10_000, 10_000, 0, 10_000),
        ("USD", JUNE): (1, 10_000, 10_000, 0, 10_000),
    }
    assert convert_changes(by_day, "USD", RATES).as_json() == {
        "currency": "USD",
        "lines": 3,
        "revenue": "-9.00",
        "cost": "-11.50",
        "gain": "12.50",
        "loss": "1.00",
        "sources": ["ECB"],
        "oldest_rate_days": 0,
        "without_rate": [{"currency": "EUR", "lines": 3}, {"currency": "JPY", "lines": 5}],
    }
    none = convert_changes({("JPY", JUNE): (5, 1, 1, 0, 1)}, "USD", RATES).as_json()
    assert (none["lines"], none["cost"], none["without_rate"]) == (0, None, [{"currency": "JPY", "lines": 5}])


def test_bounds_in_one_currency_are_at_the_rate_of_each_day():
    # Lines, exact, what these change by, least, most, without a lower and without an upper bound.
    by_day: Sums = {
        ("EUR", JUNE): (3, 2, -80_000, -100_000, 40_000, 0, 0),
        ("USD", JUNE): (1, 1, 10_000, 10_000, 10_000, 0, 0),
    }
    whole = {"lines": 4, "exact": 3, "exact_change": "-9.00", "at_least": "-11.50", "at_most": "6.00"}
    assert convert_bounds(by_day, "USD", RATES).as_json() == whole
    by_day["EUR", JUNE] = (3, 2, -80_000, -100_000, -80_000, 0, 1)
    assert convert_bounds(by_day, "USD", RATES).as_json() == whole | {"at_most": None}


def test_lines_without_a_rate_are_open_unless_they_change_by_nothing():
    by_day: Sums = {
        ("JPY", JUNE): (5, 5, 0, 0, 0, 0, 0),
        ("USD", JUNE): (1, 1, 10_000, 10_000, 10_000, 0, 0),
    }
    exact = {"lines": 6, "exact": 6, "exact_change": "1.00", "at_least": "1.00", "at_most": "1.00"}
    assert convert_bounds(by_day, "USD", RATES).as_json() == exact
    by_day["JPY", JUNE] = (5, 5, -70_000, -70_000, -70_000, 0, 0)
    none = {"exact": 1, "at_least": None, "at_most": None}
    assert convert_bounds(by_day, "USD", RATES).as_json() == exact | none
