"""A hub that signs whatever it likes: bundles that hold, with entries that no honest installation writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.log.bundle_format import BundleHeader, checkpoint_line, entry_line, leaves_line
from ewtp.core.log.checkpoint import Checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import ROTATED, KeyHandover, KeyPeriod
from ewtp.core.log.note import NoteSigner, sign_note

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = NoteSigner("hostile.example/log", bytes([7] * 32))
SALT = bytes([5] * 32)
AT = "2026-03-01T09:00:00+00:00"


def entry(kind: str, subject: str = "prop_x", /, **payload: Any) -> dict[str, Any]:
    """An event as a log has it."""
    return {"actor": "someone", "at": AT, "edition": 1, "kind": kind, "payload": payload, "subject": subject}


def signed_bundle(
    events: Sequence[dict[str, Any] | bytes],
    signer: NoteSigner = HOSTILE,
    *,
    since: int = 0,
    keys: Sequence[KeyPeriod] = (),
) -> list[bytes]:
    """The lines of a bundle with these events, those before ``since`` left out, under a checkpoint that holds.

    ``keys`` are those that the header states, in place of the signer's alone.
    """
    bodies = [one if isinstance(one, bytes) else orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in events]
    leaves = [event_leaf(SALT, body) for body in bodies]
    before, tree = GrowingTree(), GrowingTree()
    before.extend(leaves[:since])
    tree.extend(leaves)
    name, size = signer.public.name, len(leaves)
    return [
        BundleHeader(name, size, since, tuple(before.subtrees), tuple(keys) or (KeyPeriod(signer.public),)).line,
        leaves_line(since, leaves[since:]),
        *(entry_line(index, SALT, body) for index, body in list(enumerate(bodies))[since:]),
        checkpoint_line(sign_note(Checkpoint(name, size, tree.root).text, signer)),
    ]


def hand_over(events: Sequence[dict[str, Any]], old: NoteSigner, new: NoteSigner) -> tuple[list[Any], list[KeyPeriod]]:
    """The events with one more, by which ``old`` hands the log on to ``new``, and the periods of both keys."""
    rotation = entry(ROTATED, "log", key=new.public.text, replaces=old.public.text)
    bodies = [orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in (*events, rotation)]
    leaves = [event_leaf(SALT, body) for body in bodies]
    before, tree, size = GrowingTree(), GrowingTree(), len(leaves)
    before.extend(leaves[:-1])
    tree.extend(leaves)
    note = sign_note(Checkpoint(old.public.name, size, tree.root).text, old, new)
    # The proof of a last entry is the complete subtrees before it, the nearest first.
    handover = KeyHandover(note, SALT, bodies[-1], tuple(reversed(before.subtrees)))
    return [*events, rotation], [KeyPeriod(old.public, 0, size), KeyPeriod(new.public, size, None, handover)]
