"""The seasons of a seasonal duty: "01 JAN-31 MAY, 1 NOV-31 DEC", "21-11 to 31-01"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.tree import DAYS_IN_MONTH, DayRange
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}
_LONGEST_MONTH = 31
# Every day that some year has, in order.
_DAYS = tuple((month, day) for month, last in enumerate(DAYS_IN_MONTH, start=1) for day in range(1, last + 1))
_LEAP_DAY = (2, 29)
_NAMES = tuple(name.upper() for name in _MONTHS)
_NAMED = re.compile(r"([0-9]{1,2})\s*([a-z]{3})[a-z]*\s*-\s*([0-9]{1,2})\s*([a-z]{3})[a-z]*\Z", re.IGNORECASE)
_SHORT = re.compile(r"([0-9]{1,2})\s*-\s*([0-9]{1,2})\s*([a-z]{3})[a-z]*\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"([0-9]{1,2})-([0-9]{1,2})\s+to\s+([0-9]{1,2})-([0-9]{1,2})\Z", re.IGNORECASE)


@immutable
class UnreadSeason:
    """A season that cannot be read, or that is impossible for a ``reason``."""

    text: str
    reason: str = ""


def read_ranges(text: str, starts: frozenset[tuple[int, int]] = frozenset()) -> tuple[DayRange, ...] | UnreadSeason:
    """The ranges that ``text`` lists, or the one that cannot be read.

    ``starts`` are the first days (month, day) of all seasons of the duty. A season that ends on a day which its month
    does not have ("31 APR") ends with the month if another starts on the first of the next one; otherwise nothing
    tells which day is meant.
    """
    ranges = []
    for piece in text.split(","):
        words = piece.strip()
        days = _days(words)
        if days is None:
            return UnreadSeason(words[:40])
        try:
            ranges.append(DayRange(*_end_with_month(days, starts)))
        except ValueError as error:
            return UnreadSeason(words[:40], str(error))
    return tuple(ranges)


def find_starts(texts: Iterable[str]) -> frozenset[tuple[int, int]]:
    """The first days (month, day) of the seasons that the texts list; what cannot be read has none."""
    read = (_days(piece.strip()) for text in texts for piece in text.split(","))
    return frozenset(days[:2] for days in read if days is not None)


def _end_with_month(days: tuple[int, int, int, int], starts: frozenset[tuple[int, int]]) -> tuple[int, int, int, int]:
    *first, month, last = days
    if not 1 <= month <= len(DAYS_IN_MONTH) or (month % len(DAYS_IN_MONTH) + 1, 1) not in starts:
        return days
    return (first[0], first[1], month, min(last, DAYS_IN_MONTH[month - 1]) if last <= _LONGEST_MONTH else last)


def _days(words: str) -> tuple[int, int, int, int] | None:
    if match := _NUMBERED.match(words):
        first, first_month, last, last_month = (int(group) for group in match.groups())
        return first_month, first, last_month, last
    if match := _NAMED.match(words):
        start, end = _MONTHS.get(match[2].lower()), _MONTHS.get(match[4].lower())
        return None if start is None or end is None else (start, int(match[1]), end, int(match[3]))
    if match := _SHORT.match(words):
        month = _MONTHS.get(match[3].lower())
        return None if month is None else (month, int(match[1]), month, int(match[2]))
    return None


def spell_range(days: DayRange) -> str:
    """The canonical spelling, such as ``01 JAN - 14 MAY``."""
    return f"{days.from_day:02d} {_NAMES[days.from_month - 1]} - {days.to_day:02d} {_NAMES[days.to_month - 1]}"


def range_as_json(days: DayRange) -> dict[str, str]:
    """``{"from", "to"}``, each as month and day (``05-14``)."""
    return {
        "from": f"{days.from_month:02d}-{days.from_day:02d}",
        "to": f"{days.to_month:02d}-{days.to_day:02d}",
    }


def list_days(ranges: Iterable[DayRange]) -> frozenset[tuple[int, int]]:
    """The days of the year (month, day) that the ranges cover."""
    return frozenset(day for each in ranges for day in _DAYS if each.covers(*day))


def is_whole_year(ranges: Iterable[DayRange]) -> bool:
    """Whether the ranges cover every day of a common year; one "to 28-02" means the end of the month in a leap year."""
    return not set(_DAYS) - {_LEAP_DAY} - list_days(ranges)


def join_days(days: Collection[tuple[int, int]]) -> tuple[DayRange, ...]:
    """The fewest ranges that cover these days of the year, in order; the last one may run over the new year."""
    runs: list[list[tuple[int, int]]] = []
    for position, day in enumerate(_DAYS):
        if day in days and runs and runs[-1][-1] == _DAYS[position - 1]:
            runs[-1].append(day)
        elif day in days:
            runs.append([day])
    if len(runs) > 1 and runs[0][0] == _DAYS[0] and runs[-1][-1] == _DAYS[-1]:
        runs = [*runs[1:-1], runs[-1] + runs[0]]
    return tuple(DayRange(*run[0], *run[-1]) for run in runs)
