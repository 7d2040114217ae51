"""Days as Arrow counts them."""

from __future__ import annotations

from datetime import date, timedelta

# The time before anything that a rulebook knows of.
FIRST_DAY = -(2**31)
# A day that is never reached.
NEVER = 2**31 - 1
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day of a number; the first day stands for the day before anything starts."""
    return date.min + timedelta(days=1) if number == FIRST_DAY else _EPOCH + timedelta(days=number)


def day_after(day: date) -> date | None:
    """The next day; None after the last one."""
    return None if day == date.max else day + timedelta(days=1)
