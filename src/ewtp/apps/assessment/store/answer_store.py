"""The store of answers, which are written by one quick statement."""

from __future__ import annotations

from django.db import connection
from psycopg import Cursor

# The commit does not wait for the disk. After a power cut the last answers may be lost; the same question to the same
# rulebook gives the same bytes under the same address again.
_INSERT = (
    "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO assessment_assessment (id, rulebook_version, content)"
    " SELECT %s::text, %s::text, %s::bytea FROM quick ON CONFLICT (id) DO NOTHING"
)


def store_answer(assessment_id: str, rulebook_version: str, content: bytes) -> None:
    """Store an answer's bytes; an address that is taken already holds these bytes."""
    connection.ensure_connection()
    # A prepared statement with separate values: the bytes are neither quoted here nor parsed there.
    with Cursor(connection.connection) as cursor:
        cursor.execute(_INSERT, [assessment_id, rulebook_version, content], prepare=True)
