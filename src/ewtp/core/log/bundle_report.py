"""What is true of a bundle: how much of it was checked, against what, and every fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.log.bundle_format import hash_text
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.log.bundle_format import BundleHeader
    from ewtp.core.log.checkpoint import Checkpoint
    from ewtp.core.log.cosignature import WitnessKey
    from ewtp.core.log.erasures import Erasure
    from ewtp.core.log.hash_tree import TreeHistory
    from ewtp.core.log.key_history import KeyPeriod
    from ewtp.core.log.note import NoteKey
    from ewtp.core.values.sentence import Statement


@immutable
class BundleReport:
    """What is true of a bundle: ``faults`` is empty where everything holds, the first fault first.

    ``key`` signed the last checkpoint, None where no known key did, and ``trusted`` are those that could have.
    ``entries`` counts those whose content was checked, ``erased`` and ``withheld`` those of which only the hash was.
    ``unbound`` counts withheld entries of which no checkpoint says whether everybody may read them.
    ``erasures`` are those that a later entry notes. ``kept`` is the checkpoint that the log was compared with. For each
    witness that cosigned, ``witnessed`` has the largest size and when it did, in POSIX seconds. ``history`` gives the
    root at each size of the bundle, and ``checkpoints`` are the sizes of which the bundle has a checkpoint that its
    tree agrees with.
    """

    header: BundleHeader
    root: bytes
    key: NoteKey | None
    entries: int
    erased: int
    withheld: int
    kept: Checkpoint | None
    witnessed: Mapping[WitnessKey, tuple[int, int]]
    trusted: tuple[KeyPeriod, ...]
    faults: tuple[Statement, ...]
    history: TreeHistory
    checkpoints: tuple[int, ...]
    erasures: tuple[Erasure, ...] = ()
    unbound: int = 0

    def as_json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "holds": not self.faults,
            "origin": self.header.origin,
            "size": self.header.size,
            "since": self.header.since,
            "root": hash_text(self.root),
            "key": self.key.text if self.key else None,
            "entries": self.entries,
            "erased": self.erased,
            "withheld": self.withheld,
            "unbound": self.unbound,
            "erasures": [each.as_json() for each in self.erasures],
            "kept": self.kept.size if self.kept else None,
            "witnesses": [
                {"key": witness.text, "size": size, "time": time} for witness, (size, time) in self.witnessed.items()
            ],
            "faults": [fault.as_json() for fault in self.faults],
        }
