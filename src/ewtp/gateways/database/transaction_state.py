"""Whether anything at all was written to the database server since, in one small query."""

from __future__ import annotations

from django.db import connection


def transaction_state() -> str:
    """A text that is the same only while nobody has written anything: the transactions that are seen as committed.

    Empty inside a transaction, which sees its own writes besides. It changes with any write to any database of the
    server, so that another text tells nothing about what was written.
    https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
    """
    if connection.in_atomic_block:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])
