"""A hub that signs whatever it likes: bundles that hold, with entries that no honest installation writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.log.bundle_format import BundleHeader, checkpoint_line, entry_line, leaves_line
from ewtp.core.log.checkpoint import Checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import KeyPeriod
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
    events: Sequence[dict[str, Any] | bytes], signer: NoteSigner = HOSTILE, *, since: int = 0
) -> list[bytes]:
    """The lines of a bundle with these events, those before ``since`` left out, under a checkpoint that holds."""
    bodies = [one if isinstance(one, bytes) else orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in events]
    leaves = [event_leaf(SALT, body) for body in bodies]
    before, tree = GrowingTree(), GrowingTree()
    before.extend(leaves[:since])
    tree.extend(leaves)
    name, size = signer.public.name, len(leaves)
    return [
        BundleHeader(name, size, since, tuple(before.subtrees), (KeyPeriod(signer.public),)).line,
        leaves_line(since, leaves[since:]),
        *(entry_line(index, SALT, body) for index, body in list(enumerate(bodies))[since:]),
        checkpoint_line(sign_note(Checkpoint(name, size, tree.root).text, signer)),
    ]
