"""Signed notes, keys and checkpoints as the C2SP documents write them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log import ed25519
from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.note import NoteKey, NoteSigner, read_key, read_note, read_signer, sign_note
from ewtp.core.values.refusal import Refusal

SIGNER = NoteSigner("log.example/trade", bytes(range(32)))
OTHER = NoteSigner("log.example/trade", bytes(range(1, 33)))
TEXT = "log.example/trade\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
PRIME = 2**255 - 19


def code(found: object) -> str:
    assert isinstance(found, Refusal)
    return found.code


def test_the_key_published_with_the_format_has_its_id():
    # The example key of Go's package note, which the format was first written down for.
    key = read_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert isinstance(key, NoteKey)
    assert (key.name, key.id.hex()) == ("PeterNeumann", "c74f20a3")
    assert key.text == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = read_note(
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert not isinstance(note, Refusal)
    assert note.is_signed_by(key)


def test_keys_come_back_from_their_texts():
    assert read_signer(SIGNER.text) == SIGNER
    assert read_key(SIGNER.public.text) == SIGNER.public
    assert read_key(f" {SIGNER.public.text}\n") == SIGNER.public


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        SIGNER.text,
        SIGNER.public.text.replace("log", "lag"),
        SIGNER.public.text[:-4],
        SIGNER.public.text.replace("/trade", "/tra de"),
        NoteKey("small.example", (1).to_bytes(32, "little")).text,
    ],
)
def test_what_is_not_a_key_is_refused(text):
    assert code(read_key(text)) == "key_unreadable"


def test_a_damaged_secret_is_not_a_signer():
    for text in ("", SIGNER.public.text, SIGNER.text[:-4], SIGNER.text.replace("trade", "trada")):
        assert read_signer(text) is None


def test_a_note_is_verified_by_its_key_alone():
    note = read_note(sign_note(TEXT, SIGNER))
    assert not isinstance(note, Refusal)
    assert note.text == TEXT
    assert note.is_signed_by(SIGNER.public)
    assert not note.is_signed_by(OTHER.public)
    assert not note.is_signed_by(NoteKey("other.example", SIGNER.public.key))


def test_a_wrong_signature_beside_the_right_one_makes_a_note_worthless():
    line = sign_note(TEXT, SIGNER).splitlines()[-1]
    signature = base64.b64decode(line.split()[-1])
    forged = signature[:-1] + bytes([signature[-1] ^ 1])
    note = read_note(f"{sign_note(TEXT, SIGNER)}— {SIGNER.name} {base64.b64encode(forged).decode()}\n")
    assert not isinstance(note, Refusal)
    assert not note.is_signed_by(SIGNER.public)


def test_a_signature_of_another_key_is_left_alone():
    note = sign_note(TEXT, SIGNER)
    other = sign_note(TEXT, NoteSigner("witness.example", bytes(32))).splitlines()[-1]
    both = read_note(f"{note}{other}\n")
    assert not isinstance(both, Refusal)
    assert len(both.signatures) == 2
    assert both.is_signed_by(SIGNER.public)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note[:-1],
        lambda note: note.partition("— ")[0],
        lambda note: note + "more\n",
        lambda note: note.replace("— ", "- "),
        lambda note: note.replace("7\n", "7\r\n"),
        lambda note: note.rpartition(" ")[0] + " !!!!\n",
        lambda note: note.rpartition(" ")[0] + " AAAA\n",
        lambda note: note.replace("7", "\ud800"),
        lambda _: "",
    ],
)
def test_what_is_not_a_note_is_refused(change):
    assert code(read_note(change(sign_note(TEXT, SIGNER)))) == "note_unreadable"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    read_note(text)
    read_key(text)
    read_checkpoint(sign_note("a\n", SIGNER).replace("a\n", text, 1))


@given(st.integers(0, 511))
def test_any_bit_of_a_signature_counts(bit):
    signature = ed25519.sign(SIGNER.seed, b"text")
    changed = (int.from_bytes(signature) ^ (1 << bit)).to_bytes(64)
    assert ed25519.verifies(SIGNER.public.key, signature, b"text")
    assert not ed25519.verifies(SIGNER.public.key, changed, b"text")


def test_keys_that_anybody_can_sign_for_are_refused():
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    # The square of y at a point of order eight, from d*y^4 + 2*y^2 = 1, for each square root that there is.
    root = square_root((1 + d) % PRIME)
    assert root is not None
    ys = [square_root((sign * root - 1) * pow(d, -1, PRIME) % PRIME) for sign in (1, -1)]
    order_8 = [y for y in ys if y is not None]
    assert order_8
    for y in (0, 1, PRIME - 1, PRIME, PRIME + 1, *order_8, *(PRIME - y for y in order_8)):
        for sign in (0, 1 << 255):
            assert not ed25519.is_usable_key((y | sign).to_bytes(32, "little")), y


def test_a_point_that_is_not_written_in_its_one_way_is_refused():
    signature = ed25519.sign(SIGNER.seed, b"text")
    assert not ed25519.verifies(SIGNER.public.key, (PRIME + 3).to_bytes(32, "little") + signature[32:], b"text")
    assert not ed25519.verifies(SIGNER.public.key, signature[:-1], b"text")
    assert not ed25519.verifies(b"short", signature, b"text")


def square_root(a: int) -> int | None:
    root = pow(a, (PRIME + 3) // 8, PRIME)
    for candidate in (root, root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
        if candidate * candidate % PRIME == a:
            return candidate
    return None


def test_a_checkpoint_comes_back_from_its_note():
    checkpoint = Checkpoint("log.example/trade", 7, bytes(range(32)))
    read = read_checkpoint(sign_note(checkpoint.text, SIGNER))
    assert not isinstance(read, Refusal)
    assert read[0] == checkpoint
    assert read[1].is_signed_by(SIGNER.public)
    extended = read_checkpoint(sign_note(f"{checkpoint.text}more about it\n", SIGNER))
    assert not isinstance(extended, Refusal)
    assert extended[0] == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "a\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n-7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "a\n7\n47DEQpj8\n",
        "\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n7\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    assert code(read_checkpoint(sign_note(text, SIGNER))) == "checkpoint_unreadable"
