"""Withheld entries: each checkpoint binds which entries are not for everybody, so that no other can be hidden.

Nothing in the hash of a leaf says whom its entry is for. So a checkpoint has a line more, of 32 bytes: starting from
zeros, the SHA-256 of these bytes and the number (eight bytes, the highest first) of each entry that is not for
everybody, in order. A bundle that withholds exactly those gives the same bytes, and one that withholds another entry
does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from ewtp.core.log.sentences import BUNDLE_PUBLIC_WITHHELD, BUNDLE_PUBLIC_WITHHELD_AMONG
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

# The binding of a log without entries.
NOTHING_WITHHELD = bytes(32)
# Between two checkpoints; up to this many, the one that is withheld wrongly is looked for.
_MOST_SEARCHED = 600


def bind_entries(binding: bytes, indices: Iterable[int]) -> bytes:
    """The binding after these entries, which are not for everybody; their numbers in order."""
    for index in indices:
        binding = sha256(binding + index.to_bytes(8, "big")).digest()
    return binding


@dataclass(slots=True)
class WithheldSoFar:
    """The entries that a bundle withholds since the last checkpoint, whose ``binding`` is None where it is not known.

    ``unbound`` counts those of which no checkpoint says whether they are for everybody.
    """

    binding: bytes | None
    indices: list[int] = field(default_factory=list)
    unbound: int = 0

    def compare(self, signed: bytes) -> Statement | None:
        """The fault ``bundle_public_withheld`` of entries withheld that should not be; None where all are right.

        ``signed`` is the binding of the next checkpoint, empty where it has none. What shows every entry withholds
        nothing, and is right. Where one entry alone is withheld wrongly, it is named.
        """
        before, indices = self.binding, self.indices
        self.binding, self.indices = signed or None, []
        if not indices:
            return None
        if before is None or not signed:
            self.unbound += len(indices)
            return None
        if bind_entries(before, indices) == signed:
            return None
        for place, index in enumerate(indices if len(indices) <= _MOST_SEARCHED else ()):
            if bind_entries(before, indices[:place] + indices[place + 1 :]) == signed:
                return Statement(BUNDLE_PUBLIC_WITHHELD, {"index": index})
        return Statement(BUNDLE_PUBLIC_WITHHELD_AMONG, {"index": indices[0], "last": indices[-1]})
