"""How often a process that answers looks for garbage in cycles."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# An answer makes some thousand objects, which are all dropped with it and in no cycle. Python would look through them
# several times meanwhile, and now and then through the whole law in memory: a fifth of the time of an answer.
_NEW_OBJECTS, _YOUNG_COLLECTIONS, _MIDDLE_COLLECTIONS = 50_000, 20, 500


@contextmanager
def pause_collection() -> Iterator[None]:
    """Look for no cycles meanwhile.

    What is kept of a million ballots points back at nothing, and looking for cycles in it takes a fifth of the time.
    What is there at the end is left out of the next collections, or the first of them would look through all of it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.enable()


def collect_rarely() -> None:
    """Leave what is loaded so far out of every collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, _YOUNG_COLLECTIONS, _MIDDLE_COLLECTIONS)
