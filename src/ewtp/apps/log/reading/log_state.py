"""Whether the stored log is what was signed, and how much waits to be numbered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Min

from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.log_tree import StoredTree, log_head
from ewtp.apps.log.store.models import PendingEvent
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.note import NoteKey, read_key
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogState:
    """How many entries the log has and how many events wait; ``signed`` says whether the entries' root is signed.

    ``oldest_waiting`` is the earliest moment of an event that waits; None where none does.
    """

    size: int
    waiting: int
    signed: bool
    oldest_waiting: datetime | None = field(default=None, compare=False)


def log_state() -> LogState:
    """The state now: the root over the stored leaves and nodes is compared with the newest checkpoint."""
    head = log_head()
    with system_rows("how many events wait, whomever they are about"):
        waits = PendingEvent.objects.aggregate(count=Count("id"), oldest=Min("at"))
    if head is None:
        return LogState(0, waits["count"], signed=True, oldest_waiting=waits["oldest"])
    read, key = read_checkpoint(head.note), read_key(head.key)
    signed = (
        not isinstance(read, Refusal)
        and isinstance(key, NoteKey)
        and read[1].is_signed_by(key)
        and (read[0].size, read[0].root) == (head.size, _root(head.size))
    )
    return LogState(head.size, waits["count"], signed, waits["oldest"])


def _root(size: int) -> bytes:
    try:
        return StoredTree().root(size)
    except LogDamagedError:
        return b""
