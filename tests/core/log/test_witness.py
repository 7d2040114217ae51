"""Cosignatures as C2SP writes them, and a witness that cosigns nothing which contradicts what it saw."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.checkpoint import Checkpoint
from ewtp.core.log.cosignature import WitnessKey, WitnessSigner, read_witness_key, read_witness_signer
from ewtp.core.log.hash_tree import GrowingTree, leaf_hash
from ewtp.core.log.note import NoteKey, NoteSigner, SignedNote, read_key, read_note, sign_note
from ewtp.core.log.proofs import prove_consistency
from ewtp.core.log.witness import WitnessRequest, judge_request, read_witness_request
from ewtp.core.values.refusal import Refusal

ORIGIN = "log.example/trade"
LOG = NoteSigner(ORIGIN, bytes(range(32)))
OTHER = NoteSigner(ORIGIN, bytes(range(1, 33)))
WITNESS = WitnessSigner("witness.example/w1", bytes(range(2, 34)))
TIME = 1679315147
SIZES = st.integers(1, 40)

# A checkpoint of a public log (arche2025h1.staging.ct.transparency.dev) with the cosignature of a public witness.
PUBLIC_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
PUBLIC_NOTE = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501 - lines of a note cannot be broken


def code(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.code


def note_of(text: str) -> SignedNote:
    read = read_note(text)
    assert not isinstance(read, Refusal)
    return read


def leaves(size: int, fork: int | None = None) -> list[bytes]:
    """The hashes of a log's leaves; a fork has others from a place on."""
    return [leaf_hash(f"{'other' if fork is not None and n >= fork else ''}{n}".encode()) for n in range(size)]


def tree_root(size: int, fork: int | None = None) -> bytes:
    tree = GrowingTree()
    tree.extend(leaves(size, fork))
    return tree.root


def checkpoint(size: int, fork: int | None = None) -> Checkpoint:
    return Checkpoint(ORIGIN, size, tree_root(size, fork))


def asked(old: int, size: int, fork: int | None = None, signer: NoteSigner = LOG) -> WitnessRequest:
    hashes = leaves(size, fork)

    def node(level: int, number: int) -> bytes:
        tree = GrowingTree()
        tree.extend(hashes[number << level : (number + 1) << level])
        return tree.root

    proof = prove_consistency(old, size, node) if 0 < old <= size else ()
    return WitnessRequest(old, proof, sign_note(checkpoint(size, fork).text, signer))


def judged(request: WitnessRequest, seen: Checkpoint | None = None) -> Checkpoint | str:
    found = judge_request(request, keys=[LOG.public], seen=seen)
    return found.code if isinstance(found, Refusal) else found[0]


def test_what_a_public_witness_signed_is_verified():
    key, log = read_witness_key(PUBLIC_WITNESS), read_key(LOG_KEY_TEXT)
    assert isinstance(key, WitnessKey)
    assert isinstance(log, NoteKey)
    assert (key.name, key.id.hex(), key.text) == ("remora.n621.de", "da77ade7", PUBLIC_WITNESS)
    note = note_of(PUBLIC_NOTE)
    assert note.is_signed_by(log)
    found = key.cosignature(note)
    assert found is not None
    assert (found.time, found.line) == (0x6A122120, PUBLIC_NOTE.splitlines(keepends=True)[-1])
    assert key.cosignature(note_of(PUBLIC_NOTE.replace("1432088532", "1432088533"))) is None


LOG_KEY_TEXT = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"


def test_keys_come_back_from_their_texts_and_a_log_key_is_none_of_a_witness():
    assert read_witness_key(f"{WITNESS.public.text}\n") == WITNESS.public
    assert read_witness_signer(WITNESS.text) == WITNESS
    assert code(read_witness_key(LOG.public.text)) == "witness_key_unreadable"
    assert code(read_key(WITNESS.public.text)) == "key_unreadable"
    assert read_witness_signer(WITNESS.public.text) is None


