"""The audit trail only grows, and a repeated request is answered as it was first."""

from __future__ import annotations

import hashlib
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from ewtp.apps.audit.actions.records import (
    Conflict,
    Fresh,
    Replay,
    audit_record,
    idempotency_begin,
    idempotency_expire,
    idempotency_finish,
)
from ewtp.apps.audit.reading.trail import audit_trail
from ewtp.apps.audit.store.models import AuditEntry, IdempotencyRecord

FIRST: dict[str, Any] = {
    "key": "k-1",
    "caller": "token:ewtp_a",
    "route": "POST /api/v1/assessments",
    "body": b'{"a":1}',
}


@pytest.mark.django_db
def test_a_record_can_be_read_back_in_order():
    digest = audit_record(actor="me", action="made", subject_kind="thing", subject_id="7", content=b"x", version=1)
    audit_record(actor="you", action="changed", subject_kind="thing", subject_id="7", content=b"y", version=2)
    audit_record(actor="you", action="changed", subject_kind="thing", subject_id="8", content=b"y")
    trail = audit_trail(subject_kind="thing", subject_id="7")
    assert digest == hashlib.sha256(b"x").hexdigest() == trail[0].digest
    assert [(entry.actor, entry.action, entry.version) for entry in trail] == [("me", "made", 1), ("you", "changed", 2)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET actor = 'x'", "DELETE FROM audit_auditentry", "TRUNCATE audit_auditentry"],
)
def test_the_database_refuses_to_change_the_trail(statement):
    audit_record(actor="me", action="made", subject_kind="thing", subject_id="7", content=b"x")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().actor == "me"


@pytest.mark.django_db
def test_a_repeat_gets_the_first_status_and_bytes():
    fresh = idempotency_begin(**FIRST)
    assert isinstance(fresh, Fresh)
    answer = b'{"id": "1", "odd": "\xc3\xa9\x00"}'
    idempotency_finish(record=fresh.record, status=201, content_type="application/json", answer=answer)
    assert idempotency_begin(**FIRST) == Replay(201, "application/json", answer)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"body": b'{"a":2}'}, {"route": "POST /api/v1/orders"}])
def test_a_key_of_another_request_is_a_conflict(change):
    fresh = idempotency_begin(**FIRST)
    assert isinstance(fresh, Fresh)
    idempotency_finish(record=fresh.record, status=201, content_type="application/json", answer=b"{}")
    conflict = idempotency_begin(**{**FIRST, **change})
    assert isinstance(conflict, Conflict)
    assert (conflict.status, conflict.refusal.code) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_callers_do_not_share_keys():
    assert isinstance(idempotency_begin(**FIRST), Fresh)
    assert isinstance(idempotency_begin(**{**FIRST, "caller": "token:ewtp_b"}), Fresh)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "é", "a\nb", "x" * 201, "a\x00"])
def test_an_unusable_key_is_refused(key):
    conflict = idempotency_begin(**{**FIRST, "key": key})
    assert isinstance(conflict, Conflict)
    assert (conflict.status, conflict.refusal.code) == (400, "idempotency_key_invalid")


@pytest.mark.django_db
def test_an_unfinished_request_is_in_progress_and_finishes_once():
    fresh = idempotency_begin(**FIRST)
    assert isinstance(fresh, Fresh)
    conflict = idempotency_begin(**FIRST)
    assert isinstance(conflict, Conflict)
    assert conflict.status == 409
    idempotency_finish(record=fresh.record, status=201, content_type="", answer=b"")
    with pytest.raises(ValueError, match="not open"):
        idempotency_finish(record=fresh.record, status=500, content_type="", answer=b"")


@pytest.mark.django_db
def test_old_keys_are_forgotten():
    idempotency_begin(**FIRST)
    now = datetime.now(UTC)
    assert idempotency_expire(before=now - timedelta(hours=1)) == 0
    assert idempotency_expire(before=now + timedelta(hours=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_simultaneous_repeat_waits_for_the_first_answer():
    claimed = threading.Event()
    results: list[object] = []

    def first() -> None:
        with transaction.atomic():
            fresh = idempotency_begin(**FIRST)
            assert isinstance(fresh, Fresh)
            claimed.set()
            time.sleep(0.3)
            idempotency_finish(record=fresh.record, status=201, content_type="a/b", answer=b"one")
        connection.close()

    worker = threading.Thread(target=first)
    worker.start()
    assert claimed.wait(10)
    results.append(idempotency_begin(**FIRST))
    worker.join()
    assert results == [Replay(201, "a/b", b"one")]
    assert IdempotencyRecord.objects.count() == 1
