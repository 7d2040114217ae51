"""The keys that signed the stored log, and for which of its sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, Min

from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.log_tree import StoredTree, log_head
from ewtp.apps.log.store.models import LogCheckpoint, LogEntry
from ewtp.core.log.key_history import ROTATED, KeyHandover, KeyPeriod
from ewtp.core.log.note import NoteKey, read_key
from ewtp.core.log.proofs import prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def log_keys() -> tuple[KeyPeriod, ...]:
    """Every key that has signed the log, in order."""
    head = log_head()
    signed = LogCheckpoint.objects.values("key").annotate(first=Min("size"), last=Max("size")).order_by("first")
    keys = [(read_key(row["key"]), row["first"], row["last"]) for row in signed]
    handovers = _handovers()
    periods: list[KeyPeriod] = []
    for at, (key, first, last) in enumerate(keys):
        if not isinstance(key, NoteKey):
            continue
        following = keys[at + 1] if at + 1 < len(keys) else None
        if following is not None and _text(following[0]) in handovers:
            # A key signs for the last time where it hands the log on, in a checkpoint that counts as the other one's.
            end = following[1]
        else:
            end = None if head is not None and head.key == key.text else last
        periods.append(KeyPeriod(key, first if at else 0, end, handovers.get(key.text)))
    return tuple(periods)


def key_signs_since() -> datetime | None:
    """The moment of the first checkpoint that the present key signed; None where none was signed yet."""
    head = log_head()
    first = None if head is None else LogCheckpoint.objects.filter(key=head.key).order_by("size").first()
    return None if first is None else first.at


def _text(key: object) -> str:
    return key.text if isinstance(key, NoteKey) else ""


def _handovers() -> Mapping[str, KeyHandover]:
    """How each key was handed the log, by its text; none for those that the operator introduced."""
    tree = StoredTree()
    found = {}
    for row in LogEntry.objects.filter(kind=ROTATED).order_by("index"):
        size = row.index + 1
        checkpoint = LogCheckpoint.objects.filter(size=size).first()
        if row.body is None or row.salt is None or checkpoint is None:
            continue
        try:
            proof = prove_inclusion(row.index, size, tree.node)
        except LogDamagedError:
            # Whoever checks the tree is told what it lacks.
            continue
        found[checkpoint.key] = KeyHandover(checkpoint.note, bytes(row.salt), bytes(row.body), proof)
    return found
