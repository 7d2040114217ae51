"""The months of lines: how many there are of each, and how many a change affects."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.replay.aggregates import add_row
from ewtp.core.replay.answer_pairs import line_days

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from ewtp.core.replay.aggregates import Sums

# Beyond any day that Arrow's dates hold, and a span of days that is worth a table.
_MOST_DAY, _MOST_DAYS = 2**32, 100_000


def first_day(months: Sums) -> date | None:
    """The first day of the first month of a table of months; None where it has none."""
    return date.fromisoformat(f"{min(months)[0]}-01") if months else None


def count_months(lines: pa.Table, affected: NDArray[np.int64]) -> Sums:
    """By month (``2026-07``) the number of lines, and of those at the rows ``affected``; none without a day."""
    days = line_days(lines)
    dated = np.asarray(lines["date"].is_valid())
    sums: Sums = {}
    for place, rows in enumerate((days[dated], days[affected][dated[affected]])):
        # Lines have far fewer days than there are lines, so months are told of days.
        found, counts = _count_values(rows)
        for month, count in zip(found.astype("datetime64[D]").astype("datetime64[M]"), counts.tolist(), strict=True):
            own = (count, 0) if place == 0 else (0, count)
            add_row(sums, (str(month),), own)
    return sums


def _count_values(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct values in order, and how many there are of each."""
    least, most = int(values.min(initial=_MOST_DAY)), int(values.max(initial=-_MOST_DAY))
    if most - least > _MOST_DAYS:
        return np.unique(values, return_counts=True)
    counts = np.bincount(values - least, minlength=1)
    used = np.flatnonzero(counts)
    return used + least, counts[used]
