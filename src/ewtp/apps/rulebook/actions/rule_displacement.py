"""Adopted rules that an import displaces: its law was stated after them, and says otherwise."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from psycopg import sql

from ewtp.apps.rulebook.reading.record_rows import MEASURE_COLUMNS, STATED_COLUMNS, fetch, measure_of
from ewtp.apps.rulebook.reading.version_records import sources_at
from ewtp.apps.rulebook.store.record_tables import MEASURES, SOURCES
from ewtp.apps.rulebook.store.temporary_tables import stage_table
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.displacement import Displacement, displacements_of
from ewtp.core.rulebook.measure import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.rulebook.store.change_plan import ChangePlan
    from ewtp.core.rulebook.measure import Measure

_LATEST = datetime.max.replace(tzinfo=UTC)
# The keys of staged records that an act has rules under.
_KEYS = sql.SQL(
    "SELECT s.record, s.key FROM {staged} AS s WHERE EXISTS (SELECT FROM rulebook_measure AS m"
    " WHERE m.key = s.key AND m.status = 'adopted' AND upper_inf(m.known))"
)
_KNOWN = f"SELECT {MEASURE_COLUMNS}, key FROM rulebook_measure WHERE key = ANY(%s) AND upper_inf(known) ORDER BY id"  # noqa: S608 - our own names
_STAGED = sql.SQL("SELECT {columns} FROM {staged} WHERE key = ANY(%s)").format(
    columns=sql.SQL(f"{STATED_COLUMNS}, NULL, NULL, record, key"),
    staged=stage_table(MEASURES),
)


def displace_rules(*, plans: Mapping[str, ChangePlan]) -> tuple[Displacement, ...]:
    """Take from adopted measures the days on which the planned law contradicts them; the plan then closes their rows.

    What is left of such a measure is recorded again, so that the days stay lost when the law changes back.
    """
    plan = plans.get(MEASURES.name)
    planned = dict.fromkeys(plan.whole) | dict(plan.pieces) if plan else {}
    if plan is None or not planned:
        return ()
    keys = {key for record, key in fetch(_KEYS.format(staged=stage_table(MEASURES)), []) if record in planned}
    if not keys:
        return ()
    sources = _sources()
    known = [(row[-2], row[-1], measure_of(row[:-1], sources)) for row in fetch(_KNOWN, [list(keys)])]
    stated = _find_stated(plan, keys, sources)
    found: list[Displacement] = []
    changes = []
    for row, key, adopted in known:
        if adopted.status is not Status.ADOPTED:
            continue
        before = [law for _, other, law in known if other == key and law.status is Status.LAW]
        displaced = displacements_of(adopted, before=before, stated=[law for other, law in stated if other == key])
        if not displaced:
            continue
        left = [adopted.validity]
        for one in displaced:
            left = [piece for period in left for piece in period.without(one.days)]
        plan.close.append(row)
        plan.again += [(row, period) for period in left]
        changes.append((row, repr(left)))
        found += displaced
    if changes:
        plan.fingerprint = hashlib.sha256(plan.fingerprint + repr(changes).encode()).digest()
    return tuple(found)


def _sources() -> dict[str, Source]:
    """The sources as they are known, and as the import states them."""
    staged = fetch(
        sql.SQL(
            "SELECT source_id, title, publisher, published, retrieved, licence, url, carrier FROM {}",
        ).format(stage_table(SOURCES)),
        [],
    )
    return sources_at(_LATEST) | {row[0]: Source(*row) for row in staged}


def _find_stated(plan: ChangePlan, keys: set[Any], sources: Mapping[str, Source]) -> list[tuple[Any, Measure]]:
    """The law that the plan records under these keys, each measure for the days that are recorded."""
    rows = fetch(_STAGED, [list(keys)])
    staged = {row[-2]: (row[-1], measure_of(row[:-1], dict(sources))) for row in rows}
    whole = [staged[record] for record in plan.whole if record in staged]
    pieces = [
        (staged[record][0], replace(staged[record][1], validity=period))
        for record, period in plan.pieces
        if record in staged
    ]
    return [*whole, *pieces]