@given(st.integers(1, 2**33))
def test_a_cosignature_states_its_time_and_holds_for_its_text_alone(time):
    signed = sign_note(checkpoint(7).text, LOG)
    found = WITNESS.public.cosignature(note_of(signed + WITNESS.cosign(checkpoint(7).text, time=time)))
    assert found is not None
    assert found.time == time
    assert WITNESS.public.cosignature(note_of(signed + WITNESS.cosign(checkpoint(6).text, time=time))) is None


@given(st.integers(0, 72 * 8 - 1))
def test_any_bit_of_a_cosignature_counts(bit):
    line = WITNESS.cosign(checkpoint(7).text, time=TIME)
    raw = base64.b64decode(line.split()[2])
    changed = int.from_bytes(raw[4:]) ^ (1 << bit)
    forged = base64.b64encode(raw[:4] + changed.to_bytes(72)).decode()
    note = sign_note(checkpoint(7).text, LOG)
    assert WITNESS.public.cosignature(note_of(f"{note}— {WITNESS.public.name} {forged}\n")) is None
    # Beside the right one a wrong one makes both worthless.
    assert WITNESS.public.cosignature(note_of(f"{note}{line}— {WITNESS.public.name} {forged}\n")) is None


def test_of_two_cosignatures_the_later_one_is_given():
    text = checkpoint(7).text
    both = sign_note(text, LOG) + WITNESS.cosign(text, time=TIME + 1) + WITNESS.cosign(text, time=TIME)
    found = WITNESS.public.cosignature(note_of(both))
    assert found is not None
    assert found.time == TIME + 1


def test_a_time_that_no_calendar_has_is_not_verified():
    text = checkpoint(7).text
    for time in (0, 253_402_300_800, 2**63 - 1):
        assert WITNESS.public.cosignature(note_of(sign_note(text, LOG) + WITNESS.cosign(text, time=time))) is None


@given(SIZES, SIZES)
def test_a_request_comes_back_from_its_text(old, size):
    request = asked(min(old, size), max(old, size))
    assert read_witness_request(request.text) == request


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("old 3", "old 03"),
        lambda text: text.replace("old 3\n", ""),
        lambda text: text.replace("=\n", "\n", 1),
        lambda text: text.replace("old 3\n", "old 3\n" + f"{'A' * 43}=\n" * 64),
        lambda _: "",
    ],
)
def test_what_is_not_a_request_is_refused(change):
    assert code(read_witness_request(change(asked(3, 7).text))) == "witness_request_unreadable"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    read_witness_request(text)
    read_witness_request(f"old 1\n\n{text}")
    read_witness_key(text)


@given(st.lists(SIZES, min_size=1, max_size=6), st.integers(0, 40))
def test_a_witness_cosigns_growth_and_never_a_fork(sizes, fork):
    """Whatever a log shows, all that was cosigned is one history: each root is that of the first ``size`` leaves."""
    seen: Checkpoint | None = None
    for size in sizes:
        old = seen.size if seen else 0
        found = judged(asked(old, size), seen)
        if size < old:
            assert found == "witness_size_differs"
        else:
            assert found == checkpoint(size)
            seen = checkpoint(size)
    assert seen is not None
    forked = judged(asked(seen.size, seen.size + 3, fork), seen)
    # Leaves that differ after what was seen are growth like any other.
    assert forked == (checkpoint(seen.size + 3, fork) if fork >= seen.size else "witness_proof_broken")


def test_what_a_witness_refuses_has_its_reason():
    seen = checkpoint(7)
    assert judged(asked(7, 7), seen) == seen
    assert judged(asked(7, 7, fork=2), seen) == "witness_root_differs"
    assert judged(asked(3, 9), seen) == "witness_size_differs"
    assert judged(asked(7, 9, signer=OTHER), seen) == "witness_log_unknown"
    assert judged(WitnessRequest(7, (), asked(7, 9).note), seen) == "witness_proof_broken"
    assert judged(WitnessRequest(0, asked(3, 9).proof, asked(3, 9).note)) == "witness_proof_broken"
    assert judged(WitnessRequest(0, (), "no note")) == "note_unreadable"
    named = NoteSigner("other.example", LOG.seed)
    found = judge_request(asked(0, 7, signer=named), keys=[named.public], seen=None)
    assert code(found) == "witness_log_unknown"
