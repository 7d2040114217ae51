"""The inbox: a message that a source sends again is handled once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import connection, transaction

from ewtp.apps.jobs.reading.sentences import INBOX_MESSAGE_CHANGED
from ewtp.apps.jobs.store.models import InboxMessage
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

_ACCEPT = """
INSERT INTO jobs_inboxmessage (source, message_id, digest, received) VALUES (%s, %s, %s, %s)
ON CONFLICT (source, message_id) DO NOTHING RETURNING id
"""


@transaction.atomic
def inbox_accept(*, source: str, message_id: str, content: bytes, now: datetime) -> bool | Refusal:
    """Whether a message is new: True the first time, False for a repeat with the same content.

    Call it first in the transaction that handles the message, and handle it only if it is new. A repeat that arrives
    meanwhile waits for that transaction: it is False after a commit and True after a rollback. Refuses with
    ``inbox_message_changed`` where the source sent other content under this id.
    """
    digest = hashlib.sha256(content).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPT, [source, message_id, digest, now])
        if cursor.fetchone() is not None:
            return True
    if InboxMessage.objects.get(source=source, message_id=message_id).digest != digest:
        return Refusal(INBOX_MESSAGE_CHANGED, {"source": source, "message": message_id})
    return False


def inbox_expire(*, before: datetime, limit: int) -> int:
    """Forget up to ``limit`` messages received before a moment, oldest first; returns how many were forgotten.

    A repeat after that would be handled again, so the moment lies further back than any source repeats.
    """
    old = InboxMessage.objects.filter(received__lt=before).order_by("received").values("id")[:limit]
    return InboxMessage.objects.filter(id__in=old).delete()[0]
