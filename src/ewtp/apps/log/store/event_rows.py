"""The rows of events that wait for their numbers, as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from ewtp.core.log.event import Event

# Nothing is returned: whoever writes an event need not be one who may see it.
_WRITE = """
INSERT INTO log_pendingevent (leaf, salt, body, kind, subject, actor, at, public)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def store_event(event: Event, *, leaf: bytes, salt: bytes, body: bytes) -> None:
    """Write an event with the hash of its leaf."""
    kind, public = str(event.payload.kind), event.payload.public
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [leaf, salt, body, kind, event.subject, event.actor_label, event.at, public])
