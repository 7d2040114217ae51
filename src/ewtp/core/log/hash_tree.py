"""The Merkle tree of RFC 9162 (section 2.1): hashes of leaves and nodes, and a tree that grows leaf by leaf.

Every hash is 32 bytes of SHA-256. A node is addressed as in C2SP's tlog-tiles: at ``level`` 0 are the leaves, and node
``number`` of a level covers the leaves from ``number * 2**level`` on, ``2**level`` of them; it is complete once the
tree has them all.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from itertools import islice, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    # The hash of a complete node, by level and number.
    NodeHash = Callable[[int, int], bytes]

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
# Only nodes of every eighth level are stored: a tile holds the seven levels between as its leaves' hashes.
STORED_LEVELS = 8
_TILE = 1 << STORED_LEVELS
LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf with this content."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return hashlib.sha256(_NODE + left + right).digest()


@immutable
class TreeNode:
    """A complete node of the tree with its hash."""

    level: int
    number: int
    hash: bytes


class GrowingTree:
    """A tree to which leaves are added, held as the roots of its largest complete subtrees, left to right.

    ``subtrees`` are the hashes of the nodes that ``subtree_places`` names for ``size``.
    """

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size = size
        self.subtrees = list(subtrees)
        if len(self.subtrees) != size.bit_count():
            msg = f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(self.subtrees)}"
            raise ValueError(msg)

    def extend(self, leaves: Iterable[bytes]) -> list[TreeNode]:
        """Add the hashes of leaves; returns the nodes that became complete at a stored level above the leaves."""
        sha256, stack = hashlib.sha256, self.subtrees
        stored: list[TreeNode] = []
        waiting = iter(leaves)
        while piece := list(islice(waiting, _TILE - self.size % _TILE)):
            # A whole tile has one node above it, which is found level by level faster than leaf by leaf.
            first = STORED_LEVELS if len(piece) == _TILE else 0
            for node in [_tile_root(piece)] if first else piece:
                found, above, level = node, self.size >> first, first
                if first:
                    stored.append(TreeNode(level, above, found))
                while above & 1:
                    found = sha256(_NODE + stack.pop() + found).digest()
                    above >>= 1
                    level += 1
                    if level % STORED_LEVELS == 0:
                        stored.append(TreeNode(level, above, found))
                stack.append(found)
                self.size += 1 << first
        return stored

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return root_of(self.subtrees)


class TreeHistory:
    """How a tree grew, piece by piece, from which the root that it had at each size is found again."""

    def __init__(self) -> None:
        self._pieces: list[tuple[int, tuple[bytes, ...], bytes]] = []

    def note(self, tree: GrowingTree, leaves: Iterable[bytes]) -> None:
        """Note the tree as it is, and the leaves that are added to it next."""
        self._pieces.append((tree.size, tuple(tree.subtrees), b"".join(leaves)))

    def root_at(self, size: int) -> bytes | None:
        """The root of the tree with this many leaves; None for a size that was not seen."""
        place = bisect_right(self._pieces, size, key=itemgetter(0)) - 1
        if place < 0:
            return None
        start, subtrees, leaves = self._pieces[place]
        more = (size - start) * HASH_BYTES
        if more > len(leaves):
            return None
        tree = GrowingTree(start, subtrees)
        tree.extend(leaves[at : at + HASH_BYTES] for at in range(0, more, HASH_BYTES))
        return tree.root


def _tile_root(leaves: list[bytes]) -> bytes:
    """The node above a whole tile."""
    sha256, level = hashlib.sha256, leaves
    while len(level) > 1:
        pairs = iter(level)
        level = [sha256(_NODE + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


def root_of(subtrees: Iterable[bytes]) -> bytes:
    """The root over complete subtrees of falling size, left to right."""
    *others, root = [*subtrees] or [EMPTY_ROOT]
    for left in reversed(others):
        root = node_hash(left, root)
    return root


def subtree_places(size: int) -> tuple[tuple[int, int], ...]:
    """Level and number of the largest complete subtrees of a tree with this many leaves, left to right."""
    return tuple((level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1)


def range_hash(node: NodeHash, start: int, end: int) -> bytes:
    """The hash over the leaves from ``start`` (inclusive) to ``end`` (exclusive), as RFC 9162 divides them.

    ``start`` is the first leaf of a subtree, as it is everywhere in a proof.
    """
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + compute_left_width(width)
    return node_hash(range_hash(node, start, middle), range_hash(node, middle, end))


def compute_left_width(width: int) -> int:
    """How many of this many leaves, two or more, are in the left subtree: the largest power of two below."""
    return 1 << ((width - 1).bit_length() - 1)


def split_leaves(leaves: list[bytes], places: Iterable[int]) -> Iterator[list[bytes]]:
    """The leaves in pieces that end at those of the places that are between them."""
    inner = sorted(place for place in places if 0 < place < len(leaves))
    for start, end in pairwise((0, *inner, len(leaves))):
        yield leaves[start:end]
