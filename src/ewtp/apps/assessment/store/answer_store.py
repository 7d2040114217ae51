"""The store of answers, which are written by one quick statement."""

from __future__ import annotations

from django.db import connection
from psycopg import Cursor

# The commit waits for the disk, as every other does: an answer that was given has its address, whatever happens then.
_INSERT = (
    "INSERT INTO assessment_assessment (id, rulebook_version, content)"
    " VALUES (%s::text, %s::text, %s::bytea) ON CONFLICT (id) DO NOTHING"
)


def store_answer(assessment_id: str, rulebook_version: str, content: bytes) -> None:
    """Store an answer's bytes, durably unless a transaction is open; an address that is taken holds these bytes."""
    connection.ensure_connection()
    # A prepared statement with separate values: the bytes are neither quoted here nor parsed there.
    with Cursor(connection.connection) as cursor:
        cursor.execute(_INSERT, [assessment_id, rulebook_version, content], prepare=True)
