"""The months of lines: how many there are of each, and how many a change affects."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.replay.answer_pairs import line_days

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from ewtp.core.replay.aggregates import Sums


def first_day(months: Sums) -> date | None:
    """The first day of the first month of a table of months; None where it has none."""
    return date.fromisoformat(f"{min(months)[0]}-01") if months else None


def count_months(lines: pa.Table, affected: NDArray[np.int64]) -> Sums:
    """By month (``2026-07``) the number of lines, and of those at the rows ``affected``; none without a day."""
    days = line_days(lines)
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    changed = np.zeros(len(days), np.int64)
    changed[affected] = 1
    dated = np.asarray(lines["date"].is_valid())
    used, back = np.unique(months[dated], return_inverse=True)
    lines_of, changed_of = np.bincount(back, minlength=len(used)), np.bincount(back, changed[dated], len(used))
    counts = zip(lines_of.tolist(), changed_of.astype(np.int64).tolist(), strict=True)
    return {(str(month),): count for month, count in zip(used, counts, strict=True)}
