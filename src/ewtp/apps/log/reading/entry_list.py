"""Entries of the log, to list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.store.models import LogEntry, LogLeaf
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry with the hash of its leaf; ``salt`` and ``body`` are None where it was erased."""

    index: int
    leaf: bytes
    public: bool
    kind: str
    at: datetime
    salt: bytes | None
    body: bytes | None
    erased_at: datetime | None
    erased_reason: str


def entries_from(start: int, *, limit: int, size: int) -> tuple[ListedEntry, ...]:
    """Up to ``limit`` entries from number ``start`` on, in order, of a log that has ``size`` entries.

    LogDamagedError where an entry or its leaf is missing.
    """
    wanted = range(start, min(start + limit, size))
    with system_rows("every entry has its place in the list, which withholds what is not public"):
        rows = list(LogEntry.objects.filter(index__gte=start, index__lt=wanted.stop).order_by("index"))
    leaves = dict(LogLeaf.objects.filter(index__gte=start, index__lt=wanted.stop).values_list("index", "hash"))
    missing = set(wanted) - ({row.index for row in rows} & set(leaves))
    if missing:
        msg = f"entry {min(missing)} of the log, or its leaf, is missing"
        raise LogDamagedError(msg)
    return tuple(
        ListedEntry(
            index=row.index,
            leaf=bytes(leaves[row.index]),
            public=row.public,
            kind=row.kind,
            at=row.at,
            salt=None if row.salt is None else bytes(row.salt),
            body=None if row.body is None else bytes(row.body),
            erased_at=row.erased_at,
            erased_reason=row.erased_reason,
        )
        for row in rows
    )
