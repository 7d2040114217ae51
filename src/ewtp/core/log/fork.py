"""Forks: a log that shows one history to one reader and another one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.log.checkpoint import Checkpoint


@immutable
class LogFork:
    """Two roots of one log for the same ``size``: the one that was kept, and the one that was shown later."""

    size: int
    kept: bytes
    shown: bytes


def find_fork(kept: Checkpoint, leaves: Iterable[bytes], shown: BundleReport) -> LogFork | None:
    """The size at which a bundle contradicts a checkpoint that was kept; None where one history has both.

    ``leaves`` are the hashes of the first ``shown.header.size`` leaves under the checkpoint, needed where the bundle is
    the older one. ValueError where the bundle begins behind the checkpoint, so that nothing connects them.
    """
    size = shown.header.size
    if size >= kept.size:
        root = shown.history.root_at(kept.size)
        if root is None:
            msg = f"a bundle since {shown.header.since} says nothing of the log of {kept.size} entries"
            raise ValueError(msg)
        return None if root == kept.root else LogFork(kept.size, kept.root, root)
    tree = GrowingTree()
    tree.extend(leaves)
    return None if tree.root == shown.root else LogFork(size, tree.root, shown.root)
