"""The tree as it is stored: its head, the hashes of its nodes, and tiles of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ewtp.apps.log.reading.checkpoint_cosignatures import join_cosignatures
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.store.models import LogCheckpoint, LogLeaf, LogNode
from ewtp.core.log.hash_tree import HASH_BYTES, STORED_LEVELS, GrowingTree, range_hash, subtree_places

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.log.tile import Tile


@dataclass(frozen=True, slots=True)
class LogHead:
    """The newest checkpoint: the size and root of the log, and the note that states them, with every signature."""

    size: int
    root: bytes
    note: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredTree:
    """The nodes of the tree, each read once; ``node`` gives any complete one."""

    rows: dict[tuple[int, int, int], tuple[bytes, ...]] = field(default_factory=dict)

    def node(self, level: int, number: int) -> bytes:
        """The hash of a complete node, of a level that is stored or one between."""
        stored = level - level % STORED_LEVELS
        width = 1 << (level - stored)
        hashes = self._hashes(stored, number * width, width)
        tree = GrowingTree()
        tree.extend(hashes)
        return tree.root

    def root(self, size: int) -> bytes:
        """The root that the log had with this many entries, at least one."""
        return range_hash(self.node, 0, size)

    def subtrees(self, size: int) -> tuple[bytes, ...]:
        """The hashes of the complete subtrees that the tree had with this many entries, left to right."""
        return tuple(self.node(*place) for place in subtree_places(size))

    def _hashes(self, level: int, first: int, width: int) -> tuple[bytes, ...]:
        key = (level, first, width)
        if key not in self.rows:
            self.rows[key] = _read_stored_hashes(level, first, width)
        return self.rows[key]


def log_head() -> LogHead | None:
    """The newest checkpoint; None while nothing was numbered."""
    return _head(LogCheckpoint.objects.order_by("-size").first())


def head_behind(index: int) -> LogHead | None:
    """The first checkpoint over the entry with this number; None while there is none."""
    return _head(LogCheckpoint.objects.filter(size__gt=index).order_by("size").first())


def read_cosigned_head() -> LogHead | None:
    """The newest checkpoint that a witness cosigned; None where there is none."""
    return _head(LogCheckpoint.objects.filter(logcosignature__isnull=False).order_by("-size").first())


def tile_hashes(tile: Tile) -> bytes:
    """The hashes of a tile, one behind the other; the tree must have them all."""
    return b"".join(_read_stored_hashes(tile.node_level, tile.first_node, tile.width))


def leaf_index(leaf: bytes) -> int | None:
    """The number of the entry whose leaf has this hash; None where there is none yet."""
    return LogLeaf.objects.filter(hash=leaf).values_list("index", flat=True).first()


def _head(row: LogCheckpoint | None) -> LogHead | None:
    return LogHead(row.size, bytes(row.root), join_cosignatures(row.size, row.note), row.key, row.at) if row else None


def _read_stored_hashes(level: int, first: int, width: int) -> tuple[bytes, ...]:
    if level == 0:
        leaves = LogLeaf.objects.filter(index__gte=first, index__lt=first + width).order_by("index")
        found = tuple(bytes(each) for each in leaves.values_list("hash", flat=True))
    else:
        nodes = LogNode.objects.filter(level=level, number__gte=first, number__lt=first + width).order_by("number")
        found = tuple(bytes(each) for each in nodes.values_list("hash", flat=True))
    if len(found) != width or any(len(each) != HASH_BYTES for each in found):
        msg = f"the tree lacks nodes of level {level} from {first} to {first + width}"
        raise LogDamagedError(msg)
    return found
