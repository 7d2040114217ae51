"""The log as the lines of a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.log.reading.sentences import LOG_EMPTY, LOG_SIZE_UNKNOWN
from ewtp.apps.log.reading.stored_tree import StoredTree, log_head, log_keys
from ewtp.apps.log.store.models import LogCheckpoint, LogEntry, LogLeaf
from ewtp.core.log.bundle import BundleHeader, checkpoint_line, entry_line, erased_line, leaves_line
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.tile import TILE_WIDTH
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator


def bundle_lines(since: int = 0) -> Iterator[bytes] | Refusal:
    """The lines of a bundle with the entries from number ``since`` on, or ``log_empty`` or ``log_size_unknown``.

    Rows are given as they are stored, also where they are not those that were logged: the check names them.
    """
    head = log_head()
    if head is None:
        return Refusal(LOG_EMPTY)
    if not 0 <= since <= head.size:
        return Refusal(LOG_SIZE_UNKNOWN, {"size": since, "most": head.size}, where="since")
    read = read_checkpoint(head.note)
    if isinstance(read, Refusal):
        return read
    header = BundleHeader(read[0].origin, head.size, since, StoredTree().subtrees(since), log_keys())
    return _lines(header)


def _lines(header: BundleHeader) -> Iterator[bytes]:
    yield header.line
    start = header.since
    for end, note in _places(header):
        if end > start:
            leaves = LogLeaf.objects.filter(index__gte=start, index__lt=end).order_by("index")
            yield leaves_line(start, [bytes(each) for each in leaves.values_list("hash", flat=True)])
            rows = LogEntry.objects.filter(index__gte=start, index__lt=end).order_by("index")
            yield from map(_entry, rows)
        if note:
            yield checkpoint_line(note)
        start = end


def _places(header: BundleHeader) -> Iterator[tuple[int, str]]:
    """Where lines of leaves end, in order, each with the checkpoint of that size where one is given.

    A line has a tile's leaves at most, and of the checkpoints at most one a tile is given, besides the last.
    """
    place = header.since
    checkpoints = LogCheckpoint.objects.filter(size__gt=place, size__lte=header.size).order_by("size")
    given = place
    for size, note in checkpoints.values_list("size", "note").iterator():
        if size < given + TILE_WIDTH and size != header.size:
            continue
        given = size
        while place + TILE_WIDTH < size:
            place += TILE_WIDTH
            yield place, ""
        place = size
        yield size, note
    if header.since == header.size:
        yield place, LogCheckpoint.objects.values_list("note", flat=True).get(size=place)


def _entry(row: LogEntry) -> bytes:
    if row.salt is None or row.body is None:
        return erased_line(row.index, row.erased_at.isoformat() if row.erased_at else "", row.erased_reason)
    return entry_line(row.index, bytes(row.salt), bytes(row.body))
