"""What an import changes in a table: decided key by key, while known and staged rows stream from the database."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from ewtp.apps.rulebook.store.record_tables import RecordTable, range_text
from ewtp.apps.rulebook.store.temporary_tables import stage_table
from ewtp.core.rulebook.edition import Incoming, Known, decide
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

_BATCH_ROWS = 5_000
_ONE_DAY = timedelta(days=1)
# What ``_plan_key`` adds to the fingerprint for a key with one new record, written by the database.
_FINGERPRINT_ALONE = """
    format('(''%%s'', [], [(''%%s'', ''[%%s,%%s]'')])', replace(key::text, '-', ''), digest,
        to_char(lower(validity), 'YYYY-MM-DD'), coalesce(to_char(upper(validity) - 1, 'YYYY-MM-DD'), ''))
"""


@dataclass(slots=True)
class ChangePlan:
    """What is to be done on one table; ``counts`` are of records of the file, ``"ended"`` of rows known before."""

    table: RecordTable
    close: array[int] = field(default_factory=lambda: array("q"))
    again: list[tuple[int, Period]] = field(default_factory=list)
    # Most records are stored for the period they came with, which needs no more than their number.
    whole: array[int] = field(default_factory=lambda: array("q"))
    pieces: list[tuple[int, Period]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    # Covers every key, content and period that is closed or recorded, in order of key.
    fingerprint: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.close or self.again or self.whole or self.pieces)


def plan_table(table: RecordTable, effective: Mapping[str, date], *, taken: date | None = None) -> ChangePlan:
    """Decide on every staged record of a table; ``effective`` holds every statement of the file, with its day.

    ``taken`` is the day on which a file was taken that speaks only of the products it names, and only of what holds
    then: it leaves the rest of its statements alone, what it omits ends on the day before, and what it states replaces
    only what its own first day replaces.
    """
    plan = ChangePlan(table)
    changes = hashlib.sha256()
    for key, rows in groupby(_compare_rows(table, effective, partial=taken is not None), key=itemgetter(0)):
        if key is None:
            # Nothing else is known or stated under their keys: such records are news, and most of a first import.
            for _, _, number, _, said, *_ in rows:
                plan.whole.append(number)
                changes.update(said.encode())
                plan.counts["new"] += 1
        else:
            changes.update(_plan_key(plan, key, rows, effective, taken))
    plan.fingerprint = changes.digest()
    return plan


def _plan_key(
    plan: ChangePlan,
    key: UUID,
    rows: Iterable[tuple[Any, ...]],
    effective: Mapping[str, date],
    taken: date | None,
) -> bytes:
    """Put into the plan what changes under one key; what the fingerprint covers of it, empty where nothing does."""
    known, incoming = [], []
    for _, is_known, number, stated_by, content, start, end in rows:
        validity = _period(start, end)
        if is_known:
            known.append(Known(number, stated_by, content, validity))
        else:
            incoming.append(Incoming(number, stated_by, content, validity))
    own = {one.record: one.validity for one in incoming}
    days = effective
    if taken is not None and plan.table.dated:
        first = min((one.validity.start for one in incoming), default=taken)
        days = {stated_by: max(first, day) for stated_by, day in effective.items()}
    made = decide(known, incoming, days)
    plan.close.extend(made.close)
    plan.again += made.again
    for record, period in made.record:
        if period == own[record]:
            plan.whole.append(record)
        else:
            plan.pieces.append((record, period))
    plan.refused += made.refused
    for name in ("new", "superseded", "unchanged", "ended"):
        plan.counts[name] += getattr(made, name)
    plan.counts["refused"] += len(made.refused)
    if not (made.close or made.again or made.record):
        return b""
    said = {one.record: one.content for one in incoming} | {-row.row: row.content for row in known}
    closed = [said[-row] for row in made.close]
    stored = [(said[-row], period) for row, period in made.again]
    stored += [(said[record], period) for record, period in made.record]
    return repr((key.hex, closed, [(c, range_text(p)) for c, p in stored])).encode()


def plan_adoption(table: RecordTable) -> ChangePlan:
    """The plan for the staged records of the adopted layer: each takes its days from what was adopted earlier.

    Staged records of one key must not share a day. Law is left alone.
    """
    plan = ChangePlan(table)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT record, key, digest::text, lower(validity), upper(validity) FROM {} ORDER BY record"
            ).format(stage_table(table))
        )
        staged = [(*row[:3], _period(*row[3:])) for row in cursor.fetchall()]
        cursor.execute(
            sql.SQL(
                "SELECT id, key, digest::text, lower(validity), upper(validity) FROM {table} WHERE upper_inf(known)"
                " AND {adopted} AND key IN (SELECT key FROM {staged}) ORDER BY id"
            ).format(
                table=sql.Identifier(table.db_table), adopted=_of_layer(table, "adopted"), staged=stage_table(table)
            ),
        )
        known = [(*row[:3], _period(*row[3:])) for row in cursor.fetchall()]
    changes = []
    for row, key, content, validity in known:
        taken = [period for _, other, _, period in staged if other == key and period.overlaps(validity)]
        if taken:
            left = [validity]
            for period in taken:
                left = [piece for days in left for piece in days.without(period)]
            plan.close.append(row)
            plan.again += [(row, period) for period in left]
            changes.append((key.hex, content, [range_text(period) for period in left]))
    plan.whole.extend(record for record, *_ in staged)
    replaced = {key for _, key, *_ in known}
    for _, key, content, validity in staged:
        plan.counts["superseded" if key in replaced else "new"] += 1
        changes.append((key.hex, content, [range_text(validity)]))
    plan.fingerprint = hashlib.sha256(repr(sorted(changes)).encode()).digest()
    return plan


def renew_sources(plan: ChangePlan) -> None:
    """Record the staged sources again that say what they said but were retrieved on another day.

    The rules of such an import are cited as of that day. An import that changes no rule leaves the sources alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT r.id, s.record, s.retrieved::text FROM {table} AS r JOIN {staged} AS s USING (key, digest)"
                " WHERE upper_inf(r.known) AND r.retrieved <> s.retrieved ORDER BY r.source_id",
            ).format(table=sql.Identifier(plan.table.db_table), staged=stage_table(plan.table)),
        )
        renewed = cursor.fetchall()
    plan.close.extend(row for row, _, _ in renewed)
    plan.whole.extend(record for _, record, _ in renewed)
    plan.counts["unchanged"] -= len(renewed)
    plan.counts["superseded"] += len(renewed)
    days = [day for _, _, day in renewed]
    plan.fingerprint = hashlib.sha256(plan.fingerprint + repr(days).encode()).digest() if days else plan.fingerprint


