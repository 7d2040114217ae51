"""The record of a write in the audit trail."""

from __future__ import annotations

import hashlib

from ewtp.apps.audit.store.models import AuditEntry


def audit_record(
    *,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    content: bytes,
    version: int | None = None,
) -> str:
    """Note that ``actor`` did ``action``; call it inside the transaction that does it.

    ``content`` is the stored content, in whatever form its owner fixes; only its SHA-256 is kept, and returned in
    hexadecimal.  The time is the transaction's own.
    """
    digest = hashlib.sha256(content).hexdigest()
    AuditEntry.objects.create(
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        version=version,
        digest=digest,
    )
    return digest
