"""Storing many small answers quickly: requests that end at the same moment share one statement and one commit.

Whoever comes while another thread writes waits in line; the next one to write takes everything that waits along. Alone,
an answer is written at once. Nobody is told that an answer is stored before it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.db import connection
from psycopg import Cursor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The commit does not wait for the disk: after a power cut the last moments' answers may be gone, and the same question
# to the same rulebook gives the same bytes under the same address again.
_KEEP = (
    "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
    " INSERT INTO assessment_assessment (id, rulebook_version, content)"
    " SELECT DISTINCT ON (row.id) row.id, row.version, row.content"
    " FROM quick, unnest(%s::text[], %s::text[], %s::bytea[]) AS row (id, version, content)"
    " ORDER BY row.id ON CONFLICT (id) DO NOTHING"
)


@dataclass(slots=True)
class Row:
    """An answer to be stored, and how that went."""

    id: str
    rulebook_version: str
    content: bytes
    written: bool = False
    failure: Exception | None = None


def write_rows(rows: Sequence[Row]) -> None:
    """Store answers in one statement; an address that is taken already holds these bytes."""
    connection.ensure_connection()
    # A prepared statement with its values apart: the bytes are neither quoted here nor parsed there.
    with Cursor(connection.connection) as cursor:
        columns = ([r.id for r in rows], [r.rulebook_version for r in rows], [r.content for r in rows])
        cursor.execute(_KEEP, columns, prepare=True)


class SharedWriter:
    """Lets threads that store at the same time share a write; ``write`` stores a batch or raises."""

    def __init__(self, write: Callable[[Sequence[Row]], None]) -> None:
        self._write = write
        self._waiting: list[Row] = []
        self._line = Lock()
        self._pen = Lock()

    def keep(self, row: Row) -> None:
        """Return once the row is stored; raises what went wrong otherwise."""
        with self._line:
            self._waiting.append(row)
        with self._pen:
            if not row.written and row.failure is None:
                with self._line:
                    batch, self._waiting = self._waiting, []
                self._store(batch)
        if row.failure is not None:
            raise row.failure

    def _store(self, batch: list[Row]) -> None:
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001 - every thread of the batch has to hear of it, whatever it is
            for row in batch:
                row.failure = error
        else:
            for row in batch:
                row.written = True


SHARED = SharedWriter(write_rows)


def keep(row: Row) -> None:
    """Store one answer: on its own inside a transaction of the caller's, else together with whoever else waits."""
    if connection.in_atomic_block:
        write_rows([row])
    else:
        SHARED.keep(row)
