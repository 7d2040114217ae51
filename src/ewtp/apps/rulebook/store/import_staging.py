"""Bulk import of records into the rulebook: stage by COPY, decide key by key, store by set.

Everything here runs inside the caller's transaction. ``Staging`` only fills temporary tables and reads, so a
caller that gives up has changed nothing.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from ewtp.apps.rulebook.store.record_tables import SHELF_OF, SHELVES, Shelf, range_text
from ewtp.core.rulebook.edition import Incoming, Known, decide
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BATCH_ROWS = 5_000
_ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Plan:
    """The changes to make on one shelf; ``counts`` are of records of the file, ``"ended"`` of rows known before."""

    shelf: Shelf
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


_CLOSE = """
    UPDATE {table} AS r
    SET known = tstzrange(lower(r.known), (SELECT published_at FROM rulebook_version WHERE number = %(version)s))
    FROM decided AS d WHERE d.what = 'close' AND d.number = r.id
"""
_AGAIN = """
    INSERT INTO {table} ({stored}, known, version{validity})
    SELECT {from_row}, tstzrange(v.published_at, NULL), v.number{period_again}
    FROM {table} AS r JOIN decided AS d ON d.what = 'again' AND d.number = r.id
        JOIN rulebook_version AS v ON v.number = %(version)s
    ORDER BY r.id, d.validity
"""
_RECORD = """
    INSERT INTO {table} ({stored}, known, version{validity})
    SELECT {from_stage}, tstzrange(v.published_at, NULL), v.number{period}
    FROM {staged} AS s JOIN decided AS d ON d.what = 'record' AND d.number = s.record
        JOIN rulebook_version AS v ON v.number = %(version)s
    ORDER BY s.record, d.validity
"""


class Staging:
    """The records of one file (or of the seed), waiting in temporary tables to be decided on."""

    def __init__(self) -> None:
        self.staged: dict[str, int] = defaultdict(int)
        self.families: dict[str, dict[str, date]] = defaultdict(dict)
        self.faults: list[tuple[int, str, str]] = []
        self.children: dict[int, tuple[tuple[Any, ...], ...]] = {}
        self._record = 0
        self._buffers: dict[str, list[tuple[Any, ...]]] = {}
        for shelf in SHELVES:
            self._buffers[shelf.name] = []
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_temporary(shelf)))
                cursor.execute(
                    sql.SQL(
                        "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT 0::bigint AS record, family, key, digest,"
                        " NULL::daterange AS validity, {} FROM {} WITH NO DATA",
                    ).format(_temporary(shelf), _names(shelf.columns), sql.Identifier(shelf.table)),
                )

    def add(self, value: object) -> None:
        """Stage a record; one that its table could not hold is kept in ``faults`` as (number, code, text)."""
        shelf = SHELF_OF[type(value)]
        self._record += 1
        row = shelf.row(value)
        if isinstance(row, str):
            self.faults.append((self._record, row, str(getattr(value, "reference", value))[:80]))
            return
        start = row.validity.start
        days = self.families[shelf.name]
        if start < days.get(row.family, date.max):
            days[row.family] = start
        if row.children:
            self.children[self._record] = row.children
        buffer = self._buffers[shelf.name]
        buffer.append((self._record, row.family, row.key, row.content, range_text(row.validity), *row.values))
        if len(buffer) >= _BATCH_ROWS:
            self._flush(shelf)

    def finish(self) -> None:
        """Write the buffered rows into the temporary tables."""
        for shelf in SHELVES:
            self._flush(shelf)
            if self.staged[shelf.name]:
                with connection.cursor() as cursor:
                    cursor.execute(sql.SQL("ANALYZE {}").format(_temporary(shelf)))

    def _flush(self, shelf: Shelf) -> None:
        buffer = self._buffers[shelf.name]
        if not buffer:
            return
        columns = ("record", "family", "key", "digest", "validity", *shelf.columns)
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(_temporary(shelf), _names(columns))
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            for row in buffer:
                copy.write_row(row)
        self.staged[shelf.name] += len(buffer)
        buffer.clear()

    def reference(self, shelf: Shelf, record: int) -> str:
        """The name that people know a staged record by: a measure's reference, or its code or name."""
        column = "reference" if "reference" in shelf.columns else shelf.columns[min(1, len(shelf.columns) - 1)]
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT {}::text FROM {} WHERE record = %s").format(sql.Identifier(column), _temporary(shelf)),
                [record],
            )
            found = cursor.fetchone()
        return str(found[0])[:80] if found else ""


