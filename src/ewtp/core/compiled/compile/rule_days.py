"""The days on which a rule holds: its validity, and of each year its season."""

from __future__ import annotations

from bisect import bisect_right
from calendar import isleap
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.core.compiled.machine.epoch_days import LAST_YEAR, day_number
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.rulebook.expressions.tree import DayRange
    from ewtp.core.rulebook.rule import Rule

# The day after the last one that there is.
AFTER_ALL = day_number(date.max) + 1
_ONE_DAY = timedelta(days=1)
_LEAP_DAY = (2, 29)


@immutable
class RuleDays:
    """``turns`` are ascending days: the rule begins to hold on every first one, and no longer does on every second."""

    turns: tuple[int, ...]

    def covers(self, day: int) -> bool:
        """Whether the rule holds on the day."""
        return bisect_right(self.turns, day) % 2 == 1


def find_days(rule: Rule) -> RuleDays:
    """The days of a rule; of one with a season, those of the years up to the last one that the kernel answers for."""
    if not rule.seasons:
        return RuleDays((day_number(rule.first_day), day_number(rule.last_day) + 1))
    return RuleDays(tuple(_find_turns(rule)))


def _find_turns(rule: Rule) -> Iterator[int]:
    """The turns of a rule with a season: the days on which the rule holds, or not, unlike on the day before."""
    last_day = min(rule.last_day, date(LAST_YEAR, 12, 31))
    years = range(rule.first_day.year, last_day.year + 1)
    parts = [part for season in rule.seasons for part in season]
    possible = {day for year in years for part in parts for day in _list_edges(part, year)}
    was_on = False
    for day in sorted({rule.first_day, *(day for day in possible if rule.first_day < day <= last_day)}):
        is_on = rule.is_in_season(day)
        if is_on is not was_on:
            yield day_number(day)
        was_on = is_on
    if was_on:
        yield day_number(rule.last_day) + 1


def _list_edges(part: DayRange, year: int) -> tuple[date, date]:
    """The first day of a part of the year, and the one after its last day; a leap day that the year has not is next."""
    first, last = ((part.from_month, part.from_day), (part.to_month, part.to_day))
    after = _ONE_DAY if last != _LEAP_DAY or isleap(year) else timedelta()
    return _date(year, first), _date(year, last) + after


def _date(year: int, day: tuple[int, int]) -> date:
    return date(year, 3, 1) if day == _LEAP_DAY and not isleap(year) else date(year, *day)
