"""The sequencer: gives waiting events their numbers, without a gap, and signs the log as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from ewtp.apps.log.actions.events import KeyIntroduced, LogEvent, event_append
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.sentences import LOG_NAME_CHANGED
from ewtp.apps.log.store.models import LogCheckpoint, LogEntry, LogNode, PendingEvent
from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import HASH_BYTES, GrowingTree
from ewtp.core.log.note import sign_note
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.log_key import log_signer

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.log.note import NoteSigner

# So that a long queue neither fills the memory nor keeps the readers of a number waiting.
BATCH = 2_000
# One number for "somebody is numbering events", the same in every process.
_LOCK = 0x6C6F_6773
_SEQUENCER = system_actor("sequencer")
_MOVE = """
INSERT INTO log_logentry (index, salt, body, kind, subject, actor, at, public, erased_reason)
SELECT %s + row_number() OVER (ORDER BY id) - 1, salt, body, kind, subject, actor, at, public, ''
FROM log_pendingevent WHERE id = ANY(%s)
"""
_ADD_LEAVES = """
INSERT INTO log_logleaf (index, hash)
SELECT %s + position - 1, hash FROM unnest(%s::bytea[]) WITH ORDINALITY AS leaf (hash, position)
"""


def sequence_events(*, now: datetime) -> int | Refusal:
    """Number every event that waits; returns how many there were.

    Nothing is done while another process does it, and 0 returned. Each batch is one transaction, so one that is
    interrupted leaves its events waiting. Refuses with ``log_key_unreadable`` or ``log_name_changed``; LogDamagedError
    where somebody changed an event that waits, or the last checkpoint.
    """
    numbered = 0
    while (done := _sequence_batch(now)) != 0:
        if isinstance(done, Refusal):
            return done
        numbered += done
    return numbered


@transaction.atomic
def _sequence_batch(now: datetime) -> int | Refusal:
    if not _lock() or not PendingEvent.objects.exists():
        return 0
    signer = log_signer(home_path())
    if isinstance(signer, Refusal):
        return signer
    head = LogCheckpoint.objects.order_by("-size").first()
    refused = _name_checked(head, signer)
    if refused is not None:
        return refused
    tree = _tree(head)
    start = tree.size
    waiting = PendingEvent.objects.order_by("id")
    introduced = _introduce(signer, now)
    # A key is introduced before anything else is signed with it, so the first entry of a log is its first key.
    chosen = waiting.filter(leaf=introduced) if introduced else waiting[:BATCH]
    pending = list(chosen.values_list("id", "leaf", "salt", "body"))
    leaves = [_leaf(bytes(leaf), bytes(salt), bytes(body)) for _, leaf, salt, body in pending]
    nodes = tree.extend(leaves)
    ids = [row[0] for row in pending]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [start, ids])
        cursor.execute(_ADD_LEAVES, [start, leaves])
        LogNode.objects.bulk_create(LogNode(level=each.level, number=each.number, hash=each.hash) for each in nodes)
        cursor.execute("DELETE FROM log_pendingevent WHERE id = ANY(%s)", [ids])
    _sign(tree, signer, now)
    return len(pending)


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _leaf(leaf: bytes, salt: bytes, body: bytes) -> bytes:
    """The hash of an event's leaf; an event that was changed while it waited is a fault that must not be signed."""
    if event_leaf(salt, body) != leaf:
        msg = f"the event {leaf.hex()} was changed after it was written"
        raise LogDamagedError(msg)
    return leaf


def _tree(head: LogCheckpoint | None) -> GrowingTree:
    if head is None:
        return GrowingTree()
    held = bytes(head.subtrees)
    tree = GrowingTree(head.size, (held[at : at + HASH_BYTES] for at in range(0, len(held), HASH_BYTES)))
    if tree.root != bytes(head.root):
        msg = f"the checkpoint of size {head.size} is damaged"
        raise LogDamagedError(msg)
    return tree


def _name_checked(head: LogCheckpoint | None, signer: NoteSigner) -> Refusal | None:
    """A log has one name for ever: what is signed under another is another log."""
    last = read_checkpoint(head.note) if head else None
    if last is None or isinstance(last, Refusal) or last[0].origin == signer.name:
        return None
    return Refusal(LOG_NAME_CHANGED, {"name": last[0].origin, "found": signer.name})


def _introduce(signer: NoteSigner, now: datetime) -> bytes | None:
    """Note a key that signs for the first time, in the log itself; None for one that is known."""
    subject = signer.public.id.hex()
    if LogEntry.objects.filter(kind=LogEvent.KEY_INTRODUCED, subject=subject).exists():
        return None
    return event_append(subject=subject, actor=_SEQUENCER, payload=KeyIntroduced(signer.public.text), now=now)


def _sign(tree: GrowingTree, signer: NoteSigner, now: datetime) -> None:
    checkpoint = Checkpoint(signer.name, tree.size, tree.root)
    LogCheckpoint.objects.create(
        size=tree.size,
        root=tree.root,
        subtrees=b"".join(tree.subtrees),
        key=signer.public.text,
        note=sign_note(checkpoint.text, signer),
        at=now,
    )
