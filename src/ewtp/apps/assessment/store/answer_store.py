"""The store of answers that are kept, and of long questions whose answers are not."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from django.db import connection
from psycopg import Cursor

if TYPE_CHECKING:
    from datetime import datetime

# How the content of a row is written; 0 is as it was sent, as all rows of earlier versions are.
_PACKED = 1
# The commit waits for the disk, as every other does: an answer that was given has its address, whatever happens then.
_INSERT = (
    "INSERT INTO assessment_assessment (id, rulebook_version, content, packing)"
    " VALUES (%s::text, %s::text, %s::bytea, %s::smallint) ON CONFLICT (id) DO NOTHING"
)
_ASKED = (
    "INSERT INTO assessment_unkeptquestion (id, packed, expires) VALUES (%s::text, %s::bytea, %s::timestamptz)"
    " ON CONFLICT (id) DO UPDATE SET expires = greatest(assessment_unkeptquestion.expires, excluded.expires)"
)
# Rows are locked in the order of their ids, and those that another process removes are left to it.
_EXPIRE = (
    "DELETE FROM assessment_unkeptquestion WHERE id IN (SELECT id FROM assessment_unkeptquestion"
    " WHERE expires <= %s::timestamptz ORDER BY id LIMIT %s::int FOR UPDATE SKIP LOCKED)"
)
# Space that removed rows left is used again, so what rows take is counted, and not the files.
_ASKED_BYTES = "SELECT coalesce(sum(pg_column_size(packed) + 100), 0)::bigint FROM assessment_unkeptquestion"
_KEPT_BYTES = "SELECT pg_total_relation_size('assessment_assessment')"


def pack_content(content: bytes) -> bytes:
    """An answer's bytes as they are stored."""
    return zlib.compress(content, 6)


def unpack_content(stored: bytes, packing: int) -> bytes:
    """An answer's bytes as they were sent."""
    return zlib.decompress(stored) if packing == _PACKED else stored


def store_answer(assessment_id: str, rulebook_version: str, packed: bytes) -> bool:
    """Store an answer's packed bytes, durably unless a transaction is open; False where the address is taken."""
    connection.ensure_connection()
    # A prepared statement with separate values: the bytes are neither quoted here nor parsed there.
    # Django's own cursors name the driver's errors as Django does, by which a request is told that the disk is full.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(_INSERT, [assessment_id, rulebook_version, packed, _PACKED], prepare=True)
        added: bool = cursor.rowcount == 1
    return added


def store_question(assessment_id: str, packed: bytes, expires: datetime) -> None:
    """Store a packed question until it expires; one that is stored expires no earlier than before."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [assessment_id, packed, expires])


def remove_expired_questions(before: datetime, limit: int) -> int:
    """Remove up to ``limit`` questions that expired; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, [before, limit])
        return int(cursor.rowcount)


def measure_kept_bytes() -> int:
    """The disk that kept answers take, indexes included."""
    return _number(_KEPT_BYTES)


def measure_unkept_bytes() -> int:
    """About how much of the disk is in use for questions whose answers are not kept."""
    return _number(_ASKED_BYTES)


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
