"""Row locks, always taken in one order, so that two transactions never wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    Row = TypeVar("Row", bound=Model)

# The tables whose rows are locked, first to last. A transaction that locks rows of several takes them in this order.
LOCKED_TABLES = (
    *("organisations_organisation", "organisations_identifier"),
    *("barriers_barrier", "proposals_authoritykey", "proposals_appeal"),
    "proposals_proposal",
    *("hubs_followedhub", "jobs_timer", "jobs_outboxmessage"),
)


class RowLocks:
    """The locks of one transaction; RuntimeError where an earlier table is locked after a later one."""

    def __init__(self) -> None:
        self._rank = -1

    def lock_rows(self, rows: QuerySet[Row]) -> list[Row]:
        """Lock the rows until the transaction ends, by ascending primary key, and return them."""
        self._advance(rows.model._meta.db_table)  # noqa: SLF001 - Django documents this attribute
        return list(rows.order_by("pk").select_for_update())

    def lock_key(self, table: str, key: str) -> None:
        """Lock a key of a table until the transaction ends, also while no row has it."""
        self._advance(table)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{table} {key}"])

    def _advance(self, table: str) -> None:
        rank = LOCKED_TABLES.index(table)
        if rank < self._rank:
            msg = f"rows of {table} are locked before those of {LOCKED_TABLES[self._rank]}"
            raise RuntimeError(msg)
        self._rank = rank
