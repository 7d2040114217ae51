"""The sequencer: gives waiting events their numbers, without a gap, and signs the log as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from ewtp.apps.log.actions.events import KeyIntroduced, KeyRotated, event_append
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.sentences import LOG_EMPTY, LOG_KEY_DIFFERS, LOG_KEY_PRESENT, LOG_NAME_CHANGED
from ewtp.apps.log.store.models import LogCheckpoint, LogEntry, LogNode, PendingEvent
from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import HASH_BYTES, GrowingTree
from ewtp.core.log.note import NoteSigner, sign_note
from ewtp.core.log.withheld_entries import NOTHING_WITHHELD, bind_entries
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.database.row_security import system_rows
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.log_key import log_signer, next_log_signer, promote_next_key

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from ewtp.core.log.note import NoteKey
    from ewtp.core.values.actor import Actor

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
    interrupted leaves its events waiting. Refuses with ``log_key_unreadable``, ``log_key_differs`` or
    ``log_name_changed``; LogDamagedError where somebody changed an event that waits, or the last checkpoint.
    """
    numbered = 0
    while (done := _sequence_batch(now)) != 0:
        if isinstance(done, Refusal):
            return done
        numbered += done
    return numbered


def _sequence_batch(now: datetime) -> int | Refusal:
    with system_rows("events get their numbers, whomever they are about"):
        return _sequence_waiting(now)


def _sequence_waiting(now: datetime) -> int | Refusal:
    if not _lock() or not PendingEvent.objects.exists():
        return 0
    head = LogCheckpoint.objects.order_by("-size").first()
    signer = _signer(head)
    if isinstance(signer, Refusal):
        return signer
    waiting = PendingEvent.objects.order_by("id")
    if head is not None:
        return _number(head, waiting[:BATCH], now, signer)
    # A key is introduced before anything else is signed with it, so the first entry of a log is its first key.
    return _number(head, waiting.filter(leaf=_introduce(signer, now)), now, signer)


def log_key_rotate(*, actor: Actor, now: datetime, lost: bool = False) -> NoteKey | Refusal:
    """Replace the key that signs the log; returns the new public key, which signs every later checkpoint.

    The event with which the old key hands the log on is numbered at once, and both keys sign that checkpoint. Where the
    old one is ``lost``, the new one is introduced on the operator's word alone. The new secret is on disk before the
    checkpoint is stored, and takes the old one's place afterwards; the sequencer does that where it was interrupted.
    Refuses with ``operator_needed``, ``log_empty``, with ``log_key_present`` where a key is called lost and is not, or
    as ``sequence_events`` does.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    home = home_path()
    with system_rows("the last entry of the old key gets its number"):
        _lock(wait=True)
        head = LogCheckpoint.objects.order_by("-size").first()
        if head is None:
            return Refusal(LOG_EMPTY)
        old = _signer(head)
        if lost and not isinstance(old, Refusal):
            return Refusal(LOG_KEY_PRESENT)
        if isinstance(old, Refusal) and (not lost or old.code == LOG_NAME_CHANGED.code):
            return old
        read = read_checkpoint(head.note)
        if isinstance(read, Refusal):
            return read
        new = next_log_signer(home, name=read[0].origin)
        if isinstance(new, Refusal) or new is None:
            return new or Refusal(LOG_EMPTY)
        signers = (new,) if isinstance(old, Refusal) else (new, old)
        payload = KeyIntroduced(new.public.text) if lost else KeyRotated(new.public.text, head.key)
        rotated = event_append(subject=new.public.id.hex(), actor=actor, payload=payload, now=now)
        _number(head, PendingEvent.objects.filter(leaf=rotated), now, *signers)
    promote_next_key(home)
    return new.public


def _signer(head: LogCheckpoint | None) -> NoteSigner | Refusal:
    """The key of the log, which is the one that signed its last checkpoint; any that is made for a log without one.

    Refuses with ``log_key_unreadable``, ``log_key_differs`` or ``log_name_changed``.
    """
    home = home_path()
    following = next_log_signer(home) if head else None
    if head and isinstance(following, NoteSigner) and following.public.text == head.key:
        # The rotation was stored, and its process ended before it could put the new key in its place.
        promote_next_key(home)
    signer = log_signer(home, make=head is None)
    if isinstance(signer, Refusal) or head is None or signer.public.text == head.key:
        return signer
    read = read_checkpoint(head.note)
    if not isinstance(read, Refusal) and read[0].origin != signer.name:
        # A log has one name for ever: what is signed under another is another log.
        return Refusal(LOG_NAME_CHANGED, {"name": read[0].origin, "found": signer.name})
    return Refusal(LOG_KEY_DIFFERS, {"key": head.key})


def _number(head: LogCheckpoint | None, chosen: QuerySet[PendingEvent], now: datetime, *signers: NoteSigner) -> int:
    """Give the chosen events their numbers, and sign the log with them; the first signer is the log's from then on."""
    tree = _tree(head)
    start = tree.size
    pending = list(chosen.values_list("id", "leaf", "salt", "body", "public"))
    leaves = [_leaf(bytes(leaf), bytes(salt), bytes(body)) for _, leaf, salt, body, _ in pending]
    not_public = (start + place for place, (*_, public) in enumerate(pending) if not public)
    withheld = bind_entries(_read_binding(head), not_public)
    nodes = tree.extend(leaves)
    ids = [row[0] for row in pending]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [start, ids])
        cursor.execute(_ADD_LEAVES, [start, leaves])
        LogNode.objects.bulk_create(LogNode(level=each.level, number=each.number, hash=each.hash) for each in nodes)
        cursor.execute("DELETE FROM log_pendingevent WHERE id = ANY(%s)", [ids])
    _sign(tree, withheld, signers, now)
    return len(pending)


def _read_binding(head: LogCheckpoint | None) -> bytes:
    """What the last checkpoint binds as not for everybody; of one of an earlier version, what it would have bound."""
    if head is None:
        return NOTHING_WITHHELD
    read = read_checkpoint(head.note)
    if not isinstance(read, Refusal) and read[0].withheld:
        return read[0].withheld
    with system_rows("which entries are not for everybody is bound by the checkpoint of them all"):
        indices = LogEntry.objects.filter(index__lt=head.size, public=False).order_by("index")
        return bind_entries(NOTHING_WITHHELD, indices.values_list("index", flat=True).iterator())


def _lock(*, wait: bool = False) -> bool:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
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


def _introduce(signer: NoteSigner, now: datetime) -> bytes:
    """Note the first key in the log itself."""
    payload = KeyIntroduced(signer.public.text)
    return event_append(subject=signer.public.id.hex(), actor=_SEQUENCER, payload=payload, now=now)


def _sign(tree: GrowingTree, withheld: bytes, signers: tuple[NoteSigner, ...], now: datetime) -> None:
    checkpoint = Checkpoint(signers[0].name, tree.size, tree.root, withheld)
    LogCheckpoint.objects.create(
        size=tree.size,
        root=tree.root,
        subtrees=b"".join(tree.subtrees),
        key=signers[0].public.text,
        note=sign_note(checkpoint.text, *signers),
        at=now,
    )