def _of_layer(table: RecordTable, layer: str) -> sql.Composable:
    """The condition for a row to be of a layer; a table without layers holds one alone."""
    if not table.layer:
        return sql.SQL("true")
    return sql.SQL("{} = {}").format(sql.Identifier(table.layer), sql.Literal(layer))


def _period(start: date, end: date | None) -> Period:
    return Period(start, end - _ONE_DAY if end else None)


def _compare_rows(table: RecordTable, effective: Mapping[str, date], *, partial: bool) -> Iterator[tuple[Any, ...]]:
    """Rows ``(key, is_known, number, stated_by, content, start, end)`` in order of key.

    The decision sees every known row of law under a key that the file states or touches; adopted rows are not an
    import's to see. A record that is alone under its key comes without one, and has as content what the fingerprint
    covers of it.
    """
    validity = sql.SQL("validity") if table.dated else sql.SQL("daterange('0001-01-01', NULL)")
    command = sql.SQL(
        """
        WITH known AS (
            SELECT id, stated_by, key, digest, {validity} AS validity
            FROM {table} LEFT JOIN (SELECT DISTINCT key, true AS touched FROM {staged}) AS keys USING (key)
            WHERE upper_inf(known) AND {of_law} AND ((stated_by = ANY(%(statements)s) AND {spoken_of}) OR touched)
        ), compared AS (
            SELECT key, is_known, number, stated_by, digest, validity,
                NOT is_known AND count(*) OVER (PARTITION BY key) = 1 AS alone
            FROM (
                SELECT key, true AS is_known, id AS number, stated_by, digest, validity FROM known
                UNION ALL
                SELECT key, false, record, stated_by, digest, validity FROM {staged}
            ) AS both_sides
        )
        SELECT CASE WHEN NOT alone THEN key END, is_known, number, CASE WHEN NOT alone THEN stated_by END,
            CASE WHEN alone THEN {fingerprint} ELSE digest::text END,
            CASE WHEN NOT alone THEN lower(validity) END, CASE WHEN NOT alone THEN upper(validity) END
        FROM compared ORDER BY compared.key, is_known DESC, number
        """,
    ).format(
        validity=validity,
        table=sql.Identifier(table.db_table),
        staged=stage_table(table),
        of_law=_of_layer(table, "law"),
        spoken_of=_condition_of_products(table) if partial else sql.SQL("true"),
        fingerprint=sql.SQL(_FINGERPRINT_ALONE),
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(command, {"statements": list(effective)})
        while rows := cursor.fetchmany(_BATCH_ROWS):
            yield from rows


def _condition_of_products(table: RecordTable) -> sql.Composable:
    """The condition for a known row to be about a product that the file names; without products there is none."""
    if not table.product:
        return sql.SQL("false")
    return sql.SQL("{product} IN (SELECT {product} FROM {staged})").format(
        product=sql.Identifier(table.product),
        staged=stage_table(table),
    )
