"""Keys that one another replaced: whoever trusts one trusts those after it, each for its own sizes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import BundleHeader, checkpoint_line, entry_line, leaves_line
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.checkpoint import Checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import ROTATED, KeyHandover, KeyPeriod
from ewtp.core.log.note import NoteSigner, sign_note
from ewtp.core.log.proofs import prove_inclusion
from ewtp.core.values.canonical_json import canonical_json

ORIGIN = "log.example/trade"
KEYS = tuple(NoteSigner(ORIGIN, bytes([number]) * 32) for number in range(1, 5))
STRANGER = NoteSigner(ORIGIN, bytes(range(32)))


class RotatedLog:
    """A log of ``size`` entries whose keys were replaced with the entries ``rotations``, in order."""

    def __init__(self, size: int, rotations: tuple[int, ...], origin: str = ORIGIN) -> None:
        self.size, self.rotations, self.origin = size, rotations, origin
        self.bodies = [canonical_json({"kind": "sample:thing:made", "payload": {"number": n}}) for n in range(size)]
        for old, new, index in zip(KEYS, KEYS[1:], rotations, strict=False):
            facts = {"key": new.public.text, "replaces": old.public.text}
            self.bodies[index] = canonical_json({"kind": ROTATED, "payload": facts})
        self.leaves = [event_leaf(self.salt(index), body) for index, body in enumerate(self.bodies)]

    def put(self, index: int, kind: str, **payload: Any) -> RotatedLog:
        """This log with another entry in this place."""
        self.bodies[index] = canonical_json({"kind": kind, "payload": payload})
        self.leaves[index] = event_leaf(self.salt(index), self.bodies[index])
        return self

    @staticmethod
    def salt(index: int) -> bytes:
        return index.to_bytes(32)

    def node(self, level: int, number: int) -> bytes:
        tree = GrowingTree()
        tree.extend(self.leaves[number << level : (number + 1) << level])
        return tree.root

    def checkpoint(self, size: int) -> Checkpoint:
        tree = GrowingTree()
        tree.extend(self.leaves[:size])
        return Checkpoint(self.origin, size, tree.root)

    def signers(self, size: int) -> tuple[NoteSigner, ...]:
        """Who signs the checkpoint of a size: two where it is that of a rotation."""
        after = sum(index + 1 < size for index in self.rotations)
        return (KEYS[after + 1], KEYS[after]) if size - 1 in self.rotations else (KEYS[after],)

    def periods(self) -> tuple[KeyPeriod, ...]:
        found = [KeyPeriod(KEYS[0].public)]
        for key, index in zip(KEYS[1:], self.rotations, strict=False):
            size = index + 1
            found[-1] = replace(found[-1], last=size)
            found.append(KeyPeriod(key.public, size, None, self.handover(index, *self.signers(size))))
        return tuple(found)

    def handover(self, index: int, *signers: NoteSigner) -> KeyHandover:
        """That the signers signed the checkpoint whose last entry has this number."""
        note = sign_note(self.checkpoint(index + 1).text, *signers)
        return KeyHandover(note, self.salt(index), self.bodies[index], prove_inclusion(index, index + 1, self.node))

    def bundle(
        self, since: int = 0, signed: dict[int, tuple[NoteSigner, ...]] | None = None, **header: Any
    ) -> list[bytes]:
        """The lines of its bundle, with a checkpoint of every size; ``signed`` says who signs one instead."""
        tree = GrowingTree()
        tree.extend(self.leaves[:since])
        periods = header.get("periods", self.periods())
        lines = [BundleHeader(ORIGIN, self.size, since, tuple(tree.subtrees), periods).line]
        for index in range(since, self.size):
            lines.append(leaves_line(index, [self.leaves[index]]))
            lines.append(entry_line(index, self.salt(index), self.bodies[index]))
            signers = (signed or {}).get(index + 1, self.signers(index + 1))
            lines.append(checkpoint_line(sign_note(self.checkpoint(index + 1).text, *signers)))
        return lines


@st.composite
def rotated_logs(draw: st.DrawFn) -> RotatedLog:
    size = draw(st.integers(2, 20))
    places = draw(st.sets(st.integers(1, size - 1), max_size=len(KEYS) - 1))
    return RotatedLog(size, tuple(sorted(places)))


def faults(lines: list[bytes], **more: Any) -> list[str]:
    found = check_bundle(lines, **more)
    assert isinstance(found, BundleReport), found
    return [fault.code for fault in found.faults]


@given(rotated_logs(), st.data())
def test_whoever_trusts_any_key_of_the_log_can_check_it_from_any_size(log, data):
    since = data.draw(st.integers(0, log.size - 1))
    found = check_bundle(log.bundle(since), key=data.draw(st.sampled_from(log.periods())).key)
    assert isinstance(found, BundleReport)
    assert found.faults == ()
    assert found.key in [each.public for each in log.signers(log.size)]
    assert faults(log.bundle(since), key=STRANGER.public) == ["bundle_unsigned"]


@given(rotated_logs(), st.data())
def test_a_key_signs_for_its_sizes_alone(log, data):
    size = data.draw(st.integers(1, log.size))
    signer = data.draw(st.sampled_from(KEYS))
    key = data.draw(st.sampled_from((None, KEYS[0].public)))
    found = faults(log.bundle(signed={size: (signer,)}), key=key)
    if signer in log.signers(size):
        assert found == []
    elif signer.public in {each.key for each in log.periods()}:
        assert found == ["bundle_key_retired"]
    else:
        assert found == ["bundle_unsigned"]


@given(rotated_logs().filter(lambda log: log.rotations and log.rotations[-1] < log.size - 1), st.data())
def test_a_key_that_was_not_handed_the_log_is_believed_by_nobody_who_trusts_the_one_before(log, data):
    at = data.draw(st.integers(1, len(log.rotations)))
    periods = list(log.periods())
    periods[at] = replace(periods[at], handover=None)
    before = data.draw(st.sampled_from(periods[:at]))
    assert faults(log.bundle(periods=tuple(periods)), key=before.key)[0] in ("bundle_unsigned", "bundle_key_retired")
    assert faults(log.bundle(periods=tuple(periods)), key=periods[at].key) == []


def handover() -> tuple[RotatedLog, KeyHandover]:
    log = RotatedLog(9, (4,))
    held = log.periods()[1].handover
    assert held is not None
    return log, held


@pytest.mark.parametrize(
    "change",
    [
        # Signed by one of the two alone.
        lambda log, held: replace(held, note=sign_note(log.checkpoint(5).text, KEYS[0])),
        lambda log, held: replace(held, note=sign_note(log.checkpoint(5).text, KEYS[1])),
        # Another entry, or a proof of another place.
        lambda log, held: replace(held, body=log.bodies[3]),
        lambda log, held: replace(held, salt=log.salt(3), body=log.bodies[3]),
        lambda _, held: replace(held, proof=held.proof[1:]),
        lambda _, held: replace(held, salt=bytes(32)),
        # The event is in the log, and not the last entry of what both signed.
        lambda log, held: replace(held, note=sign_note(log.checkpoint(6).text, *KEYS[:2])),
    ],
)
def test_a_handover_that_does_not_show_it_is_named(change):
    log, held = handover()
    first, second = log.periods()
    broken = (first, replace(second, handover=change(log, held)))
    assert "bundle_handover_broken" in faults(log.bundle(periods=broken))
    assert "bundle_handover_broken" in faults(log.bundle(since=7, periods=broken))


def test_a_handover_leaves_no_gap_and_is_that_of_this_log():
    log, _ = handover()
    first, second = log.periods()
    for wrong in ((first, replace(second, first=4)), (replace(first, last=7), second), (second,)):
        assert "bundle_handover_broken" in faults(log.bundle(periods=wrong))
    # The handover of another log of the same keys: both signed it, and this tree never had that root.
    forked = (first, replace(second, handover=fork().periods()[1].handover))
    assert "bundle_handover_broken" in faults(log.bundle(periods=forked))


def fork() -> RotatedLog:
    """A log that differs from that of ``handover`` in one entry before the rotation."""
    return RotatedLog(9, (4,)).put(2, "sample:thing:made", number=99)


@pytest.mark.parametrize("since", range(6))
@pytest.mark.parametrize("key", [None, KEYS[0].public, KEYS[1].public])
def test_a_forks_handover_is_named_wherever_the_tree_passes_its_size(since, key):
    log, held = handover()
    first, second = log.periods()
    assert faults(log.bundle(since), key=key) == []
    forked = (first, replace(second, handover=fork().periods()[1].handover))
    assert faults(log.bundle(since, periods=forked), key=key) == ["bundle_handover_broken"]
    # The tree passes the size within a line of leaves, and there is no checkpoint of it.
    for periods, found in (((first, second), []), (forked, ["bundle_handover_broken"])):
        *_, last = log.bundle(since, periods=periods)
        lines = [log.bundle(since, periods=periods)[0], leaves_line(since, log.leaves[since:])]
        lines += [entry_line(index, log.salt(index), log.bodies[index]) for index in range(since, log.size)]
        assert faults([*lines, last], key=key) == found
    assert held == second.handover


@pytest.mark.parametrize("since", range(9))
@pytest.mark.parametrize("key", [None, KEYS[0].public, KEYS[1].public])
def test_a_handover_of_another_log_is_named_from_any_size(since, key):
    log, _ = handover()
    first, second = log.periods()
    # Its entries are the same, and so are its keys and its root.
    other = RotatedLog(9, (4,), origin="other.example")
    strange = (first, replace(second, handover=other.periods()[1].handover))
    assert faults(log.bundle(since, periods=strange), key=key) == ["bundle_handover_broken"]


@pytest.mark.parametrize("since", range(6))
def test_of_two_handovers_at_one_size_the_forks_is_named(since):
    first, second, third = (signer.public for signer in KEYS[:3])
    log = RotatedLog(9, (4,)).put(4, ROTATED, key=third.text, replaces=second.text)
    forked = fork().handover(4, *KEYS[:2])
    periods = (
        KeyPeriod(first, 0, 5),
        KeyPeriod(second, 5, 5, forked),
        KeyPeriod(third, 5, None, log.handover(4, *KEYS[1:3])),
    )
    signed: dict[int, tuple[NoteSigner, ...]] = {size: (KEYS[0 if size < 5 else 2],) for size in range(1, 10)}
    assert faults(log.bundle(since, signed, periods=periods), key=first) == ["bundle_handover_broken"]


@pytest.mark.parametrize("since", [0, 3])
def test_a_handover_after_the_size_of_the_bundle_is_named(since):
    log, _ = handover()
    short = RotatedLog(4, ())
    assert faults(short.bundle(since), key=KEYS[0].public) == []
    assert faults(short.bundle(since, periods=log.periods()), key=KEYS[0].public) == ["bundle_handover_broken"]


def test_an_event_about_other_keys_hands_nothing_on():
    log, held = handover()
    checkpoint = held.checkpoint(KEYS[0].public, KEYS[1].public)
    assert checkpoint == log.checkpoint(5)
    assert held.checkpoint(KEYS[1].public, KEYS[0].public) is None
    assert held.checkpoint(KEYS[0].public, KEYS[2].public) is None
    note = sign_note(log.checkpoint(5).text, KEYS[0], KEYS[1], KEYS[2])
    assert replace(held, note=note).checkpoint(KEYS[0].public, KEYS[2].public) is None


@given(rotated_logs().filter(lambda log: log.rotations), st.data())
def test_any_byte_of_the_keys_that_was_changed_is_noticed_by_whoever_trusts_the_first(log, data):
    lines = log.bundle()
    at = data.draw(st.integers(0, len(lines[0]) - 2))
    value = data.draw(st.integers(32, 126).filter(lambda value: value != lines[0][at]))
    changed = lines[0][:at] + bytes([value]) + lines[0][at + 1 :]
    found = check_bundle([changed, *lines[1:]], key=KEYS[0].public)
    held = isinstance(found, BundleReport) and not found.faults
    # What holds says the same: a number written otherwise, or the end of the last key's sizes, which nobody signs.
    if held:
        read, written = json.loads(changed), json.loads(lines[0])
        read["keys"][-1]["last"] = written["keys"][-1]["last"] = None
        read["keys"][0]["first"] = 0
        assert read == written
