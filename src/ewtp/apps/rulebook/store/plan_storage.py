"""Storing what an import changes: rows are closed, recorded again and recorded, in a few commands for a whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from ewtp.apps.rulebook.store.record_tables import range_text
from ewtp.apps.rulebook.store.temporary_tables import column_names, stage_table
from ewtp.gateways.database.roles import owner_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.rulebook.store.change_plan import ChangePlan
    from ewtp.apps.rulebook.store.record_tables import RecordTable

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


def store_plan(plan: ChangePlan, *, version: int, children: Mapping[int, tuple[tuple[Any, ...], ...]]) -> None:
    """Store a plan for a version that has just been published; ``children`` are the staged ones."""
    guards = _drop_guards(plan.table) if _is_empty(plan.table) else []
    _store_rows(plan, version)
    if plan.table.child:
        _store_children(plan.table, plan, version, children)
    _build_guards(guards)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {plan.table.db_table}")


def _is_empty(table: RecordTable) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table.db_table})")  # noqa: S608 - our own name
        return bool(cursor.fetchone()[0])


def _store_rows(plan: ChangePlan, version: int) -> None:
    table = plan.table
    stored = ("stated_by", "key", "digest", *table.stored_columns)
    names = {
        "table": sql.Identifier(table.db_table),
        "staged": stage_table(table),
        "stored": column_names(stored),
        "from_stage": column_names(stored, "s"),
        "from_row": column_names(stored, "r"),
        "validity": sql.SQL(", validity") if table.dated else sql.SQL(""),
        "period": sql.SQL(", coalesce(d.validity, s.validity)") if table.dated else sql.SQL(""),
        "period_again": sql.SQL(", d.validity") if table.dated else sql.SQL(""),
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
        # Before anything new is known, what it replaces stops being known at the same moment.
        for command in (_CLOSE, _AGAIN, _RECORD):
            cursor.execute(sql.SQL(command).format(**names), {"version": version})


def _store_children(
    table: RecordTable,
    plan: ChangePlan,
    version: int,
    children: Mapping[int, tuple[tuple[Any, ...], ...]],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT s.record, r.id FROM {} AS r JOIN {} AS s USING (key) WHERE r.version = %s").format(
                sql.Identifier(table.db_table),
                stage_table(table),
            ),
            [version],
        )
        parents = dict(cursor.fetchall())
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.child),
            column_names((table.child_parent, *table.child_columns)),
        )
        with cursor.copy(command) as copy:
            for record in plan.whole:
                for child in children.get(record, ()):
                    copy.write_row((parents[record], *child))


def _drop_guards(table: RecordTable) -> list[str]:
    """Take the exclusion constraints and the indexes of an empty table away: built at one go, they take less time.

    The commands are returned that ``_build_guards`` builds them with. The primary key stays.
    """
    guards: list[str] = []
    # Constraints and indexes belong to the owner of the table.
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'x'",
            [table.db_table],
        )
        for name, definition in cursor.fetchall():
            names = {"table": sql.Identifier(table.db_table), "name": sql.Identifier(name)}
            cursor.execute(sql.SQL("ALTER TABLE {table} DROP CONSTRAINT {name}").format(**names))
            added = sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} ").format(**names)
            guards.append(added.as_string(cursor.connection) + definition)
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT indisunique",
            [table.db_table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            guards.append(definition)
    return guards


def _build_guards(guards: list[str]) -> None:
    """Build them again over everything that is in the table now; a contradiction in it is an error."""
    with owner_work(connection), connection.cursor() as cursor:
        for command in guards:
            cursor.execute(command)
