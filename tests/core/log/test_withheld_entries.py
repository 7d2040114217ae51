"""A bundle may withhold what is not for everybody, and nothing else: each checkpoint binds what that is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.bundle_format import BundleHeader, checkpoint_line, entry_line, leaves_line, withheld_line
from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import KeyPeriod
from ewtp.core.log.note import sign_note
from ewtp.core.log.withheld_entries import NOTHING_WITHHELD, bind_entries
from ewtp.core.recount.log_recount import LogRecount
from tests.core.log.test_bundle import ORIGIN, SIGNED, SIGNER, SIZE, body, checkpoint, faults, leaf, report, salt

PRIVATE = frozenset({2, 5, 6, 9, 15, 16, 17})


def bound(size: int) -> Checkpoint:
    """The checkpoint of a hub that keeps some entries from the public."""
    return replace(checkpoint(size), withheld=bind_entries(NOTHING_WITHHELD, sorted(i for i in PRIVATE if i < size)))


def bundle(hidden: frozenset[int] = PRIVATE, since: int = 0, old: tuple[int, ...] = ()) -> list[bytes]:
    """The log without the entries ``hidden``; the checkpoints ``old`` are of an earlier version."""
    tree = GrowingTree()
    tree.extend(map(leaf, range(since)))
    lines = [BundleHeader(ORIGIN, SIZE, since, tuple(tree.subtrees), (KeyPeriod(SIGNER.public),)).line]
    start = since
    for end in (*(place for place in SIGNED if since < place < SIZE), SIZE):
        lines.append(leaves_line(start, [leaf(index) for index in range(start, end)]))
        lines += (
            withheld_line(index) if index in hidden else entry_line(index, salt(index), body(index))
            for index in range(start, end)
        )
        signed = checkpoint(end) if end in old else bound(end)
        lines.append(checkpoint_line(sign_note(signed.text, SIGNER)))
        start = end
    return lines


def test_what_is_not_for_everybody_may_be_withheld_or_shown():
    assert faults(bundle()) == []
    assert faults(bundle(frozenset())) == []
    found = report(bundle())
    assert (found.withheld, found.unbound) == (len(PRIVATE), 0)


@pytest.mark.parametrize("index", sorted(set(range(1, SIZE)) - PRIVATE))
def test_an_entry_for_everybody_that_is_withheld_is_named(index: int):
    assert faults(bundle(PRIVATE | {index})) == [("bundle_public_withheld", {"index": index})]
    # So it is where nothing else is withheld.
    alone = faults(bundle(frozenset({index})))
    assert [code for code, _ in alone] == ["bundle_public_withheld"]
    assert alone[0][1]["index"] == index


@given(st.sets(st.integers(1, SIZE - 1)))
def test_no_other_set_of_entries_can_be_withheld(hidden: set[int]):
    # Between two checkpoints, what is not for everybody is withheld or shown.
    stretches = [range(start, end) for start, end in zip((0, *SIGNED), (*SIGNED, SIZE), strict=False) if end > start]
    honest = all(hidden & set(each) in (set(), PRIVATE & set(each)) for each in stretches)
    found = faults(bundle(frozenset(hidden)))
    assert found == [] if honest else [code for code, _ in found] == ["bundle_public_withheld"]


def test_several_that_are_withheld_are_named_by_their_range():
    assert faults(bundle(PRIVATE | {13, 14})) == [("bundle_public_withheld", {"index": 13, "last": 17})]


def test_what_no_checkpoint_binds_is_counted():
    reader = LogRecount()
    lines = bundle(PRIVATE | {3}, old=(1, 8))
    found = report(lines, reader=reader)
    assert (found.faults, found.withheld, found.unbound) == ((), 8, 5)
    assert "left_unbound" in [each.code for each in reader.report(found).left]


@pytest.mark.parametrize("kept", [True, False])
def test_after_a_checkpoint_that_was_kept_the_next_stretch_is_bound(*, kept: bool):
    lines = bundle(PRIVATE | {10}, since=8)
    more: dict[str, Any] = {"kept": bound(8)} if kept else {}
    assert faults(lines, **more) == ([("bundle_public_withheld", {"index": 10})] if kept else [])
    assert report(lines, **more).unbound == (0 if kept else 2)


def test_the_line_is_a_part_of_the_signed_text():
    signed = sign_note(bound(8).text, SIGNER)
    read = read_checkpoint(signed)
    assert isinstance(read, tuple)
    assert read[0] == bound(8)
    for line in ("withheld !!", "withheld AAAA", f"withheld x\n{bound(8).text.splitlines()[3]}"):
        other = read_checkpoint(sign_note(f"{checkpoint(8).text}{line}\n", SIGNER))
        assert isinstance(other, tuple)
        assert other[0] == checkpoint(8)
