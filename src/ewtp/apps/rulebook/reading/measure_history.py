"""One rule through time: every state in which the rulebook has known it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.record_rows import MEASURE_COLUMNS, fetch, measure_of
from ewtp.apps.rulebook.reading.version_records import sources_at

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Measure

# The index of the moment from which a row is known among the columns of a measure, counted from the end.
_KNOWN_FROM = -3


def measure_history(measure_id: str) -> tuple[Measure, ...]:
    """The states of the rule of that id, the latest known first; empty where there never was one.

    Each state cites its source as the rulebook had it then.
    """
    rows = fetch(
        f"SELECT {MEASURE_COLUMNS} FROM rulebook_measure WHERE measure_id = %s"  # noqa: S608 - our own names
        " ORDER BY lower(known) DESC, lower(validity) DESC",
        [measure_id],
    )
    sources: dict[datetime, dict[str, Source]] = {}
    for row in rows:
        moment = row[_KNOWN_FROM]
        if moment not in sources:
            sources[moment] = sources_at(moment)
    return tuple(measure_of(row, sources[row[_KNOWN_FROM]]) for row in rows)
