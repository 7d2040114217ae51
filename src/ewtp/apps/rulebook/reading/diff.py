"""What changed between two versions of the rulebook, or in the law between two days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.queries import (
    MEASURE_COLUMNS,
    VersionInfo,
    fetch,
    latest_version,
    measure_of,
    sources_at,
    version_named,
)
from ewtp.core.rulebook.changeset.diff import Changeset, difference
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure


def rulebook_difference(before: str, after: str, *, territory: str = "") -> Changeset | Refusal:
    """The changeset between two versions (labels or numbers), or between the law of two days as it is known now.

    Refuses with ``version_unknown``, ``dates_reversed`` or ``versions_or_dates``.
    """
    days = _day(before), _day(after)
    if days[0] is not None and days[1] is not None:
        return _between_days(days[0], days[1], territory)
    if days[0] is not None or days[1] is not None:
        return Refusal("versions_or_dates", "Compare two versions or two dates, not a version with a date.")
    versions = version_named(before), version_named(after)
    if versions[0] is None or versions[1] is None:
        name = before if versions[0] is None else after
        return Refusal("version_unknown", f"There is no version {name[:40]!r}; `ewtp rulebook list` names them all.")
    return _between_versions(versions[0], versions[1], territory)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def _between_versions(before: VersionInfo, after: VersionInfo, territory: str) -> Changeset:
    """Only rows that one of the two versions knows and the other does not can differ, and only they are read."""
    sides: list[list[Measure]] = []
    for one, other in ((before, after), (after, before)):
        sources = sources_at(one.published_at)
        rows = fetch(
            f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE known @> %s::timestamptz"  # noqa: S608 - our own names
            " AND NOT known @> %s::timestamptz AND (%s = '' OR territory = %s) ORDER BY id",
            [one.published_at, other.published_at, territory, territory],
        )
        sides.append([measure_of(row, sources) for row in rows])
    return difference(sides[0], sides[1], names=(before.label, after.label))


def _between_days(first: date, last: date, territory: str) -> Changeset | Refusal:
    if last < first:
        return Refusal("dates_reversed", f"{last} is before {first}; give the earlier date first.")
    version = latest_version()
    if version is None:
        return Changeset(first.isoformat(), last.isoformat())
    sources = sources_at(version.published_at)
    rows = fetch(
        f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE known @> %s::timestamptz"  # noqa: S608 - our own names
        " AND validity && daterange(%s, %s, '[]') AND (lower(validity) > %s OR upper(validity) <= %s)"
        " AND (%s = '' OR territory = %s) ORDER BY id",
        [version.published_at, first, last, first, last, territory, territory],
    )
    after = [measure_of(row, sources) for row in rows]
    # Had nothing happened since the first day, what was in force then would still be.
    before = [
        replace(m, validity=Period(m.validity.start)) if m.validity.end is not None and m.validity.end < last else m
        for m in after
        if first in m.validity
    ]
    return difference(before, after, names=(first.isoformat(), last.isoformat()))
