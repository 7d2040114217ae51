"""Cosignatures of witnesses, taken in below the log's own signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.reading.sentences import COSIGNATURE_UNKNOWN, COSIGNATURE_WRONG
from ewtp.apps.log.store.models import LogCheckpoint, LogCosignature
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.note import MOST_NOTE_BYTES
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.log.cosignature import WitnessKey


@transaction.atomic
def cosignature_add(*, note: str, witness: WitnessKey, now: datetime) -> int | Refusal:
    """Keep what a witness signed below a checkpoint of this log; returns the checkpoint's size.

    A second cosignature of the same checkpoint changes nothing. Refuses with ``cosignature_unknown`` where the log
    signed no such checkpoint, ``cosignature_wrong`` where the witness did not sign it, or as ``read_checkpoint`` does.
    """
    read = read_checkpoint(note) if len(note) <= MOST_NOTE_BYTES else Refusal(COSIGNATURE_UNKNOWN)
    if isinstance(read, Refusal):
        return read
    found, signed = read
    row = LogCheckpoint.objects.filter(size=found.size).first()
    # Word for word: what the log did not sign is not the log's, also where size and root are the same.
    if row is None or not row.note.startswith(f"{signed.text}\n"):
        return Refusal(COSIGNATURE_UNKNOWN)
    given = witness.cosignature(signed)
    if given is None:
        return Refusal(COSIGNATURE_WRONG, {"witness": witness.text, "size": found.size})
    row_of = LogCosignature(checkpoint_id=row.size, key=witness.text, time=given.time, line=given.line, at=now)
    LogCosignature.objects.bulk_create([row_of], ignore_conflicts=True)
    return row.size
