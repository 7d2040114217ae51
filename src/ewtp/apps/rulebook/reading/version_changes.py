"""The measures that only one of two versions has in effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.record_rows import MEASURE_COLUMNS, fetch, measure_of
from ewtp.apps.rulebook.reading.version_records import groups_at, sources_at
from ewtp.core.rulebook.precedence import measures_in_effect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from ewtp.core.rulebook.measure import Measure

_ONLY_ONE = "(known @> %(before)s::timestamptz) <> (known @> %(after)s::timestamptz)"
# The rows that both moments know of keys on which an adopted rule takes the law's days, or did.
_BESIDE = f"""
    SELECT {MEASURE_COLUMNS} FROM rulebook_measure
    WHERE known @> %(before)s::timestamptz AND known @> %(after)s::timestamptz AND key IN (
        SELECT key FROM rulebook_measure WHERE key = ANY(%(keys)s) AND status = 'adopted'
        AND (known @> %(before)s::timestamptz OR known @> %(after)s::timestamptz))
"""  # noqa: S608 - our own names
# What must not differ for a version to be patched from another, besides measures, groups and who belongs to them.
_FRAME = (
    f"SELECT 1 FROM rulebook_territory WHERE {_ONLY_ONE}",  # noqa: S608 - our own names
    f"SELECT 1 FROM rulebook_tariffline WHERE {_ONLY_ONE}",  # noqa: S608 - likewise
    f"SELECT 1 FROM rulebook_adoptedrecord WHERE kind NOT IN ('group', 'membership') AND {_ONLY_ONE}",  # noqa: S608 - likewise
)


def find_regroupings_between(before: datetime, after: datetime) -> frozenset[str] | None:
    """The groups that are there at one of the moments alone, or that other economies belong to at the second.

    What else is stated of a group, such as its title, is read when a question is answered, and is not part of a
    compiled book. None where anything else differs besides measures: territories, lines, other records of acts.
    """
    moments = {"before": before, "after": after}
    if any(fetch(f"{command} LIMIT 1", moments) for command in _FRAME):
        return None
    one, other = (
        {name: group.memberships for name, group in groups_at(moment, sources_at(moment)).items()}
        for moment in (before, after)
    )
    return frozenset(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def measures_between(before: datetime, after: datetime, most: int) -> list[Measure] | None:
    """The measures in effect at one of the moments alone, each for the days on which it was or is in effect.

    None where more than ``most`` differ.
    """
    rows = _find_differing_rows(before, after, most=most + 1)
    if len(rows) > most:
        return None
    one, other = map(set, _sides(rows, before, after))
    return sorted(one ^ other, key=lambda measure: measure.id)


def sides_between(before: datetime, after: datetime, *, territory: str = "") -> tuple[list[Measure], list[Measure]]:
    """The measures in effect at the first and at the second moment, as far as the two may differ.

    Where an adopted rule comes, goes or holds, the law of the same key is on both sides, for the days left to it.
    """
    return _sides(_find_differing_rows(before, after, territory=territory), before, after)


def _find_differing_rows(
    before: datetime, after: datetime, *, territory: str = "", most: int | None = None
) -> list[tuple[Any, ...]]:
    """Rows that one moment knows and the other does not, followed by their key and whether it is the first moment."""
    return fetch(
        f"SELECT {MEASURE_COLUMNS}, key, known @> %(before)s::timestamptz FROM rulebook_measure WHERE {_ONLY_ONE}"  # noqa: S608 - our own names
        " AND (%(territory)s = '' OR territory = %(territory)s) ORDER BY id LIMIT %(most)s",
        {"before": before, "after": after, "territory": territory, "most": most},
    )


def _sides(rows: list[tuple[Any, ...]], before: datetime, after: datetime) -> tuple[list[Measure], list[Measure]]:
    keys = sorted({row[-2] for row in rows})
    beside = fetch(_BESIDE, {"before": before, "after": after, "keys": keys}) if keys else []
    old = [row[:-2] for row in rows if row[-1]]
    new = [row[:-2] for row in rows if not row[-1]]
    return _in_effect([*old, *beside], before), _in_effect([*new, *beside], after)


def _in_effect(rows: Sequence[tuple[Any, ...]], moment: datetime) -> list[Measure]:
    sources = sources_at(moment)
    return measures_in_effect(measure_of(row, sources) for row in rows)
