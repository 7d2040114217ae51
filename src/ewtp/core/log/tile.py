"""Tiles: 256 hashes of one stored level at an address that never changes its content (C2SP tlog-tiles).

Tile ``number`` of ``level`` holds the nodes of tree level ``8 * level`` from ``256 * number`` on. The last tile of a
level may be partial, and then names its width: ``tile/0/x001/234.p/7``.
"""

from __future__ import annotations

import re

from ewtp.core.log.hash_tree import STORED_LEVELS
from ewtp.core.values.immutable import immutable

TILE_WIDTH = 1 << STORED_LEVELS
_GROUP = 1_000
_PATH = re.compile(r"(?P<level>[0-7])/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")


@immutable
class Tile:
    """Which tile: its level, its number there, and how many hashes it has (256 where it is full)."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The address below ``tile/``: the number in groups of three digits, all but the last behind an x."""
        groups = [f"{self.number % _GROUP:03}"]
        above = self.number // _GROUP
        while above:
            groups.append(f"x{above % _GROUP:03}")
            above //= _GROUP
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"{self.level}/{'/'.join(reversed(groups))}{partial}"

    @property
    def node_level(self) -> int:
        """The level of the tree whose nodes are in the tile."""
        return self.level * STORED_LEVELS

    @property
    def first_node(self) -> int:
        """The number of the tile's first node in that level."""
        return self.number * TILE_WIDTH

    def is_in(self, size: int) -> bool:
        """Whether a tree with this many leaves has all nodes of the tile."""
        return self.first_node + self.width <= size >> self.node_level


def read_tile_path(path: str) -> Tile | None:
    """The tile at an address below ``tile/``; None where it is not one, or not the one way to write it."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    number = int(match["number"].replace("x", "").replace("/", ""))
    tile = Tile(int(match["level"]), number, int(match["width"] or TILE_WIDTH))
    return tile if tile.width <= TILE_WIDTH and tile.path == path else None
