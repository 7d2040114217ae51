"""Proofs of RFC 9162: that an entry is in a log (2.1.3), and that a log only grew (2.1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.log.hash_tree import HASH_BYTES, compute_left_width, node_hash, range_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.log.hash_tree import NodeHash


def prove_inclusion(index: int, size: int, node: NodeHash) -> tuple[bytes, ...]:
    """The path from a leaf to the root of the tree with ``size`` leaves (2.1.3.1); ValueError outside the tree."""
    if not 0 <= index < size:
        msg = f"there is no leaf {index} among {size}"
        raise ValueError(msg)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + compute_left_width(end - start)
        if index < middle:
            path.append(range_hash(node, middle, end))
            end = middle
        else:
            path.append(range_hash(node, start, middle))
            start = middle
    return tuple(reversed(path))


def prove_consistency(first: int, second: int, node: NodeHash) -> tuple[bytes, ...]:
    """The proof that the tree with ``second`` leaves begins with that of ``first`` (2.1.4.1); ValueError outside it."""
    if not 0 < first <= second:
        msg = f"a tree of {second} leaves holds none of {first} to prove"
        raise ValueError(msg)
    path: list[bytes] = []
    start, end = 0, second
    whole = True
    while first < end:
        middle = start + compute_left_width(end - start)
        if first <= middle:
            path.append(range_hash(node, middle, end))
            end = middle
        else:
            path.append(range_hash(node, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(node, start, end))
    return tuple(reversed(path))


def check_inclusion(*, index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the leaf with this hash is number ``index`` of the tree with this size and root (2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    number, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(other, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, other)
        number, last = number >> 1, last >> 1
    return last == 0 and found == root


def check_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree with ``second`` leaves begins with the one with ``first`` (2.1.4.2).

    From an empty tree nothing can be proved, because its root binds nothing, so ``first`` = 0 never holds.
    """
    if not 0 < first <= second or not _are_hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    path = [first_root, *proof] if first & (first - 1) == 0 else [*proof]
    if len(path) == 0:
        return False
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, other)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(each) == HASH_BYTES for each in hashes)
