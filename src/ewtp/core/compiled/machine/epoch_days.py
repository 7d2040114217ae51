"""Days as Arrow counts them: from 1970-01-01 on."""

from __future__ import annotations

from datetime import date, timedelta

from ewtp.core.compiled.machine.jit import jit_inline

# Before any rule of a rulebook.
FIRST_DAY = -(2**31)
# A day that is never reached.
NEVER = 2**31 - 1
# The last year of the days that the kernel answers for; questions of later days take the scalar path.
LAST_YEAR = 2100
# Months of a year that begins in March, as is usual in calendar arithmetic.
_DECEMBER = 9
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day of a number; the first day that a date can hold stands for the time before any rule."""
    return date.min + timedelta(days=1) if number == FIRST_DAY else _EPOCH + timedelta(days=number)


@jit_inline()
def day_of_year(number: int) -> int:
    """The month times a hundred and the day of the month, for days since 1970."""
    # The count begins in March, so that the leap day comes last: of 400 years, then of one year.
    days = (number + 719_468) % 146_097
    year = (days - days // 1_460 + days // 36_524 - days // 146_096) // 365
    day = days - (365 * year + year // 4 - year // 100)
    month = (5 * day + 2) // 153
    return (month + 3 if month <= _DECEMBER else month - 9) * 100 + day - (153 * month + 2) // 5 + 1


def day_after(day: date) -> date | None:
    """The next day; None after the last one."""
    return None if day == date.max else day + timedelta(days=1)
