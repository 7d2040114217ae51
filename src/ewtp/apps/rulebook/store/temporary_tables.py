"""The records of one file, or of the seed, in temporary tables: what an import compares and stores by set.

Everything here runs inside the caller's transaction. Nothing but temporary tables is written, so a caller that gives up
has changed nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg import sql

from ewtp.apps.rulebook.store.record_tables import ADOPTED, RECORD_TABLES, TABLE_OF, RecordTable, digest, range_text
from ewtp.core.rulebook.measure import Measure, Status
from ewtp.core.rulebook.territory import TariffLine

if TYPE_CHECKING:
    from ewtp.apps.rulebook.store.record_tables import RecordRow
    from ewtp.core.rulebook.adoption import AdoptedRecord

_BATCH_ROWS = 5_000
_OF_LAW = {"layer": "law", "adopted_from": "", "abolishes": False}


class StagedRecords:
    """Stages records by COPY.

    ``staged`` counts the records by table, ``first_days`` has the first day of each statement by table, ``faults`` the
    records that no table can hold as (number, code, text), and ``children`` the rows of child tables by record.
    """

    def __init__(self) -> None:
        self.staged: dict[str, int] = defaultdict(int)
        self.first_days: dict[str, dict[str, date]] = defaultdict(dict)
        self.faults: list[tuple[int, str, str]] = []
        self.children: dict[int, tuple[tuple[Any, ...], ...]] = {}
        self._record = 0
        self._buffers: dict[str, list[tuple[Any, ...]]] = {}
        for table in RECORD_TABLES:
            self._buffers[table.name] = []
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(stage_table(table)))
                cursor.execute(
                    sql.SQL(
                        "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT 0::bigint AS record, stated_by, key,"
                        " digest, NULL::daterange AS validity, {} FROM {} WITH NO DATA",
                    ).format(stage_table(table), column_names(table.stored_columns), sql.Identifier(table.db_table)),
                )

    def add(self, value: object) -> None:
        """Stage a record of law, or add it to ``faults``."""
        table = TABLE_OF[type(value)]
        self._record += 1
        row = table.row(value) if getattr(value, "status", Status.LAW) is Status.LAW else "status_not_law"
        if isinstance(row, str):
            self.faults.append((self._record, row, str(getattr(value, "reference", value))[:80]))
            return
        self._stage(table, row, tuple(_OF_LAW[column] for column in table.adoption_columns))

    def add_adopted(self, adopted: AdoptedRecord) -> None:
        """Stage a record of the adopted layer, or add it to ``faults``."""
        table = TABLE_OF[type(adopted.record)] if isinstance(adopted.record, Measure | TariffLine) else ADOPTED
        self._record += 1
        row = table.row(adopted.record)
        if isinstance(row, str):
            self.faults.append((self._record, row, str(getattr(adopted.record, "reference", adopted.record))[:80]))
            return
        act = adopted.act
        columns = {"layer": "adopted", "adopted_from": act.adopted_from, "abolishes": adopted.abolishes}
        content = digest("\x1f".join((row.content, act.source.id, act.adopted_from, str(adopted.abolishes))))
        row = replace(row, stated_by=act.source.id, content=content, validity=adopted.validity)
        self._stage(table, row, tuple(columns[column] for column in table.adoption_columns))

    def _stage(self, table: RecordTable, row: RecordRow, adoption: tuple[Any, ...]) -> None:
        start = row.validity.start
        days = self.first_days[table.name]
        if start < days.get(row.stated_by, date.max):
            days[row.stated_by] = start
        if row.children:
            self.children[self._record] = row.children
        buffer = self._buffers[table.name]
        buffer.append(
            (self._record, row.stated_by, row.key, row.content, range_text(row.validity), *row.values, *adoption)
        )
        if len(buffer) >= _BATCH_ROWS:
            self._flush(table)

    def finish(self) -> None:
        """Write buffered rows to the temporary tables."""
        for table in RECORD_TABLES:
            self._flush(table)
            if self.staged[table.name]:
                with connection.cursor() as cursor:
                    cursor.execute(sql.SQL("ANALYZE {}").format(stage_table(table)))

    def _flush(self, table: RecordTable) -> None:
        buffer = self._buffers[table.name]
        if not buffer:
            return
        columns = ("record", "stated_by", "key", "digest", "validity", *table.stored_columns)
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(stage_table(table), column_names(columns))
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            for row in buffer:
                copy.write_row(row)
        self.staged[table.name] += len(buffer)
        buffer.clear()

    def reference(self, table: RecordTable, record: int) -> str:
        """The text by which people recognise a staged record: a measure's reference, or its code or name."""
        column = "reference" if "reference" in table.columns else table.columns[min(1, len(table.columns) - 1)]
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT {}::text FROM {} WHERE record = %s").format(sql.Identifier(column), stage_table(table)),
                [record],
            )
            found = cursor.fetchone()
        return str(found[0])[:80] if found else ""


def stage_table(table: RecordTable) -> sql.Identifier:
    """The temporary table of staged records."""
    return sql.Identifier(f"staged_{table.name}")


def column_names(columns: tuple[str, ...], prefix: str = "") -> sql.Composed:
    """Columns with commas between them, each of the table called ``prefix``."""
    return sql.SQL(", ").join(sql.Identifier(prefix, c) if prefix else sql.Identifier(c) for c in columns)
