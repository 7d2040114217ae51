"""Differences between two versions of the rulebook, or in the law between two days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.record_rows import MEASURE_COLUMNS, fetch, measure_of
from ewtp.apps.rulebook.reading.sentences import DATES_REVERSED, VERSION_UNKNOWN, VERSIONS_OR_DATES
from ewtp.apps.rulebook.reading.version_changes import sides_between
from ewtp.apps.rulebook.reading.version_records import sources_at
from ewtp.apps.rulebook.reading.versions import VersionInfo, latest_version, version_named
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.changeset.diff import difference
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure


def rulebook_difference(before: str, after: str, *, territory: str = "") -> Changeset[Measure] | Refusal:
    """The changeset between two versions (labels or numbers), or between the law of two days as it is known now.

    Refuses with ``version_unknown``, ``dates_reversed`` or ``versions_or_dates``.
    """
    days = _day(before), _day(after)
    if days[0] is not None and days[1] is not None:
        return _between_days(days[0], days[1], territory)
    if days[0] is not None or days[1] is not None:
        return Refusal(VERSIONS_OR_DATES)
    versions = version_named(before), version_named(after)
    if versions[0] is None or versions[1] is None:
        name = before if versions[0] is None else after
        return Refusal(VERSION_UNKNOWN, {"name": name[:40]})
    return _between_versions(versions[0], versions[1], territory)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def _between_versions(before: VersionInfo, after: VersionInfo, territory: str) -> Changeset[Measure]:
    sides = sides_between(before.published_at, after.published_at, territory=territory)
    return replace(difference(*sides, names=(before.label, after.label)), base=before.digest)


def _between_days(first: date, last: date, territory: str) -> Changeset[Measure] | Refusal:
    if last < first:
        return Refusal(DATES_REVERSED, {"last": last, "first": first})
    version = latest_version()
    if version is None:
        return Changeset(first.isoformat(), last.isoformat())
    sources = sources_at(version.published_at)
    # The law of a key for which a rule was adopted may begin or end on the days of that rule.
    rows = fetch(
        f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE known @> %(moment)s::timestamptz"  # noqa: S608 - our own names
        " AND validity && daterange(%(first)s, %(last)s, '[]') AND (%(territory)s = '' OR territory = %(territory)s)"
        " AND (lower(validity) > %(first)s OR upper(validity) <= %(last)s OR key IN (SELECT key FROM rulebook_measure"
        " WHERE status = 'adopted' AND known @> %(moment)s::timestamptz)) ORDER BY id",
        {"moment": version.published_at, "first": first, "last": last, "territory": territory},
    )
    between = Period(first, last)
    after = [m for m in measures_in_effect(measure_of(row, sources) for row in rows) if m.validity.overlaps(between)]
    # Had nothing happened since the first day, the rules in force then would still be.
    before = [
        replace(m, validity=Period(m.validity.start)) if m.validity.end is not None and m.validity.end < last else m
        for m in after
        if first in m.validity
    ]
    return difference(before, after, names=(first.isoformat(), last.isoformat()))
