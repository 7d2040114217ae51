"""Whether the database takes a change, tried rather than asked: a copy that only reads and a full disk both say no."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, transaction

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# More than this memory holds, so that it is written to the disk of the server, and removed at once.
_SPILL = "SELECT count(*) FROM (SELECT n FROM generate_series(1, 20000) AS n ORDER BY -n) AS spilled"
_MEMORY = "SET LOCAL work_mem = '64kB'"
# A row that is locked is changed in its page and in the journal, and the commit waits until that is on the disk. No row
# is added for it, however often this is asked.
_CHANGE = "SELECT id FROM django_migrations ORDER BY id LIMIT 1 FOR NO KEY UPDATE"
# Anybody may ask whether the site is ready; what that costs does not grow with how many do.
_REMEMBERED_SECONDS = 2.0


@dataclass(slots=True)
class _Tried:
    moment: float = float("-inf")
    taken: bool = False


_tried = _Tried()


def takes_changes(connection: BaseDatabaseWrapper) -> bool:
    """Whether a change was written to the disk of the database now, or in this process two seconds ago at most.

    The tables have to be there.
    """
    if time.monotonic() - _tried.moment >= _REMEMBERED_SECONDS:
        _tried.taken, _tried.moment = _try_change(connection), time.monotonic()
    return _tried.taken


def _try_change(connection: BaseDatabaseWrapper) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (_MEMORY, _SPILL, _CHANGE):
                cursor.execute(statement)
    except (DatabaseError, InterfaceError):
        return False
    return True