def plan_shelf(shelf: Shelf, effective: Mapping[str, date], *, partial: bool = False) -> Plan:
    """Decide on every staged record of a shelf; ``effective`` holds every family the file states, with its day.

    A ``partial`` file speaks only of the products it names, and leaves the rest of its families alone.
    """
    plan = Plan(shelf)
    changes = hashlib.sha256()
    for (key, _), rows in groupby(_compared(shelf, effective, partial=partial), key=itemgetter(0, 1)):
        known, incoming = [], []
        for _, _, is_known, number, family, content, start, end in rows:
            validity = Period(start, end - _ONE_DAY if end else None)
            if is_known:
                known.append(Known(number, family, content, validity))
            else:
                incoming.append(Incoming(number, family, content, validity))
        own = {one.record: one.validity for one in incoming}
        made = decide(known, incoming, effective)
        plan.close.extend(made.close)
        plan.again += made.again
        for record, period in made.record:
            if period == own[record]:
                plan.whole.append(record)
            else:
                plan.pieces.append((record, period))
        plan.refused += made.refused
        if made.close or made.again or made.record:
            said = {one.record: one.content for one in incoming} | {-row.row: row.content for row in known}
            closed = [said[-row] for row in made.close]
            stored = [(said[-row], period) for row, period in made.again]
            stored += [(said[record], period) for record, period in made.record]
            changes.update(repr((key.hex, closed, [(c, range_text(p)) for c, p in stored])).encode())
        for name in ("new", "superseded", "unchanged", "ended"):
            plan.counts[name] += getattr(made, name)
        plan.counts["refused"] += len(made.refused)
    plan.fingerprint = changes.digest()
    return plan


