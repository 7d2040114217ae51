"""Keep a record of a write; answer a repeated request as it was answered first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from ewtp.apps.audit.store.models import AuditEntry, IdempotencyRecord
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_KEY = 200


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

    ``content`` is what was stored, in whatever form its owner fixes; only its SHA-256 is kept, and returned in
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


@dataclass(frozen=True, slots=True)
class Fresh:
    """Nobody asked this before: do it, then hand ``record`` to ``idempotency_finish``."""

    record: int


@dataclass(frozen=True, slots=True)
class Replay:
    """It was asked before: send these bytes again and do nothing else."""

    status: int
    content_type: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Conflict:
    """It must not be done: ``status`` is the HTTP status that goes with the refusal."""

    status: int
    refusal: Refusal


@transaction.atomic
def idempotency_begin(*, key: str, caller: str, route: str, body: bytes) -> Fresh | Replay | Conflict:
    """Claim ``key`` for one request of ``caller``; ``route`` is the method and path.

    Call it inside the transaction that does the work.  A second request with the same key then waits for the first
    one's end: it finds the answer after a commit, and is fresh itself after a rollback.  Conflicts are
    ``idempotency_key_invalid`` (400), ``idempotency_key_reused`` (422) and ``idempotency_in_progress`` (409).
    """
    if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        message = f"Send an Idempotency-Key of 1 to {LONGEST_KEY} printable ASCII characters, such as a UUID."
        return Conflict(400, Refusal("idempotency_key_invalid", message))
    digest = hashlib.sha256(body).hexdigest()
    with connection.cursor() as cursor:
        # The unique constraint makes a concurrent claim wait here; nothing is returned when the key is taken.
        cursor.execute(
            "INSERT INTO audit_idempotencyrecord (caller, key, route, body_digest, content_type, answer)"
            " VALUES (%s, %s, %s, %s, '', '') ON CONFLICT (caller, key) DO NOTHING RETURNING id",
            [caller, key, route, digest],
        )
        claimed = cursor.fetchone()
    if claimed is not None:
        return Fresh(claimed[0])
    record = IdempotencyRecord.objects.get(caller=caller, key=key)
    if (record.route, record.body_digest) != (route, digest):
        message = "This Idempotency-Key already belongs to another request: use a new key for a new request."
        return Conflict(422, Refusal("idempotency_key_reused", message))
    if record.status is None:
        message = "The first request with this Idempotency-Key is still being answered: repeat it in a moment."
        return Conflict(409, Refusal("idempotency_in_progress", message))
    return Replay(record.status, record.content_type, bytes(record.answer))


def idempotency_finish(*, record: int, status: int, content_type: str, answer: bytes) -> None:
    """Keep the answer to a fresh request, so that a repeat gets the same status and the same bytes."""
    changed = IdempotencyRecord.objects.filter(id=record, status__isnull=True).update(
        status=status,
        content_type=content_type,
        answer=answer,
    )
    if changed != 1:
        msg = f"idempotency record {record} is not open"
        raise ValueError(msg)


def idempotency_expire(*, before: datetime) -> int:
    """Forget the keys claimed before a moment; returns how many."""
    return IdempotencyRecord.objects.filter(created__lt=before).delete()[0]
