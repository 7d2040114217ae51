"""Whether the stored log is what was signed, and how much waits to be numbered."""

from __future__ import annotations

from dataclasses import dataclass

from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.stored_tree import StoredTree, log_head
from ewtp.apps.log.store.models import PendingEvent
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.note import NoteKey, read_key
from ewtp.core.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class LogState:
    """How many entries the log has and how many events wait; ``signed`` says whether the entries' root is signed."""

    size: int
    waiting: int
    signed: bool


def log_state() -> LogState:
    """The state now: the root over the stored leaves and nodes is compared with the newest checkpoint."""
    head = log_head()
    if head is None:
        return LogState(0, PendingEvent.objects.count(), signed=True)
    read, key = read_checkpoint(head.note), read_key(head.key)
    signed = (
        not isinstance(read, Refusal)
        and isinstance(key, NoteKey)
        and read[1].is_signed_by(key)
        and (read[0].size, read[0].root) == (head.size, _root(head.size))
    )
    return LogState(head.size, PendingEvent.objects.count(), signed)


def _root(size: int) -> bytes:
    try:
        return StoredTree().root(size)
    except LogDamagedError:
        return b""