def renew_sources(plan: Plan) -> None:
    """Record again the staged sources whose content is unchanged but that were retrieved on another day.

    The rules of such an import are cited as of that day. An import that changes no rule leaves the sources alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT r.id, s.record, s.retrieved::text FROM {table} AS r JOIN {staged} AS s USING (key, digest)"
                " WHERE upper_inf(r.known) AND r.retrieved <> s.retrieved ORDER BY r.source_id",
            ).format(table=sql.Identifier(plan.shelf.table), staged=_temporary(plan.shelf)),
        )
        renewed = cursor.fetchall()
    plan.close.extend(row for row, _, _ in renewed)
    plan.whole.extend(record for _, record, _ in renewed)
    plan.counts["unchanged"] -= len(renewed)
    plan.counts["superseded"] += len(renewed)
    days = [day for _, _, day in renewed]
    plan.fingerprint = hashlib.sha256(plan.fingerprint + repr(days).encode()).digest() if days else plan.fingerprint


def _compared(shelf: Shelf, effective: Mapping[str, date], *, partial: bool) -> Iterator[tuple[Any, ...]]:
    """Rows ``(key, layer, is_known, number, family, content, start, end)`` in order of key and layer.

    The decision sees every known row of a key and layer that the file states or touches.
    """
    validity = sql.SQL("validity") if shelf.dated else sql.SQL("daterange('0001-01-01', NULL)")
    command = sql.SQL(
        """
        WITH known AS (
            SELECT id, family, key, {layer} AS layer, digest, {validity} AS validity
            FROM {table} LEFT JOIN (SELECT DISTINCT key, true AS touched FROM {staged}) AS keys USING (key)
            WHERE upper_inf(known) AND ((family = ANY(%(families)s) AND {spoken_of}) OR touched)
        )
        SELECT key, layer, is_known, number, family, digest::text, lower(validity), upper(validity) FROM (
            SELECT key, layer, true AS is_known, id AS number, family, digest, validity FROM known
            UNION ALL
            SELECT key, {layer}, false, record, family, digest, validity FROM {staged}
        ) AS compared ORDER BY key, layer, is_known DESC, number
        """,
    ).format(
        layer=sql.Identifier(shelf.layer) if shelf.layer else sql.SQL("''::text"),
        validity=validity,
        table=sql.Identifier(shelf.table),
        staged=_temporary(shelf),
        spoken_of=_spoken_of(shelf) if partial else sql.SQL("true"),
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(command, {"families": list(effective)})
        while rows := cursor.fetchmany(_BATCH_ROWS):
            yield from rows


def _spoken_of(shelf: Shelf) -> sql.Composable:
    """The condition for a known row to be about a product that the file names; without products there is none."""
    if not shelf.product:
        return sql.SQL("false")
    return sql.SQL("{product} IN (SELECT {product} FROM {staged})").format(
        product=sql.Identifier(shelf.product),
        staged=_temporary(shelf),
    )


def store_plan(plan: Plan, *, version: int, children: Mapping[int, tuple[tuple[Any, ...], ...]]) -> None:
    """Carry a plan out for a version that has just been published."""
    shelf = plan.shelf
    stored = ("family", "key", "digest", *shelf.columns)
    names = {
        "table": sql.Identifier(shelf.table),
        "staged": _temporary(shelf),
        "stored": _names(stored),
        "from_stage": _names(stored, "s"),
        "from_row": _names(stored, "r"),
        "validity": sql.SQL(", validity") if shelf.dated else sql.SQL(""),
        "period": sql.SQL(", coalesce(d.validity, s.validity)") if shelf.dated else sql.SQL(""),
        "period_again": sql.SQL(", d.validity") if shelf.dated else sql.SQL(""),
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS decided")
        cursor.execute("CREATE TEMPORARY TABLE decided (what text, number bigint, validity daterange) ON COMMIT DROP")
        with cursor.copy("COPY decided FROM STDIN") as copy:
            for row in plan.close:
                copy.write_row(("close", row, None))
            for row, period in plan.again:
                copy.write_row(("again", row, range_text(period)))
            for record in plan.whole:
                copy.write_row(("record", record, None))
            for record, period in plan.pieces:
                copy.write_row(("record", record, range_text(period)))
        cursor.execute("ANALYZE decided")
        # Before a new row is known, the row it replaces stops being known at the same moment.
        for command in (_CLOSE, _AGAIN, _RECORD):
            cursor.execute(sql.SQL(command).format(**names), {"version": version})
        if shelf.child:
            _store_children(shelf, plan, version, children)


def _store_children(
    shelf: Shelf,
    plan: Plan,
    version: int,
    children: Mapping[int, tuple[tuple[Any, ...], ...]],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT s.record, r.id FROM {} AS r JOIN {} AS s USING (key) WHERE r.version = %s").format(
                sql.Identifier(shelf.table),
                _temporary(shelf),
            ),
            [version],
        )
        parents = dict(cursor.fetchall())
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(shelf.child),
            _names((shelf.child_parent, *shelf.child_columns)),
        )
        with cursor.copy(command) as copy:
            for record in plan.whole:
                for child in children.get(record, ()):
                    copy.write_row((parents[record], *child))


def drop_guards(shelf: Shelf) -> list[tuple[str, str]]:
    """Take the exclusion constraints of an empty table away, for ``build_guards`` to build them at one go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'x'",
            [shelf.table],
        )
        guards: list[tuple[str, str]] = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(shelf.table), sql.Identifier(name)),
            )
    return guards


def build_guards(shelf: Shelf, guards: list[tuple[str, str]]) -> None:
    """Build the constraints again over everything that is in the table now; a contradiction in it is an error."""
    with connection.cursor() as cursor:
        for name, definition in guards:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                    sql.Identifier(shelf.table),
                    sql.Identifier(name),
                    sql.SQL(definition),
                ),
            )


def _temporary(shelf: Shelf) -> sql.Identifier:
    return sql.Identifier(f"staged_{shelf.name}")


def _names(columns: tuple[str, ...], prefix: str = "") -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(prefix, c) if prefix else sql.Identifier(c) for c in columns)
