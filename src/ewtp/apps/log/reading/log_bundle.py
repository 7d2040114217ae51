"""The log as the lines of a bundle."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from ewtp.apps.log.reading.checkpoint_cosignatures import join_cosignatures, read_cosigned_sizes
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.log_keys import log_keys
from ewtp.apps.log.reading.log_state import log_state
from ewtp.apps.log.reading.log_tree import StoredTree, log_head
from ewtp.apps.log.reading.sentences import LOG_DAMAGED, LOG_EMPTY, LOG_NODES_DAMAGED, LOG_SIZE_UNKNOWN
from ewtp.apps.log.store.models import LogCheckpoint, LogEntry, LogLeaf
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import (
    BundleHeader,
    checkpoint_line,
    entry_line,
    leaves_line,
    withheld_line,
    write_erased_line,
)
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.tile import TILE_WIDTH
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.log.bundle_format import BundleReader
    from ewtp.core.log.bundle_report import BundleReport


def bundle_lines(since: int = 0, *, public: bool = False) -> Iterator[bytes] | Refusal:
    """The lines of a bundle with the entries from number ``since`` on; of ``public`` ones those that all may read.

    Refuses with ``log_empty``, ``log_size_unknown`` or, where the tree before ``since`` lacks a part, ``log_damaged``.
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
    try:
        before = StoredTree().subtrees(since)
    except LogDamagedError:
        return Refusal(LOG_DAMAGED)
    return _lines(BundleHeader(read[0].origin, head.size, since, before, log_keys()), public=public)


def _lines(header: BundleHeader, *, public: bool) -> Iterator[bytes]:
    yield header.line
    start = header.since
    for end, note in _places(header):
        if end > start:
            leaves = LogLeaf.objects.filter(index__gte=start, index__lt=end).order_by("index")
            yield leaves_line(start, [bytes(each) for each in leaves.values_list("hash", flat=True)])
            with system_rows("the operator exports every entry, and to others what is not public is withheld"):
                rows = list(LogEntry.objects.filter(index__gte=start, index__lt=end).order_by("index"))
            yield from (withheld_line(row.index) if public and not row.public else _entry(row) for row in rows)
        if note:
            yield checkpoint_line(join_cosignatures(end, note))
        start = end


def _places(header: BundleHeader) -> Iterator[tuple[int, str]]:
    """Where lines of leaves end, in order, each with the checkpoint of that size where one is given.

    A line has a tile's leaves at most, and of the checkpoints at most one a tile is given, besides the last one and
    those that a witness cosigned or with which a key was handed on.
    """
    needed = read_cosigned_sizes(after=header.since, most=header.size) | {each.first for each in header.keys}
    place = header.since
    checkpoints = LogCheckpoint.objects.filter(size__gt=place, size__lte=header.size).order_by("size")
    given = place
    for size, note in checkpoints.values_list("size", "note").iterator():
        if size < given + TILE_WIDTH and size != header.size and size not in needed:
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
        return write_erased_line(row.index, row.erased_at.isoformat() if row.erased_at else "", row.erased_reason)
    return entry_line(row.index, bytes(row.salt), bytes(row.body))


def read_log_report(
    *, since: int = 0, beside: Iterable[bytes] = (), reader: BundleReader | None = None
) -> BundleReport | Refusal:
    """What is true of the log as it is stored: every leaf, root and signature, and the nodes above the leaves.

    With ``since``, of the entries from that number on. A ``reader`` is told the entries, and what the lines ``beside``
    have of rolls. Refuses with ``log_empty``, or as ``check_bundle`` does.
    """
    lines = bundle_lines(since)
    report = lines if isinstance(lines, Refusal) else check_bundle(chain(lines, beside), reader=reader)
    if isinstance(report, Refusal) or report.faults or log_state().signed:
        return report
    return replace(report, faults=(Statement(LOG_NODES_DAMAGED),))
