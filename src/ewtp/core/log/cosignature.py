"""Cosignatures: what a witness signs below a checkpoint (C2SP tlog-cosignature, cosignature/v1 with Ed25519).

A cosignature says that at its time the checkpoint was the largest one that the witness had seen of this log, and that
it was consistent with all that it had seen before. It is a line of the note: after the key's id, the time in eight
bytes (POSIX seconds, big-endian) and the signature over two lines, ``cosignature/v1`` and ``time N``, and the text of
the checkpoint.
"""

from __future__ import annotations

from ewtp.core.log import ed25519
from ewtp.core.log.note import (
    PRIVATE,
    NoteSigner,
    SignedNote,
    note_key_id,
    note_key_text,
    read_key_text,
    read_signer,
    signature_line,
)
from ewtp.core.log.sentences import WITNESS_KEY_UNREADABLE
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

# The byte that names cosignature/v1 with Ed25519 among the kinds of signature.
_COSIGNATURE = b"\x04"
_TIME_BYTES = 8
# The end of the year 9999: a verifier may refuse times that lie in the future, and no later one can be shown.
_MOST_TIME = 253_402_300_799
_SHOWN = 60


@immutable
class Cosignature:
    """What a witness signed: when, in POSIX seconds by its own clock, and the line of the note."""

    time: int
    line: str


@immutable
class WitnessKey:
    """The public key of a witness; ``text`` is the form in which people pass it on: ``name+id+key``."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that mark this key's cosignatures."""
        return note_key_id(self.name, _COSIGNATURE, self.key)

    @property
    def text(self) -> str:
        """The key as text."""
        return note_key_text(self.name, _COSIGNATURE, self.key)

    def cosignature(self, note: SignedNote) -> Cosignature | None:
        """What the witness signed below the note, the latest where it did so more than once.

        None where it did not, and where one of the cosignatures in its name is wrong, which makes all worthless.
        """
        own = [each.signature for each in note.signatures if (each.name, each.key_id) == (self.name, self.id)]
        read = [self._read(note.text, each) for each in own]
        valid = [each for each in read if each is not None]
        return max(valid, key=lambda each: each.time) if valid and len(valid) == len(read) else None

    def _read(self, text: str, timed: bytes) -> Cosignature | None:
        time, signature = int.from_bytes(timed[:_TIME_BYTES]), timed[_TIME_BYTES:]
        signed = 0 < time <= _MOST_TIME and ed25519.verifies(self.key, signature, _message(text, time))
        return Cosignature(time, signature_line(self.name, self.id, timed)) if signed else None


@immutable
class WitnessSigner:
    """The private key of a witness with its name; ``seed`` is its 32 secret bytes."""

    name: str
    seed: bytes

    @property
    def public(self) -> WitnessKey:
        """The key that verifies what this one cosigns."""
        return WitnessKey(self.name, ed25519.public_key(self.seed))

    @property
    def text(self) -> str:
        """The secret as it is kept in a file, as for a log's key."""
        return NoteSigner(self.name, self.seed).text

    def cosign(self, text: str, *, time: int) -> str:
        """The line of a cosignature below the text of a checkpoint; ``time`` in POSIX seconds."""
        signature = ed25519.sign(self.seed, _message(text, time))
        return signature_line(self.name, self.public.id, time.to_bytes(_TIME_BYTES) + signature)


def read_witness_key(text: str) -> WitnessKey | Refusal:
    """A witness's public key from its text; refuses with ``witness_key_unreadable``, also a log's key."""
    parts = read_key_text(text.strip(), _COSIGNATURE)
    return WitnessKey(*parts) if parts else Refusal(WITNESS_KEY_UNREADABLE, {"text": text.strip()[:_SHOWN]})


def read_witness_signer(text: str) -> WitnessSigner | None:
    """A witness's private key from its text; None where it is not one."""
    signer = read_signer(text) if text.startswith(PRIVATE) else None
    return WitnessSigner(signer.name, signer.seed) if signer else None


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
