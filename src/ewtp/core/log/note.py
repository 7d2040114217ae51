"""Signed notes: a text with signatures below it (C2SP signed-note), signed with Ed25519.

A note is the text, an empty line, and one line for each signature: an em dash, the name of the key, and base64 of the
key's four-byte id with the signature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from ewtp.core.log import ed25519
from ewtp.core.log.sentences import KEY_UNREADABLE, NOTE_UNREADABLE
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

# The byte that names Ed25519 among the kinds of signature.
_ED25519 = b"\x01"
_ID_BYTES = 4
PRIVATE = "PRIVATE+KEY+"
_SHOWN = 60
# A note is read into memory by everybody who checks it.
MOST_NOTE_BYTES = 1_000_000
_MOST_SIGNATURES = 100
_SIGNATURE_LINE = re.compile(r"\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})\n")


@immutable
class NoteKey:
    """A public key with its name; ``text`` is the form in which people pass it on: ``name+id+key``."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that mark this key's signatures; other keys may have the same."""
        return note_key_id(self.name, _ED25519, self.key)

    @property
    def text(self) -> str:
        """The key as text."""
        return note_key_text(self.name, _ED25519, self.key)


@immutable
class NoteSigner:
    """A private key with its name; ``seed`` is its 32 secret bytes."""

    name: str
    seed: bytes

    @property
    def public(self) -> NoteKey:
        """The key that verifies what this one signs."""
        return NoteKey(self.name, ed25519.public_key(self.seed))

    @property
    def text(self) -> str:
        """The secret as it is kept in a file: ``PRIVATE+KEY+name+id+key``."""
        return f"{PRIVATE}{self.name}+{self.public.id.hex()}+{base64.b64encode(_ED25519 + self.seed).decode()}"


@immutable
class NoteSignature:
    """One signature of a note: the name and the id of the key, and the signature itself."""

    name: str
    key_id: bytes
    signature: bytes


@immutable
class SignedNote:
    """A text, which ends with a line break, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def is_signed_by(self, key: NoteKey) -> bool:
        """Whether the key signed the text; a wrong signature in its name makes the whole note worthless."""
        own = [each for each in self.signatures if (each.name, each.key_id) == (key.name, key.id)]
        return bool(own) and all(ed25519.verifies(key.key, each.signature, self.text.encode()) for each in own)


def sign_note(text: str, *signers: NoteSigner) -> str:
    """The note of a text, which must end with a line break, signed by each of the signers."""
    if not _is_text(text):
        msg = "a note is text without control characters that ends with a line break"
        raise ValueError(msg)
    signed = ((each.name, each.public.id, ed25519.sign(each.seed, text.encode())) for each in signers)
    return f"{text}\n{''.join(signature_line(*each) for each in signed)}"


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """A signature as the line of a note."""
    return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"


def read_note(note: str) -> SignedNote | Refusal:
    """A note's text and signatures, none of them verified; refuses with ``note_unreadable``."""
    text, found, below = note.rpartition("\n\n")
    text += "\n"
    signatures = read_signatures(below)
    return SignedNote(text, signatures) if found and signatures and _is_text(text) else Refusal(NOTE_UNREADABLE)


def read_signatures(lines: str) -> tuple[NoteSignature, ...] | None:
    """The signatures on the lines below a note, one to a hundred; None where a line is not one."""
    matches = [*_SIGNATURE_LINE.finditer(lines)]
    if "".join(match[0] for match in matches) != lines or not 0 < len(matches) <= _MOST_SIGNATURES:
        return None
    read = []
    for match in matches:
        signed = _decode_text(match[2])
        if signed is None or len(signed) <= _ID_BYTES or not is_key_name(match[1]):
            return None
        read.append(NoteSignature(match[1], signed[:_ID_BYTES], signed[_ID_BYTES:]))
    return tuple(read)


def read_key(text: str) -> NoteKey | Refusal:
    """A public key from its text; refuses with ``key_unreadable``."""
    parts = read_key_text(text.strip(), _ED25519)
    return NoteKey(*parts) if parts else Refusal(KEY_UNREADABLE, {"text": text.strip()[:_SHOWN]})


def read_key_text(text: str, kind: bytes) -> tuple[str, bytes] | None:
    """Name and key of a public key of this kind that is written ``name+id+key``; None where it is not one."""
    parts = _key_parts(text, kind)
    if parts is None or note_key_id(parts[0], kind, parts[2]) != parts[1] or not ed25519.is_usable_key(parts[2]):
        return None
    return parts[0], parts[2]


def note_key_text(name: str, kind: bytes, key: bytes) -> str:
    """A public key of a kind of signature as people pass it on."""
    return f"{name}+{note_key_id(name, kind, key).hex()}+{base64.b64encode(kind + key).decode()}"


def note_key_id(name: str, kind: bytes, key: bytes) -> bytes:
    """The four bytes that mark signatures of this kind by this key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:_ID_BYTES]


def read_signer(text: str) -> NoteSigner | None:
    """A private key from its text; None where it is not one, without a word about the text, which may be a secret."""
    parts = _key_parts(text.strip().removeprefix(PRIVATE), _ED25519) if text.startswith(PRIVATE) else None
    if parts is None:
        return None
    signer = NoteSigner(parts[0], parts[2])
    return signer if signer.public.id == parts[1] else None


def is_key_name(name: str) -> bool:
    """Whether a key may have this name: no spaces and no plus sign."""
    return bool(name) and name.isprintable() and "+" not in name and not any(c.isspace() for c in name)


def _key_parts(text: str, kind: bytes) -> tuple[str, bytes, bytes] | None:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    key = _decode_text(encoded)
    if not is_key_name(name) or not re.fullmatch("[0-9a-f]{8}", key_id) or key is None:
        return None
    if key[:1] != kind or len(key) != 1 + ed25519.KEY_BYTES:
        return None
    return name, bytes.fromhex(key_id), key[1:]


def _decode_text(text: str) -> bytes | None:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # As in a checkpoint, the same bytes have one text.
    return found if base64.b64encode(found).decode() == text else None


def _is_text(text: str) -> bool:
    try:
        fits = len(text.encode()) <= MOST_NOTE_BYTES
    except UnicodeEncodeError:
        return False
    return fits and text.endswith("\n") and all(c == "\n" or ord(c) >= ord(" ") for c in text)
