"""How long Arrow keeps memory that is not in use; to be said before Arrow is loaded."""

from __future__ import annotations

import os

# Arrow's allocator gives memory back ten milliseconds after its last use unless told otherwise, which is
# sooner than the next table comes. What memory costs that a process has to ask for again is more than a table's work.
_MILLISECONDS = "10000"


def keep_used_memory() -> None:
    """Have Arrow keep the memory of one table for the next ones; what an operator says goes before."""
    os.environ.setdefault("MIMALLOC_PURGE_DELAY", _MILLISECONDS)
