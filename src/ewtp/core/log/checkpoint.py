"""Checkpoints: the size and the root of a log, as the text of a signed note (C2SP tlog-checkpoint)."""

from __future__ import annotations

import base64
import re

from ewtp.core.log.hash_tree import HASH_BYTES
from ewtp.core.log.note import SignedNote, read_note
from ewtp.core.log.sentences import CHECKPOINT_UNREADABLE
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

_TEXT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


@immutable
class Checkpoint:
    """The log named ``origin`` as it was with ``size`` entries, under the root ``root``."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text to sign."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_checkpoint(note: str) -> tuple[Checkpoint, SignedNote] | Refusal:
    """A checkpoint and the note that it is in, whose signatures are still to be verified.

    Lines after the third are extensions, which are signed and ignored. Refuses with ``note_unreadable`` or
    ``checkpoint_unreadable``.
    """
    signed = read_note(note)
    if isinstance(signed, Refusal):
        return signed
    match = _TEXT.fullmatch(signed.text)
    root = base64.b64decode(match["root"]) if match else b""
    # The last of 43 digits holds two bits that must be zero, or one root had four texts.
    if match is None or len(root) != HASH_BYTES or base64.b64encode(root).decode() != match["root"]:
        return Refusal(CHECKPOINT_UNREADABLE)
    return Checkpoint(match["origin"], int(match["size"]), root), signed
