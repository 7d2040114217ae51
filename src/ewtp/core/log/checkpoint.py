"""Checkpoints: the size and the root of a log, as the text of a signed note (C2SP tlog-checkpoint)."""

from __future__ import annotations

import base64
import re

from ewtp.core.log.hash_tree import HASH_BYTES
from ewtp.core.log.note import SignedNote, read_note
from ewtp.core.log.sentences import CHECKPOINT_UNREADABLE
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

# How the line begins that binds which entries are not for everybody.
_WITHHELD = "withheld "
_TEXT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


@immutable
class Checkpoint:
    """The log named ``origin`` as it was with ``size`` entries, under the root ``root``.

    ``withheld`` binds which of them are not for everybody; empty in checkpoints of earlier versions.
    """

    origin: str
    size: int
    root: bytes
    withheld: bytes = b""

    @property
    def text(self) -> str:
        """The text to sign."""
        text = f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"
        return f"{text}{_WITHHELD}{base64.b64encode(self.withheld).decode()}\n" if self.withheld else text


def read_checkpoint(note: str) -> tuple[Checkpoint, SignedNote] | Refusal:
    """A checkpoint and the note that it is in, whose signatures are still to be verified.

    Lines after the third are extensions, which are signed; all but the one of withheld entries are ignored. Refuses
    with ``note_unreadable`` or ``checkpoint_unreadable``.
    """
    signed = read_note(note)
    if isinstance(signed, Refusal):
        return signed
    match = _TEXT.fullmatch(signed.text)
    root = base64.b64decode(match["root"]) if match else b""
    # The last of 43 digits holds two bits that must be zero, or one root had four texts.
    if match is None or len(root) != HASH_BYTES or base64.b64encode(root).decode() != match["root"]:
        return Refusal(CHECKPOINT_UNREADABLE)
    return Checkpoint(match["origin"], int(match["size"]), root, _read_withheld(signed.text)), signed


def _read_withheld(text: str) -> bytes:
    lines = [line.removeprefix(_WITHHELD) for line in text.splitlines()[3:] if line.startswith(_WITHHELD)]
    try:
        found = base64.b64decode(lines[0], validate=True) if len(lines) == 1 else b""
    except ValueError:
        return b""
    return found if len(found) == HASH_BYTES else b""
