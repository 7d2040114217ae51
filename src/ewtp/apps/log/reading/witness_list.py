"""The witnesses of the stored log, each with the newest checkpoint that it cosigned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ewtp.apps.log.reading.checkpoint_cosignatures import join_cosignatures
from ewtp.apps.log.store.models import LogCosignature
from ewtp.core.log.cosignature import WitnessKey, read_witness_key


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """A witness by its key, the size that it cosigned last and when by its own clock; ``note`` is that checkpoint.

    The note has the signatures of the log and of every witness.
    """

    key: str
    size: int
    at: datetime
    note: str

    @property
    def name(self) -> str:
        """The name that the witness goes by, without its key."""
        read = read_witness_key(self.key)
        return read.name if isinstance(read, WitnessKey) else self.key


def witnesses_seen() -> tuple[WitnessSeen, ...]:
    """Every witness that cosigned a checkpoint, in the order of the keys."""
    rows = LogCosignature.objects.order_by("key", "-checkpoint_id").distinct("key").select_related("checkpoint")
    return tuple(
        WitnessSeen(
            row.key,
            row.checkpoint.size,
            datetime.fromtimestamp(row.time, UTC),
            join_cosignatures(row.checkpoint.size, row.checkpoint.note),
        )
        for row in rows
    )
