"""What the rulebook knew at one of two moments alone, and the law that lies around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.queries import MEASURE_COLUMNS, fetch, measure_of, prefixes_of, sources_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ewtp.core.rulebook.measure import Kind, Measure

_ONLY_ONE = "(known @> %(before)s::timestamptz) <> (known @> %(after)s::timestamptz)"
# Of so many prefixes the database is not asked one by one.
_MOST_PREFIXES = 1_000
_FRAME = ("rulebook_territory", "rulebook_group", "rulebook_tariffline")


def measures_between(before: datetime, after: datetime, most: int) -> list[Measure] | None:
    """The measures known at one of the moments alone, each as it was or is.

    None where they are more than ``most``, or where territories, groups or lines differ too.
    """
    moments = {"before": before, "after": after, "most": most + 1}
    for table in _FRAME:
        if fetch(f"SELECT 1 FROM {table} WHERE {_ONLY_ONE} LIMIT 1", moments):  # noqa: S608 - our own names
            return None
    rows = fetch(f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE {_ONLY_ONE} LIMIT %(most)s", moments)  # noqa: S608 - our own names
    if len(rows) > most:
        return None
    sources = {**sources_at(before), **sources_at(after)}
    return [measure_of(row, sources) for row in rows]


def measures_around(
    territories: Iterable[str], kinds: Iterable[Kind], *, prefixes: Iterable[str], moment: datetime
) -> list[Measure]:
    """The measures of these kinds whose prefix leads to one of the prefixes, or lies below one of them.

    Where the prefixes are very many, there may be others among them.
    """
    codes = sorted(set(prefixes))
    values = {
        "territories": sorted(territories),
        "kinds": sorted(kind.value for kind in kinds),
        "moment": moment,
        "codes": codes,
        "above": sorted(prefixes_of(codes)),
    }
    held = "m.territory = ANY(%(territories)s) AND m.kind = ANY(%(kinds)s) AND m.known @> %(moment)s::timestamptz"
    rules = f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure m"  # noqa: S608 - our own names
    if len(codes) > _MOST_PREFIXES:
        command = f"{rules} WHERE {held}"
    else:
        command = (
            f"{rules} WHERE {held} AND m.prefix = ANY(%(above)s) UNION ALL {rules}"
            f" JOIN unnest(%(codes)s::text[]) AS code ON m.prefix > code AND m.prefix < code || ':' WHERE {held}"
        )
    rows = fetch(command, values)
    sources = sources_at(moment)
    return [measure_of(row, sources) for row in {row[-1]: row for row in rows}.values()]
