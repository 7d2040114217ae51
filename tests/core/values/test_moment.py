"""Moments: where a day ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ewtp.core.values.moment import next_midnight

MIDNIGHT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 6, 30, tzinfo=UTC),
        MIDNIGHT - timedelta(microseconds=1),
        # The same day in UTC, and another one where the clock hangs.
        datetime(2026, 7, 1, 2, 0, tzinfo=timezone(timedelta(hours=3))),
        datetime(2026, 6, 29, 23, 0, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_day_ends_at_midnight_in_utc(now):
    assert next_midnight(now) == MIDNIGHT
    assert next_midnight(MIDNIGHT) == MIDNIGHT + timedelta(days=1)
