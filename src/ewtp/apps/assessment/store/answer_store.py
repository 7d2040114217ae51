"""Storing an answer in one quick statement."""

from __future__ import annotations

from django.db import connection
from psycopg import Cursor

# The commit does not wait for the disk: after a power cut the last moments' answers may be gone, and the same question
# to the same rulebook gives the same bytes under the same address again.
_KEEP = (
    "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO assessment_assessment (id, rulebook_version, content)"
    " SELECT %s::text, %s::text, %s::bytea FROM quick ON CONFLICT (id) DO NOTHING"
)


def keep(assessment_id: str, rulebook_version: str, content: bytes) -> None:
    """Store an answer's bytes; an address that is taken already holds these bytes."""
    connection.ensure_connection()
    # A prepared statement with separate values: the bytes are neither quoted here nor parsed there.
    with Cursor(connection.connection) as cursor:
        cursor.execute(_KEEP, [assessment_id, rulebook_version, content], prepare=True)
