"""Records at places: rows of measures and lines by territory and code, hundreds of places in one command."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ewtp.apps.rulebook.reading.record_rows import LINE_COLUMNS, MEASURE_COLUMNS, fetch, lines_in_effect, measure_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Kind, Measure
    from ewtp.core.rulebook.rule import CodePlace
    from ewtp.core.rulebook.territory import TariffLine

# The database believes that each place leads to few rows by an index only where each has a command of its own.
_EACH = """
    SELECT found.* FROM unnest(%s::text[], %s::text[]) AS asked (territory, code) CROSS JOIN LATERAL (
        SELECT {columns} FROM {table} WHERE {table}.territory = asked.territory AND {table}.{code} = asked.code
        AND known @> %s::timestamptz OFFSET 0) found
    UNION ALL
    SELECT found.* FROM unnest(%s::text[], %s::text[]) AS asked (territory, code) CROSS JOIN LATERAL (
        SELECT {columns} FROM {table} WHERE {table}.territory = asked.territory
        AND {table}.{code} > asked.code AND {table}.{code} < asked.code || ':'
        AND known @> %s::timestamptz OFFSET 0) found
"""
_MEASURES = _EACH.format(columns=MEASURE_COLUMNS, table="rulebook_measure", code="prefix")
_LINES = _EACH.format(columns=LINE_COLUMNS, table="rulebook_tariffline", code="code")
_ELSEWHERE = (
    f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE territory = %s AND kind = %s"  # noqa: S608 - our own names
    " AND status <> 'proposed' AND NOT abolishes AND known @> %s::timestamptz AND prefix <> ALL(%s::text[]) LIMIT 1"
)
_NAMING = (
    f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE known @> %(moment)s::timestamptz AND direction = 'import'"  # noqa: S608 - our own names
    " AND (origins && %(names)s::text[] OR excluded_origins && %(names)s::text[]"
    " OR conditions::text LIKE ANY(%(quoted)s::text[]))"
)
# Above this many prefixes, one scan replaces the look-ups.
_MOST_PREFIXES = 1_000
# No schedule has a line for less than a chapter.
_SHORTEST_LINE = 2


def measures_at(
    places: Sequence[CodePlace], above: Sequence[CodePlace], moment: datetime, sources: dict[str, Source]
) -> list[Measure]:
    """The measures known at a moment at ``places``, and those below the codes of ``above``."""
    return [measure_of(row, sources) for row in _rows(_MEASURES, places, above, moment)]


def measures_elsewhere(
    kinds: Iterable[tuple[str, Kind]], places: Iterable[CodePlace], moment: datetime, sources: dict[str, Source]
) -> list[Measure]:
    """One measure of each territory and kind, where there is one anywhere but at ``places``."""
    by_territory: dict[str, list[str]] = defaultdict(list)
    for territory, prefix in places:
        by_territory[territory].append(prefix)
    rows = [
        row
        for territory, kind in kinds
        for row in fetch(_ELSEWHERE, [territory, kind.value, moment, sorted(by_territory[territory])])
    ]
    return [measure_of(row, sources) for row in rows]


def measures_naming(names: Iterable[str], moment: datetime, sources: dict[str, Source]) -> list[Measure]:
    """The measures on imports whose origins name one of these, or of which a condition has its text."""
    asked = sorted(names)
    escaped = [name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for name in asked]
    values = {"moment": moment, "names": asked, "quoted": [f'%"{name}"%' for name in escaped]}
    return [measure_of(row, sources) for row in fetch(_NAMING, values)]


def lines_covering(places: Sequence[CodePlace], moment: datetime) -> list[TariffLine]:
    """The lines known at a moment that lead to the code of a place, are that code, or are below it."""
    leading = {(territory, code[:n]) for territory, code in places for n in range(_SHORTEST_LINE, len(code) + 1)}
    return lines_in_effect(_rows(_LINES, sorted(leading), places, moment))


def measures_around(
    prefixes: Iterable[str],
    *,
    territories: Iterable[str],
    kinds: Iterable[Kind],
    moment: datetime,
    sources: dict[str, Source],
) -> list[Measure]:
    """The measures of these territories and kinds whose prefix leads to one of the prefixes, or is below one of them.

    Where there are very many prefixes, the result may hold other measures of these territories and kinds too.
    """
    codes = sorted(set(prefixes))
    values = {
        "territories": sorted(territories),
        "kinds": sorted(kind.value for kind in kinds),
        "moment": moment,
        "codes": codes,
        "above": sorted({code[:length] for code in codes for length in range(len(code) + 1)}),
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
    return [measure_of(row, sources) for row in {row[-1]: row for row in fetch(command, values)}.values()]


def _rows(
    command: str, at: Sequence[CodePlace], above: Sequence[CodePlace], moment: datetime
) -> Iterable[tuple[Any, ...]]:
    """The rows at places and those below others, each once."""
    values = [value for places in (at, above) for value in ([p[0] for p in places], [p[1] for p in places], moment)]
    return {row[-1]: row for row in fetch(command, values)}.values()
