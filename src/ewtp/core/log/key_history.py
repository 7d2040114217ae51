"""Which key signed a log when: each key with the sizes that it signs, and how one handed the log on to the next.

A key is replaced by an event in the log itself. The checkpoint whose last entry is that event is signed by both keys,
so whoever trusts the old key has its word for the new one, and for the size from which the old one counts no longer.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.note import NoteKey, read_key
from ewtp.core.log.proofs import check_inclusion
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.log.note import SignedNote

# The kind of the event with which a key hands the log on; its facts are the texts of both keys.
ROTATED = "log:key:rotated"


@immutable
class KeyHandover:
    """How a key was replaced: the checkpoint that both signed, its last entry, and the proof that it is in there."""

    note: str
    salt: bytes
    body: bytes
    proof: tuple[bytes, ...]

    def checkpoint(self, old: NoteKey, new: NoteKey) -> Checkpoint | None:
        """The checkpoint with which ``old`` handed the log on to ``new``; None where this does not show that it did."""
        read = read_checkpoint(self.note)
        if isinstance(read, Refusal) or not all(read[1].is_signed_by(key) for key in (old, new)):
            return None
        found, size = read[0], read[0].size
        leaf = event_leaf(self.salt, self.body)
        is_last = check_inclusion(index=size - 1, size=size, leaf=leaf, root=found.root, proof=self.proof)
        return found if is_last and _replaces(self.body, old, new) else None

    def as_json(self) -> dict[str, Any]:
        """The handover as a bundle states it."""
        return {
            "checkpoint": self.note,
            "event": orjson.Fragment(self.body),
            "proof": [_text(each) for each in self.proof],
            "salt": _text(self.salt),
        }


@immutable
class KeyPeriod:
    """A key and the sizes whose checkpoints it signs, from ``first`` to ``last``; None where it still signs.

    Without a ``handover`` nobody but the log's operator says that the key is the log's, as with the first one.
    """

    key: NoteKey
    first: int = 0
    last: int | None = None
    handover: KeyHandover | None = None

    def covers(self, size: int) -> bool:
        """Whether the key signs the checkpoint of this size."""
        return self.first <= size and (self.last is None or size <= self.last)

    def as_json(self) -> dict[str, Any]:
        """The period as a bundle states it."""
        handover = self.handover.as_json() if self.handover else None
        return {"first": self.first, "handover": handover, "key": self.key.text, "last": self.last}


def is_signed_in(note: SignedNote, size: int, periods: Sequence[KeyPeriod]) -> NoteKey | None:
    """The first key that signed the checkpoint of this size and may."""
    return next((each.key for each in periods if each.covers(size) and note.is_signed_by(each.key)), None)


def check_handovers(
    periods: Sequence[KeyPeriod], origin: str
) -> tuple[tuple[tuple[NoteKey, Checkpoint], ...], NoteKey | None]:
    """Each key that was handed the log ``origin``, with the checkpoint of that, and the first key for which none holds.

    A key with a handover follows the one before it without a gap: both sign the checkpoint of the rotation. Whether the
    log had its root remains to be compared with the tree.
    """
    found: list[tuple[NoteKey, Checkpoint]] = []
    for old, new in zip((None, *periods), periods, strict=False):
        if new.handover is None:
            continue
        checkpoint = new.handover.checkpoint(old.key, new.key) if old else None
        if old is None or checkpoint is None or checkpoint.origin != origin:
            return tuple(found), new.key
        if not checkpoint.size == old.last == new.first:
            return tuple(found), new.key
        found.append((new.key, checkpoint))
    return tuple(found), None


def list_trusted_periods(periods: Sequence[KeyPeriod], key: NoteKey | None) -> tuple[KeyPeriod, ...]:
    """What somebody can trust who trusts ``key``: its period, and those of the keys that it was handed on to.

    Handovers must have been checked. Without a key everything is believed; a key that is not in the history counts for
    every size.
    """
    if key is None:
        return tuple(periods)
    at = next((at for at, each in enumerate(periods) if each.key == key), None)
    if at is None:
        return (KeyPeriod(key),)
    following = at + 1
    while following < len(periods) and periods[following].handover is not None:
        following += 1
    return tuple(periods[at:following])


def read_period(stated: object) -> KeyPeriod | None:
    """A period as a bundle states it, or a key alone, as bundles of the first edition do; None for anything else."""
    match stated:
        case str(text):
            key = read_key(text)
            return KeyPeriod(key) if isinstance(key, NoteKey) else None
        case {"first": int(first), "handover": None | dict() as given, "key": str(text), "last": None | int() as last}:
            key, handover = read_key(text), _read_handover(given) if given is not None else None
            if isinstance(key, NoteKey) and (given is None or handover is not None):
                return KeyPeriod(key, first, last, handover)
    return None


def _read_handover(stated: dict[str, Any]) -> KeyHandover | None:
    match stated:
        case {"checkpoint": str(note), "event": dict(event), "proof": list(proof), "salt": str(salt)}:
            try:
                body = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
            except orjson.JSONEncodeError:
                return None
            hashes = [_bytes(each) for each in proof if isinstance(each, str)]
            read, salted = [each for each in hashes if each is not None], _bytes(salt)
            if salted is not None and len(read) == len(proof):
                return KeyHandover(note, salted, body, tuple(read))
    return None


def _replaces(body: bytes, old: NoteKey, new: NoteKey) -> bool:
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    match event:
        case {"kind": kind, "payload": {"key": key, "replaces": replaced}}:
            return bool((kind, key, replaced) == (ROTATED, new.text, old.text))
    return False


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return None
