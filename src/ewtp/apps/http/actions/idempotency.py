"""Idempotency keys: a request that is sent again is answered as it was first, until its key expires."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection, transaction

from ewtp.apps.http.reading.sentences import (
    IDEMPOTENCY_ANSWER_LOST,
    IDEMPOTENCY_IN_PROGRESS,
    IDEMPOTENCY_KEY_INVALID,
    IDEMPOTENCY_KEY_REUSED,
)
from ewtp.apps.http.store.models import IdempotencyRecord
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import see_caller_rows, system_rows
from ewtp.gateways.installation.text_seal import seal_bytes, unseal_bytes

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_KEY = 200
_PACKED, _SEALED = 1, 2
_PURPOSE = "repeats"
# The unique constraint makes a concurrent claim wait; no row is returned while the key belongs to another request.
_CLAIM = """
INSERT INTO http_idempotencyrecord (caller, key, route, body_digest, created, content_type, answer)
VALUES (%s, %s, %s, %s, %s, '', '')
ON CONFLICT (caller, key) DO UPDATE
SET route = EXCLUDED.route, body_digest = EXCLUDED.body_digest, status = NULL, content_type = '', answer = '',
    created = EXCLUDED.created
WHERE http_idempotencyrecord.created < %s
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """The first request with its key: answer it, then hand ``record`` to ``idempotency_finish``."""

    record: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """The request was answered before: send these bytes again and do nothing else."""

    status: int
    content_type: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Conflict:
    """The request must not be answered: ``status`` is the HTTP status that goes with the ``refusal``."""

    status: int
    refusal: Refusal


@transaction.atomic
def idempotency_begin(
    *, key: str, caller: str, route: str, body: bytes, now: datetime, expired_before: datetime
) -> Fresh | Repeat | Conflict:
    """Claim ``key`` at ``now`` for one request of ``caller``; ``route`` is the method and path.

    A key that was claimed before ``expired_before`` has expired and is claimed as if it were new. Call this inside the
    transaction that answers the request: a second request with the same key then waits for the first one's end, finds
    the answer after a commit, and is fresh itself after a rollback. Conflicts are ``idempotency_key_invalid`` (400),
    ``idempotency_key_reused`` (422), ``idempotency_in_progress`` and ``idempotency_answer_lost`` (409).
    """
    if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        return Conflict(400, Refusal(IDEMPOTENCY_KEY_INVALID, {"most": LONGEST_KEY}))
    digest = hashlib.sha256(body).hexdigest()
    see_caller_rows(caller)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [caller, key, route, digest, now, expired_before])
        claimed = cursor.fetchone()
    if claimed is not None:
        return Fresh(claimed[0])
    record = IdempotencyRecord.objects.get(caller=caller, key=key)
    if (record.route, record.body_digest) != (route, digest):
        return Conflict(422, Refusal(IDEMPOTENCY_KEY_REUSED))
    if record.status is None:
        return Conflict(409, Refusal(IDEMPOTENCY_IN_PROGRESS))
    answer = _open_answer(bytes(record.answer), record.packing)
    if answer is None:
        return Conflict(409, Refusal(IDEMPOTENCY_ANSWER_LOST))
    return Repeat(record.status, record.content_type, answer)


def idempotency_finish(*, record: int, status: int, content_type: str, answer: bytes) -> int:
    """Keep the answer to a fresh request, so that a repeat gets the same status and the same bytes.

    Every answer is sealed, since some hold a secret that is kept nowhere else. Returns how many bytes it takes.
    """
    packed = seal_bytes(zlib.compress(answer, 6), purpose=_PURPOSE, key=settings.SECRET_KEY)
    changed = IdempotencyRecord.objects.filter(id=record, status__isnull=True).update(
        status=status,
        content_type=content_type,
        answer=packed,
        packing=_SEALED,
    )
    if changed != 1:
        msg = f"idempotency record {record} is not open"
        raise ValueError(msg)
    return len(packed)


def idempotency_expire(*, before: datetime, limit: int) -> int:
    """Remove up to ``limit`` keys that were claimed before a moment, oldest first; returns how many were removed.

    Keys that a request is using at this moment are left to the next call.
    """
    expired = IdempotencyRecord.objects.filter(created__lt=before).order_by("created")
    chosen = expired.select_for_update(skip_locked=True).values("id")[:limit]
    with system_rows("keys expire, whosever they are"):
        return IdempotencyRecord.objects.filter(id__in=chosen).delete()[0]


def _open_answer(stored: bytes, packing: int) -> bytes | None:
    """An answer as it was sent; None where the installation has another key than the one that sealed it."""
    if packing == _SEALED:
        try:
            stored = unseal_bytes(stored, purpose=_PURPOSE, key=settings.SECRET_KEY)
        except InvalidToken:
            return None
    return zlib.decompress(stored) if packing in {_PACKED, _SEALED} else stored
