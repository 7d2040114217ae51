"""The dates that an operator gives with an official file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

# No schedule reaches further; a day beyond is a slip of the keyboard.
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2100
# Where the operator is, it may be tomorrow already.
_ONE_DAY = timedelta(days=1)


def check_dates(effective: date | None, retrieved: date, published: date | None, today: date) -> Refusal | None:
    """Refuses a day that cannot be meant: ``effective_date_absurd``, ``source_date_absurd``."""
    if effective is not None and not _EARLIEST_YEAR <= effective.year <= _LATEST_YEAR:
        message = f"Give a day between {_EARLIEST_YEAR} and {_LATEST_YEAR} from which the file holds."
        return Refusal("effective_date_absurd", message)
    if retrieved > today + _ONE_DAY or (published is not None and published > retrieved + _ONE_DAY):
        message = "A file is published by the day it is retrieved, and retrieved by today; correct the dates."
        return Refusal("source_date_absurd", message)
    return None
