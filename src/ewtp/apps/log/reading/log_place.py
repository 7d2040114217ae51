"""How far the log is: whether anything was written since, whomever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from ewtp.core.values.immutable import immutable
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from datetime import datetime

# A leaf is the hash of a random salt with the event, so none comes twice, not even after a restored backup.
_PLACE = """
SELECT (SELECT hash FROM log_logleaf ORDER BY index DESC LIMIT 1), count(*),
    (SELECT leaf FROM log_pendingevent ORDER BY id DESC LIMIT 1),
    GREATEST((SELECT at FROM log_logentry ORDER BY index DESC LIMIT 1), max(at))
FROM log_pendingevent
"""


@immutable
class LogPlace:
    """The leaf of the last entry, how many events wait for their numbers, and the leaf of the last of them.

    Two places are equal only where no event was written between them. An event that was begun earlier and ended later
    than another is behind none of the leaves, but one more waits. ``stamped`` is the latest moment that the newest of
    either kind is stamped with, None in an empty log.
    """

    numbered: bytes
    waiting: int
    newest: bytes
    stamped: datetime | None


def log_place() -> LogPlace:
    """The place of the log now, in one statement."""
    with system_rows("how many events there are, whomever they are about"), connection.cursor() as cursor:
        cursor.execute(_PLACE)
        numbered, waiting, newest, stamped = cursor.fetchone()
    return LogPlace(bytes(numbered or b""), waiting, bytes(newest or b""), stamped)
