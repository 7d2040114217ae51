"""The audit trail of one subject, oldest entry first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.audit.store.models import AuditEntry

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded action; ``digest`` is the SHA-256 of the stored content, in hexadecimal."""

    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    version: int | None
    digest: str


def audit_trail(*, subject_kind: str, subject_id: str) -> tuple[Entry, ...]:
    """Everything done to one subject, in the order in which it was written."""
    rows = AuditEntry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id")
    return tuple(
        Entry(row.at, row.actor, row.action, row.subject_kind, row.subject_id, row.version, row.digest) for row in rows
    )
