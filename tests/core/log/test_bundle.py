"""A bundle that was not touched holds; of one that was, the first bad place is named."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import (
    BundleHeader,
    checkpoint_line,
    entry_line,
    leaves_line,
    withheld_line,
    write_erased_line,
)
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.checkpoint import Checkpoint
from ewtp.core.log.cosignature import WitnessSigner
from ewtp.core.log.erasures import ErasuresSoFar
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import KeyPeriod
from ewtp.core.log.note import NoteSigner, sign_note
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

ORIGIN = "log.example/trade"
SIGNER = NoteSigner(ORIGIN, bytes(range(32)))
OTHER = NoteSigner(ORIGIN, bytes(range(1, 33)))
SIZE = 23
# Where there is a checkpoint.
SIGNED = (1, 8, 12, SIZE)


def salt(index: int) -> bytes:
    return index.to_bytes(32)


# The entries that note that others were erased, each with the number of the other.
NOTING = {9: 3, 21: 20}


def body(index: int, note: str = "") -> bytes:
    if index in NOTING and not note:
        facts = {"erased_kind": "sample:thing:made", "index": NOTING[index], "reason": "why"}
        said = {"at": "2026-06-30", "kind": "log:entry:erased", "payload": facts, "subject": str(NOTING[index])}
        return canonical_json(said)
    return canonical_json({"kind": "sample:thing:made", "payload": {"note": note, "number": index}})


def leaf(index: int) -> bytes:
    return event_leaf(salt(index), body(index))


def checkpoint(size: int) -> Checkpoint:
    tree = GrowingTree()
    tree.extend(map(leaf, range(size)))
    return Checkpoint(ORIGIN, size, tree.root)


def bundle(since: int = 0, size: int = SIZE, erased: Sequence[int] = (), signer: NoteSigner = SIGNER) -> list[bytes]:
    tree = GrowingTree()
    tree.extend(map(leaf, range(since)))
    lines = [BundleHeader(ORIGIN, size, since, tuple(tree.subtrees), (KeyPeriod(signer.public),)).line]
    start = since
    for end in (*(place for place in SIGNED if since < place < size), size):
        lines.append(leaves_line(start, [leaf(index) for index in range(start, end)]))
        for index in range(start, end):
            gone = index in erased
            lines.append(
                write_erased_line(index, "2026", "why") if gone else entry_line(index, salt(index), body(index))
            )
        lines.append(checkpoint_line(sign_note(checkpoint(end).text, signer)))
        start = end
    return lines


def report(lines: list[bytes], **more: Any) -> BundleReport:
    found = check_bundle(lines, **more)
    assert isinstance(found, BundleReport), found
    return found


def faults(lines: list[bytes], **more: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(fault.code, dict(fault.params)) for fault in report(lines, **more).faults]


def place_of(lines: list[bytes], index: int) -> int:
    """The line of an entry."""
    return next(at for at, line in enumerate(lines) if json.loads(line).get("index") == index)


def test_a_bundle_that_was_not_touched_holds():
    found = report(bundle(), key=SIGNER.public)
    assert found.as_json() == {
        "holds": True,
        "origin": ORIGIN,
        "size": SIZE,
        "since": 0,
        "root": base64.b64encode(checkpoint(SIZE).root).decode(),
        "key": SIGNER.public.text,
        "entries": SIZE,
        "erased": 0,
        "withheld": 0,
        "unbound": 0,
        "erasures": [],
        "kept": None,
        "witnesses": [],
        "faults": [],
    }
    assert report(bundle()).faults == ()


@given(st.integers(0, SIZE), st.integers(0, SIZE))
def test_what_was_added_since_any_size_holds_against_any_checkpoint_kept_since(since, kept):
    lines = bundle(since)
    found = check_bundle(lines, key=SIGNER.public, kept=checkpoint(kept))
    if kept < since:
        assert isinstance(found, Refusal)
        assert found.code == "bundle_begins_later"
    else:
        assert isinstance(found, BundleReport)
        assert found.faults == ()
        assert (found.entries, found.root) == (SIZE - since, checkpoint(SIZE).root)


@given(st.data())
def test_an_entry_that_was_removed_is_named(data):
    index = data.draw(st.integers(0, SIZE - 1))
    lines = bundle()
    del lines[place_of(lines, index)]
    assert faults(lines)[0] == ("bundle_entry_missing", {"index": index})


@given(st.data())
def test_the_first_of_two_entries_that_were_swapped_is_named(data):
    first, second = sorted(data.draw(st.lists(st.integers(0, SIZE - 1), min_size=2, max_size=2, unique=True)))
    lines = bundle()
    one, other = place_of(lines, first), place_of(lines, second)
    lines[one], lines[other] = lines[other], lines[one]
    assert faults(lines)[0] == ("bundle_entry_missing", {"index": first})
    # With their numbers put right.
    lines = bundle()
    lines[one], lines[other] = (
        entry_line(first, salt(second), body(second)),
        entry_line(second, salt(first), body(first)),
    )
    assert faults(lines)[0] == ("bundle_entry_changed", {"index": first})


@given(st.data())
def test_an_entry_that_was_edited_is_named(data):
    index = data.draw(st.integers(0, SIZE - 1))
    for changed in (entry_line(index, salt(index), body(index, "other")), entry_line(index, salt(99), body(index))):
        lines = bundle()
        lines[place_of(lines, index)] = changed
        assert faults(lines) == [("bundle_entry_changed", {"index": index})]


@given(st.data())
def test_an_entry_that_was_edited_with_its_hash_lies_between_two_checkpoints(data):
    index = data.draw(st.integers(0, SIZE - 1))
    lines = bundle()
    lines[place_of(lines, index)] = entry_line(index, salt(index), body(index, "other"))
    start, end = next((a, b) for a, b in zip((0, *SIGNED), SIGNED, strict=False) if index < b)
    hashes = [event_leaf(salt(i), body(i, "other" if i == index else "")) for i in range(start, end)]
    at = next(at for at, line in enumerate(lines) if json.loads(line).get("start") == start)
    lines[at] = leaves_line(start, hashes)
    assert faults(lines)[0] == ("bundle_root_differs", {"first": start, "size": end})


@given(st.data())
def test_any_line_that_is_left_out_or_doubled_is_noticed(data):
    since = data.draw(st.integers(0, SIZE - 1))
    lines = bundle(since)
    at = data.draw(st.integers(1, len(lines) - 1))
    only_signs_again = "checkpoint" in json.loads(lines[at])
    without = faults([*lines[:at], *lines[at + 1 :]])
    assert without or (only_signs_again and at < len(lines) - 1)
    assert faults([*lines[:at], lines[at], *lines[at:]]) or only_signs_again
    assert faults(lines[:at])


@given(st.data())
def test_any_byte_that_was_changed_is_noticed(data):
    lines = bundle(5)
    at = data.draw(st.integers(1, len(lines) - 1))
    byte = data.draw(st.integers(0, len(lines[at]) - 2))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != lines[at][byte]))
    lines[at] = lines[at][:byte] + bytes([value]) + lines[at][byte + 1 :]
    found = check_bundle(lines, key=SIGNER.public)
    assert isinstance(found, Refusal) or found.faults or json.loads(lines[at]) == json.loads(bundle(5)[at])


def test_a_salt_has_one_text():
    lines = bundle()
    at = place_of(lines, 3)
    digit = lines[at].index(b'="}') - 1
    # The last digit of 32 bytes holds two bits that no byte has.
    other = bytes([lines[at][digit] + 1])
    assert other != lines[at][digit : digit + 1]
    lines[at] = lines[at][:digit] + other + lines[at][digit + 1 :]
    found = check_bundle(lines, key=SIGNER.public)
    assert isinstance(found, Refusal) or found.faults


def test_a_bundle_of_the_first_edition_states_its_keys_alone():
    lines = bundle()
    lines[0] = canonical_json({**json.loads(lines[0]), "edition": 1, "keys": [SIGNER.public.text]})
    assert report(lines, key=SIGNER.public).faults == ()
    assert faults(lines, key=OTHER.public)[0][0] == "bundle_unsigned"


def test_an_erased_entry_is_counted_and_its_hash_still_holds():
    found = report(bundle(erased=(3, 20)))
    assert (found.faults, found.entries, found.erased) == ((), SIZE - 2, 2)
    assert [each.as_json() for each in found.erasures] == [
        {"index": erased, "noted": noted, "kind": "sample:thing:made", "at": "2026-06-30", "reason": "why"}
        for noted, erased in NOTING.items()
    ]


UNNOTED, HIDDEN = "bundle_erasure_unnoted", "bundle_key_hidden"


@pytest.mark.parametrize(
    ("erased", "named"),
    [
        ((4,), [(UNNOTED, {"index": 4})]),
        # The event that notes the erasure has to be there itself, and nothing notes that it went.
        ((3, 9), [(UNNOTED, {"index": 3})]),
        ((3, 9, 20), [(UNNOTED, {"index": 3})]),
        # The first entry states the key.
        ((0,), [(HIDDEN, {"index": 0}), (UNNOTED, {"index": 0})]),
        (range(SIZE), [(HIDDEN, {"index": 0}), (UNNOTED, {"index": 0})]),
    ],
)
def test_an_entry_shown_as_erased_without_an_event_that_notes_it_is_named(erased, named):
    assert faults(bundle(erased=erased), key=SIGNER.public) == named


def test_an_erasure_is_noted_for_one_reason_and_afterwards():
    lines = bundle()
    lines[place_of(lines, 3)] = write_erased_line(3, "2026", "another reason")
    assert faults(lines) == [(UNNOTED, {"index": 3})]
    so_far = ErasuresSoFar({3: "why"})
    event = json.loads(body(9))
    for index, said in (
        (3, event),
        (2, event),
        (9, {**event, "subject": "4"}),
        (9, {**event, "payload": {"index": 3}}),
    ):
        so_far.take_event(index, said)
        assert (so_far.found, list(so_far.find_unnoted())) == ((), [3])
    so_far.take_event(4, event)
    assert list(so_far.find_unnoted()) == []


def test_an_entry_that_states_a_key_is_not_withheld_and_another_may_be():
    lines = bundle()
    lines[place_of(lines, 5)] = withheld_line(5)
    found = report(lines)
    assert (found.faults, found.entries, found.withheld) == ((), SIZE - 1, 1)
    lines[place_of(lines, 0)] = withheld_line(0)
    assert faults(lines) == [(HIDDEN, {"index": 0})]


def test_what_another_key_signed_does_not_hold():
    assert faults(bundle(signer=OTHER), key=SIGNER.public) == [
        ("bundle_unsigned", {"size": SIZE, "key": SIGNER.public.text})
    ]
    assert report(bundle(signer=OTHER)).key == OTHER.public
    lines = bundle()
    lines[place_of(lines, 0) + 1] = checkpoint_line(sign_note(checkpoint(1).text, OTHER))
    assert faults(lines, key=SIGNER.public) == [("bundle_unsigned", {"size": 1, "key": ORIGIN})]


def test_a_log_that_was_rewritten_or_shrank_does_not_hold():
    rewritten = Checkpoint(ORIGIN, 7, checkpoint(6).root)
    assert faults(bundle(), kept=rewritten) == [("bundle_growth_broken", {"size": 7})]
    assert faults(bundle(7), kept=rewritten) == [("bundle_growth_broken", {"size": 7})]
    assert faults(bundle(size=8), kept=checkpoint(12)) == [("bundle_older", {"size": 8, "kept": 12})]
    other = Checkpoint("other.example", 8, checkpoint(8).root)
    assert faults(bundle(), kept=other) == [("bundle_other_log", {"origin": ORIGIN, "kept": "other.example"})]


def added(start: int, end: int) -> list[bytes]:
    """Lines of entries that were put behind a bundle."""
    entries = [entry_line(index, salt(index), body(index)) for index in range(start, end)]
    return [leaves_line(start, [leaf(index) for index in range(start, end)]), *entries]


@given(since=st.integers(0, 5), more=st.integers(1, 7), key=st.sampled_from((None, SIGNER.public)))
@pytest.mark.parametrize("signers", [(), (OTHER,), (SIGNER,)])
def test_what_follows_the_size_of_the_header_is_a_fault_and_not_taken_in(signers, since, more, key):
    lines = bundle(since, size=5)
    stranger = KeyPeriod(OTHER.public)
    subtrees = tuple(base64.b64decode(each) for each in json.loads(lines[0])["subtrees"])
    lines[0] = BundleHeader(ORIGIN, 5, since, subtrees, (KeyPeriod(SIGNER.public), stranger)).line
    assert faults(lines, key=key) == []
    lines += added(5, 5 + more)
    if signers:
        lines.append(checkpoint_line(sign_note(checkpoint(5 + more).text, *signers)))
    found = report(lines, key=key)
    assert [(fault.code, dict(fault.params)) for fault in found.faults] == [("bundle_longer", {"size": 5})]
    assert (found.root, found.entries, found.key) == (checkpoint(5).root, 5 - since, SIGNER.public)


@pytest.mark.parametrize(
    "line",
    [
        leaves_line(5, [leaf(5)]),
        # It begins within the size, and ends after it.
        leaves_line(4, [leaf(4), leaf(5)]),
        entry_line(5, salt(5), body(5)),
        write_erased_line(5, "2026", "why"),
        checkpoint_line(sign_note(checkpoint(6).text, SIGNER)),
    ],
)
@pytest.mark.parametrize("at", [1, -1, None])
def test_a_single_line_beyond_the_size_of_the_header_is_a_fault_anywhere(line, at):
    lines = bundle(size=5)
    lines.insert(len(lines) if at is None else at, line)
    found = report(lines, key=SIGNER.public)
    assert "bundle_longer" in [fault.code for fault in found.faults]
    assert (found.root, found.entries, found.erased) == (checkpoint(5).root, 5, 0)


def test_entries_and_leaves_in_one_line_are_cut_at_the_size_of_the_header():
    lines = bundle(size=8)
    header = {**json.loads(lines[0]), "size": 5}
    signed = checkpoint_line(sign_note(checkpoint(5).text, SIGNER))
    cut = [canonical_json(header), *lines[1:-1], signed]
    assert faults(cut, key=SIGNER.public) == [("bundle_longer", {"size": 5})]


@given(st.sampled_from(SIGNED), st.sampled_from(SIGNED))
def test_a_witness_counts_for_the_checkpoint_that_it_cosigned_alone(size, other):
    witness = WitnessSigner("witness.example/w1", bytes(range(2, 34)))
    lines = bundle()
    at = next(at for at, line in enumerate(lines) if b'"checkpoint"' in line and b"%d\\n" % size in line)
    note = json.loads(lines[at])["checkpoint"]
    lines[at] = checkpoint_line(note + witness.cosign(checkpoint(other).text, time=1679315147))
    found = report(lines, witnesses=(witness.public,))
    if size == other:
        assert (found.faults, found.witnessed) == ((), {witness.public: (size, 1679315147)})
    else:
        assert [fault.code for fault in found.faults] == ["bundle_unwitnessed"]
    assert faults(bundle(), witnesses=(witness.public,)) == [("bundle_unwitnessed", {"witness": witness.public.text})]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (0, "bundle_unreadable"),
        (1, "bundle_unreadable"),
        (5, "bundle_unreadable"),
    ],
)
@pytest.mark.parametrize(
    "text", [b"", b"[]\n", b"{}\n", b"{", b"\xff\n", b'{"checkpoint":"x"}\n', b'{"leaves":"AAAA","start":0}\n']
)
def test_what_cannot_be_read_is_refused(line, code, text):
    lines = bundle()
    lines[line] = text
    found = check_bundle(lines)
    assert isinstance(found, Refusal)
    assert found.code == code


def test_a_header_without_what_its_size_needs_is_refused():
    wrong: tuple[dict[str, Any], ...] = (
        {"subtrees": []},
        {"since": -1},
        {"since": 99},
        {"edition": 5},
        {"keys": [{"key": SIGNER.public.text}]},
        {"keys": [{"key": "none", "first": 0, "last": None, "handover": None}]},
        {"keys": [{"key": SIGNER.public.text, "first": 0, "last": None, "handover": {"checkpoint": "x"}}]},
        {"keys": "none"},
    )
    for changes in wrong:
        lines = bundle(5)
        lines[0] = canonical_json({**json.loads(lines[0]), **changes})
        assert isinstance(check_bundle(lines), Refusal)
    assert isinstance(check_bundle([]), Refusal)
