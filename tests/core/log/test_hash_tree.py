"""The tree and its proofs against the recursive definitions of RFC 9162, and against roots that were published."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.hash_tree import EMPTY_ROOT, GrowingTree, leaf_hash, node_hash, range_hash, root_of, subtree_places
from ewtp.core.log.proofs import check_consistency, check_inclusion, prove_consistency, prove_inclusion

MOST = 70
DATA = [str(number).encode() for number in range(600)]
LEAVES = [leaf_hash(data) for data in DATA]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def defined_root(data: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1."""
    if not data:
        return hashlib.sha256().digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = largest_power_below(len(data))
    return hashlib.sha256(b"\x01" + defined_root(data[:k]) + defined_root(data[k:])).digest()


def defined_path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if len(data) == 1:
        return []
    k = largest_power_below(len(data))
    if m < k:
        return [*defined_path(m, data[:k]), defined_root(data[k:])]
    return [*defined_path(m - k, data[k:]), defined_root(data[:k])]


def defined_subproof(m: int, data: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if m == len(data):
        return [] if whole else [defined_root(data)]
    k = largest_power_below(len(data))
    if m <= k:
        return [*defined_subproof(m, data[:k], whole=whole), defined_root(data[k:])]
    return [*defined_subproof(m - k, data[k:], whole=False), defined_root(data[:k])]


def node(level: int, number: int) -> bytes:
    return defined_root(DATA[number << level : (number + 1) << level])


ROOTS = [defined_root(DATA[:size]) for size in range(MOST + 1)]


def flipped(hashed: bytes) -> bytes:
    return bytes([hashed[0] ^ 1]) + hashed[1:]


def test_roots_that_were_published_come_out():
    # The leaves and roots of the reference tests of Certificate Transparency (RFC 6962), as facts.
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        tree = GrowingTree()
        tree.extend(leaf_hash(bytes.fromhex(text)) for text in leaves[:size])
        assert tree.root.hex() == root


def test_every_size_has_the_defined_root_and_subtrees():
    tree = GrowingTree()
    for size in range(MOST + 1):
        assert (tree.size, tree.root) == (size, ROOTS[size])
        assert tree.subtrees == [node(*place) for place in subtree_places(size)]
        assert root_of(tree.subtrees) == ROOTS[size]
        assert GrowingTree(size, tree.subtrees).root == ROOTS[size]
        tree.extend([LEAVES[size]])
    assert ROOTS[0] == EMPTY_ROOT


def test_a_tree_is_not_resumed_from_subtrees_of_another_size():
    with pytest.raises(ValueError, match="complete subtrees"):
        GrowingTree(3, LEAVES[:1])


@given(st.lists(st.integers(0, 90), max_size=7))
def test_stored_nodes_do_not_depend_on_the_pieces(pieces):
    tree, stored, done = GrowingTree(), [], 0
    for piece in pieces:
        stored += tree.extend(LEAVES[done : min(done + piece, 600)])
        done = min(done + piece, 600)
    assert [(each.level, each.number) for each in stored] == [(8, number) for number in range(done >> 8)]
    assert all(each.hash == node(each.level, each.number) for each in stored)


def test_every_leaf_of_every_size_is_proved_and_nothing_else():
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = prove_inclusion(index, size, node)
            assert list(proof) == defined_path(index, DATA[:size])
            given_: dict[str, Any] = {
                "index": index,
                "size": size,
                "leaf": LEAVES[index],
                "root": ROOTS[size],
                "proof": proof,
            }
            assert check_inclusion(**given_)
            wrongs: tuple[dict[str, Any], ...] = (
                {"leaf": LEAVES[index + 1]},
                {"root": flipped(ROOTS[size])},
                {"index": index + 1},
                {"index": size},
                {"index": -1},
                {"proof": (*proof, ROOTS[1])},
                {"proof": proof[:-1]} if proof else {"size": 0},
                {"proof": (flipped(proof[0]), *proof[1:])} if proof else {"leaf": b""},
                {"root": ROOTS[size][:-1]},
            )
            for wrong in wrongs:
                assert not check_inclusion(**{**given_, **wrong}), (size, index, wrong)


def test_every_growth_is_proved_and_nothing_else():
    for second in range(1, MOST + 1):
        for first in range(1, second + 1):
            proof = prove_consistency(first, second, node)
            assert list(proof) == defined_subproof(first, DATA[:second], whole=True)
            roots = {"first_root": ROOTS[first], "second_root": ROOTS[second]}
            given_: dict[str, Any] = {"first": first, "second": second, "proof": proof, **roots}
            assert check_consistency(**given_)
            wrongs: tuple[dict[str, Any], ...] = (
                {"first_root": flipped(ROOTS[first])},
                {"second_root": flipped(ROOTS[second])},
                {"first": 0},
                {"first": second + 1},
                {"proof": (*proof, ROOTS[1])},
                {"proof": proof[:-1]} if proof else {"second_root": b""},
                {"proof": (*proof[:-1], flipped(proof[-1]))} if proof else {"first_root": ROOTS[first][:5]},
            )
            for wrong in wrongs:
                assert not check_consistency(**{**given_, **wrong}), (first, second, wrong)


def test_nothing_is_proved_from_an_empty_tree():
    empty: dict[str, Any] = {"first": 0, "first_root": EMPTY_ROOT, "proof": ()}
    assert not check_consistency(**empty, second=0, second_root=EMPTY_ROOT)
    assert not check_consistency(**empty, second=3, second_root=ROOTS[3])
    for first, second in ((0, 0), (0, 3), (4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="to prove"):
            prove_consistency(first, second, node)
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no leaf"):
            prove_inclusion(index, size, node)


@given(st.data())
def test_proofs_of_larger_trees_hold_and_break_with_any_bit(data):
    size = data.draw(st.integers(2, 600))
    index = data.draw(st.integers(0, size - 1))
    root = range_hash(node, 0, size)
    proof = list(prove_inclusion(index, size, node))
    assert check_inclusion(index=index, size=size, leaf=LEAVES[index], root=root, proof=proof)
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = (int.from_bytes(proof[place]) ^ (1 << bit)).to_bytes(32)
    tampered = [*proof[:place], changed, *proof[place + 1 :]]
    assert not check_inclusion(index=index, size=size, leaf=LEAVES[index], root=root, proof=tampered)


def test_a_leaf_is_not_a_node():
    # Or a node's two hashes could pass as an entry (RFC 9162, 2.1.1).
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])
