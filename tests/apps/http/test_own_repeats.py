"""The stored answer to a request is its caller's alone: by SQL in the application's role."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from ewtp.apps.http.actions.idempotency import Fresh, Repeat, idempotency_begin, idempotency_finish
from ewtp.gateways.database.row_security import see_caller_rows, system_rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, tzinfo=UTC)


def begin(caller: str) -> object:
    return idempotency_begin(
        key="one", caller=caller, route="POST /", body=b"", now=NOW, expired_before=datetime(2026, 1, 1, tzinfo=UTC)
    )


def callers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller FROM http_idempotencyrecord")
        return {row[0] for row in cursor.fetchall()}


def test_an_answer_is_seen_by_its_caller() -> None:
    for caller in ("token:one", "token:two"):
        fresh = begin(caller)
        assert isinstance(fresh, Fresh)
        idempotency_finish(record=fresh.record, status=201, content_type="text/plain", answer=caller.encode())
        assert callers() == {caller}
    see_caller_rows("")
    assert callers() == set()
    with system_rows("a test"):
        assert callers() == {"token:one", "token:two"}
    see_caller_rows("token:one")
    with connection.cursor() as cursor:
        for statement in ("UPDATE http_idempotencyrecord SET answer = ''", "DELETE FROM http_idempotencyrecord"):
            cursor.execute(f"{statement} WHERE caller = 'token:two'")
            assert cursor.rowcount == 0
    repeated = begin("token:two")
    assert isinstance(repeated, Repeat)
    assert repeated.answer == b"token:two"


def test_what_a_request_sees_ends_with_it() -> None:
    see_caller_rows("")
    with transaction.atomic():
        begin("token:one")
        assert callers() == {"token:one"}
        transaction.set_rollback(True)
    with system_rows("a test"):
        assert callers() == set()
    assert callers() == set()
