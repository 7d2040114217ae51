"""How long Arrow keeps unused memory; must be set before Arrow is imported."""

from __future__ import annotations

import os

# By default Arrow's allocator returns memory ten milliseconds after its last use, before the next table arrives, and
# getting it again costs more than the work on a table.
_MILLISECONDS = "10000"


def keep_used_memory() -> None:
    """Have Arrow keep the memory of one table for the next ones, unless the operator has set a delay."""
    os.environ.setdefault("MIMALLOC_PURGE_DELAY", _MILLISECONDS)
