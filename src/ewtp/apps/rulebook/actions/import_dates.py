"""The dates that an operator gives with an official file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.sentences import EFFECTIVE_DATE_ABSURD, SOURCE_DATE_ABSURD
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
        return Refusal(EFFECTIVE_DATE_ABSURD, {"first": str(_EARLIEST_YEAR), "last": str(_LATEST_YEAR)})
    if retrieved > today + _ONE_DAY or (published is not None and published > retrieved + _ONE_DAY):
        return Refusal(SOURCE_DATE_ABSURD)
    return None
