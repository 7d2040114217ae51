"""A request that is sent again with its key is answered as it was first, until the key expires."""

from __future__ import annotations

import importlib
import threading
import time
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from ewtp.apps.http.actions.idempotency import (
    Conflict,
    Fresh,
    Repeat,
    idempotency_begin,
    idempotency_expire,
    idempotency_finish,
)
from ewtp.apps.http.store.models import IdempotencyRecord
from ewtp.gateways.database.row_security import system_rows

FIRST: dict[str, Any] = {
    "key": "k-1",
    "caller": "token:ewtp_a",
    "route": "POST /api/v1/assessments",
    "body": b'{"a":1}',
    "now": datetime(2026, 7, 1, tzinfo=UTC),
    "expired_before": datetime(2026, 1, 1, tzinfo=UTC),
}


@pytest.mark.django_db
def test_a_repeat_gets_the_first_status_and_bytes():
    fresh = idempotency_begin(**FIRST)
    assert isinstance(fresh, Fresh)
    answer = b'{"id": "1", "odd": "\xc3\xa9\x00"}'
    idempotency_finish(record=fresh.record, status=201, content_type="application/json", answer=answer)
    assert idempotency_begin(**FIRST) == Repeat(201, "application/json", answer)


@pytest.mark.django_db
def test_an_answer_is_stored_sealed_and_lost_with_the_key(settings):
    fresh = idempotency_begin(**FIRST)
    assert isinstance(fresh, Fresh)
    answer = b'{"secret": "ewtp_0123"}'
    idempotency_finish(record=fresh.record, status=201, content_type="application/json", answer=answer)
    assert idempotency_begin(**FIRST) == Repeat(201, "application/json", answer)
    stored = bytes(IdempotencyRecord.objects.get(id=fresh.record).answer)
    assert answer not in stored
    with pytest.raises(zlib.error):
        zlib.decompress(stored)
    settings.SECRET_KEY = "another"
    conflict = idempotency_begin(**FIRST)
    assert isinstance(conflict, Conflict)
    assert (conflict.status, conflict.refusal.code) == (409, "idempotency_answer_lost")


@pytest.mark.django_db
@pytest.mark.parametrize(("packing", "stored"), [(0, b"{}"), (1, zlib.compress(b"{}"))])
def test_an_answer_of_an_earlier_version_is_repeated(packing, stored):
    fresh = idempotency_begin(**FIRST)
    assert isinstance(fresh, Fresh)
    IdempotencyRecord.objects.filter(id=fresh.record).update(status=201, answer=stored, packing=packing)
    assert idempotency_begin(**FIRST) == Repeat(201, "", b"{}")


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "status"), [("POST /api/v1/tokens", 409), ("POST /api/v1/assessments", 201)])
def test_the_upgrade_empties_the_secrets_of_tokens_and_nothing_else(route, status):
    asked = {**FIRST, "route": route}
    fresh = idempotency_begin(**asked)
    assert isinstance(fresh, Fresh)
    stored = zlib.compress(b'{"secret": "ewtp_0123"}')
    IdempotencyRecord.objects.filter(id=fresh.record).update(status=201, answer=stored, packing=1)
    upgrade = importlib.import_module("ewtp.apps.http.store.migrations.0004_no_open_secrets")
    with connection.cursor() as cursor:
        cursor.execute("SHOW role")
        (role,) = cursor.fetchone()
        # An upgrade is made by the owner of the tables.
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(upgrade.Migration.operations[0].sql)
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'http_idempotencyrecord'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT set_config('role', %s, true)", [role])
    again = idempotency_begin(**asked)
    assert isinstance(again, Conflict | Repeat)
    assert again.status == status


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


def claimed_at(key: str, moment: datetime) -> None:
    """A finished request of a moment that has passed."""
    fresh = idempotency_begin(**{**FIRST, "key": key, "now": moment})
    assert isinstance(fresh, Fresh)
    idempotency_finish(record=fresh.record, status=201, content_type="a/b", answer=b"one")


@pytest.mark.django_db
def test_expired_keys_are_removed_oldest_first():
    for day in (1, 2, 3):
        claimed_at(f"k-{day}", datetime(2026, 6, day, tzinfo=UTC))
    assert idempotency_expire(before=datetime(2026, 6, 1, tzinfo=UTC), limit=9) == 0
    assert idempotency_expire(before=datetime(2026, 6, 3, tzinfo=UTC), limit=1) == 1
    assert set(IdempotencyRecord.objects.values_list("key", flat=True)) == {"k-2", "k-3"}
    assert idempotency_expire(before=datetime(2026, 6, 3, tzinfo=UTC), limit=9) == 1
    assert IdempotencyRecord.objects.get().key == "k-3"


@pytest.mark.django_db
def test_an_expired_key_is_as_good_as_new_before_it_is_removed():
    claimed_at("k-1", datetime(2026, 6, 1, tzinfo=UTC))
    other = {**FIRST, "body": b"other"}
    kept = idempotency_begin(**{**other, "expired_before": datetime(2026, 6, 1, tzinfo=UTC)})
    assert isinstance(kept, Conflict)
    fresh = idempotency_begin(**{**other, "expired_before": datetime(2026, 6, 2, tzinfo=UTC)})
    assert isinstance(fresh, Fresh)
    idempotency_finish(record=fresh.record, status=200, content_type="a/b", answer=b"two")
    assert idempotency_begin(**other) == Repeat(200, "a/b", b"two")
    assert IdempotencyRecord.objects.count() == 1


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
    assert results == [Repeat(201, "a/b", b"one")]
    with system_rows("a test"):
        assert IdempotencyRecord.objects.count() == 1
