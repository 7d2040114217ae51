"""What a witness decides: whether a checkpoint of a log is consistent with the last one that it cosigned.

A request is the text that C2SP tlog-witness has a log send: the size that the witness saw last, the hashes of the
proof that the log only grew since, an empty line, and the checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.proofs import check_consistency
from ewtp.core.log.sentences import (
    WITNESS_LOG_UNKNOWN,
    WITNESS_PROOF_BROKEN,
    WITNESS_REQUEST_UNREADABLE,
    WITNESS_ROOT_DIFFERS,
    WITNESS_SIZE_DIFFERS,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.log.note import NoteKey, SignedNote

_MOST_HASHES = 63
_REQUEST = re.compile(r"old (?P<old>0|[1-9][0-9]{0,18})\n(?P<proof>(?:[A-Za-z0-9+/]{43}=\n)*)\n(?P<note>.*)", re.DOTALL)


@immutable
class WitnessRequest:
    """What a log asks a witness to cosign: the proof leads from ``old`` entries to the checkpoint in ``note``."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def text(self) -> str:
        """The request as text."""
        hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in self.proof)
        return f"old {self.old}\n{hashes}\n{self.note}"


def read_witness_request(text: str) -> WitnessRequest | Refusal:
    """A request from its text; refuses with ``witness_request_unreadable``."""
    match = _REQUEST.fullmatch(text)
    lines = match["proof"].splitlines() if match else []
    if match is None or len(lines) > _MOST_HASHES:
        return Refusal(WITNESS_REQUEST_UNREADABLE)
    try:
        proof = tuple(binascii.a2b_base64(line, strict_mode=True) for line in lines)
    except binascii.Error:
        return Refusal(WITNESS_REQUEST_UNREADABLE)
    return WitnessRequest(int(match["old"]), proof, match["note"])


def judge_request(
    request: WitnessRequest, *, keys: Sequence[NoteKey], seen: Checkpoint | None
) -> tuple[Checkpoint, SignedNote] | Refusal:
    """The checkpoint to cosign, with its note, where it may be: a log known by ``keys`` grew from what was ``seen``.

    Refuses with ``witness_log_unknown`` where no key of that log signed it, ``witness_size_differs`` where the proof
    begins at another size than what was seen, ``witness_root_differs`` where the log shows two roots for one size,
    ``witness_proof_broken``, or as ``read_checkpoint`` does.
    """
    read = read_checkpoint(request.note)
    if isinstance(read, Refusal):
        return read
    found, note = read
    if not any(key.name == found.origin and note.is_signed_by(key) for key in keys):
        return Refusal(WITNESS_LOG_UNKNOWN, {"origin": found.origin})
    known = seen.size if seen else 0
    if seen is not None and found.size == seen.size and found.root != seen.root:
        return Refusal(WITNESS_ROOT_DIFFERS, {"size": found.size})
    if request.old != known or found.size < known:
        return Refusal(WITNESS_SIZE_DIFFERS, {"seen": known, "old": request.old, "size": found.size})
    # From an empty log nothing is proved: what a witness sees first, it believes.
    if known == 0 or seen is None:
        return read if not request.proof else Refusal(WITNESS_PROOF_BROKEN, {"size": known})
    held = check_consistency(
        first=known, second=found.size, first_root=seen.root, second_root=found.root, proof=request.proof
    )
    return read if held else Refusal(WITNESS_PROOF_BROKEN, {"size": known})
