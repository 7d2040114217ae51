"""Moments of time: as a person or a program writes them, and where a day ends."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta


def parse_moment(text: str) -> datetime | None:
    """An ISO 8601 moment, in UTC where it names its time zone; None if it is not one, or is outside the calendar."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def next_midnight(now: datetime) -> datetime:
    """When the day of a moment ends in UTC, with which whatever is said of days may change."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
