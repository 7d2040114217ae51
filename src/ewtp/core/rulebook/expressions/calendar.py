"""The seasons of a seasonal duty: "01 JAN-31 MAY, 1 NOV-31 DEC", "21-11 to 31-01"."""

from __future__ import annotations

import re

from ewtp.core.rulebook.expressions.tree import DayRange
from ewtp.core.values.immutable import immutable

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}
_NAMES = tuple(name.upper() for name in _MONTHS)
_NAMED = re.compile(r"([0-9]{1,2})\s*([a-z]{3})[a-z]*\s*-\s*([0-9]{1,2})\s*([a-z]{3})[a-z]*\Z", re.IGNORECASE)
_SHORT = re.compile(r"([0-9]{1,2})\s*-\s*([0-9]{1,2})\s*([a-z]{3})[a-z]*\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"([0-9]{1,2})-([0-9]{1,2})\s+to\s+([0-9]{1,2})-([0-9]{1,2})\Z", re.IGNORECASE)


@immutable
class UnreadSeason:
    """A season that cannot be read, or that is impossible for a ``reason``."""

    text: str
    reason: str = ""


def read_ranges(text: str) -> tuple[DayRange, ...] | UnreadSeason:
    """The ranges that ``text`` lists, or the one that cannot be read."""
    ranges = []
    for piece in text.split(","):
        words = piece.strip()
        days = _days(words)
        if days is None:
            return UnreadSeason(words[:40])
        try:
            ranges.append(DayRange(*days))
        except ValueError as error:
            return UnreadSeason(words[:40], str(error))
    return tuple(ranges)


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
