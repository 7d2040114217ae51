"""Checkpoints with the cosignatures of witnesses below them."""

from __future__ import annotations

from ewtp.apps.log.store.models import LogCosignature


def join_cosignatures(size: int, note: str) -> str:
    """The note of the checkpoint of this size with every cosignature that was added, in the order of the witnesses."""
    lines = LogCosignature.objects.filter(checkpoint_id=size).order_by("key").values_list("line", flat=True)
    return note + "".join(lines)


def read_cosigned_sizes(*, after: int, most: int) -> frozenset[int]:
    """The sizes above ``after`` and up to ``most`` whose checkpoints a witness cosigned."""
    rows = LogCosignature.objects.filter(checkpoint_id__gt=after, checkpoint_id__lte=most)
    return frozenset(rows.values_list("checkpoint_id", flat=True))
