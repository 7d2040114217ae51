"""What memory allocators are told: Arrow's before Arrow is imported, the C library's before a process starts."""

from __future__ import annotations

import os

# By default Arrow's allocator returns memory ten milliseconds after its last use, before the next table arrives, and
# getting it again costs more than the work on a table.
_MILLISECONDS = "10000"
# By default the C library gives each of a process's threads a pool of memory of its own, up to eight for each
# processor, and what is free in one pool is of no use to the others.
_POOLS = "2"


def keep_used_memory() -> None:
    """Have Arrow keep the memory of one table for the next ones, unless the operator has set a delay."""
    os.environ.setdefault("MIMALLOC_PURGE_DELAY", _MILLISECONDS)


def share_memory_pools() -> None:
    """Have the processes that this one starts share few pools among their threads, unless the operator has set it."""
    os.environ.setdefault("MALLOC_ARENA_MAX", _POOLS)
