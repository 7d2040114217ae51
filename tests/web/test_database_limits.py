"""A request waits for the database within limits, and is told that it was cut off; commands and workers wait on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from ewtp.gateways.database import time_limits
from ewtp.gateways.database.time_limits import TimeLimits, limit_process
from tests.apps.batches.batch_lines import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = TimeLimits(statement_seconds=0.3, lock_seconds=0.1)
ADDRESS = "/api/v1/assessments"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[psycopg.Connection[Any]]:
    """Another connection to the database of the test."""
    with psycopg.connect(environment(tmp_path)["DATABASE_URL"]) as made:
        yield made
        made.rollback()


def ask(key: str) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(ADDRESS, b"{}", content_type="application/json", headers={"Idempotency-Key": key})


@pytest.mark.django_db
def test_a_request_whose_lock_another_connection_holds_is_told_so_and_the_next_one_is_answered(other):
    LIMITS.take_on(connection)
    other.execute("LOCK TABLE http_idempotencyrecord IN ACCESS EXCLUSIVE MODE")
    refused = ask("one")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.json()["code"] == "database_busy"
    assert "Other work holds what this needs" in refused.json()["detail"]
    other.rollback()
    assert ask("one").json()["code"] != "database_busy"


@pytest.mark.django_db
def test_a_statement_that_is_cut_off_is_told_on_the_page(monkeypatch):
    def slow(*_: Any, **__: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    LIMITS.take_on(connection)
    monkeypatch.setattr("ewtp.apps.rulebook.surface.pages.measure_history", slow)
    begun = time.monotonic()
    page = Client(raise_request_exception=False).get("/measures/GB-x")
    assert time.monotonic() - begun < 10
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "took too long for this and was stopped" in page.content.decode()


@pytest.mark.django_db
def test_a_transaction_that_was_left_alone_is_no_bug(monkeypatch):
    def left(*_: Any, **__: Any) -> None:
        alone = connection.copy()
        try:
            TimeLimits(idle_seconds=0.1).take_on(alone)
            with alone.cursor() as cursor:
                cursor.execute("BEGIN")
                time.sleep(0.3)
                cursor.execute("SELECT 1")
        finally:
            alone.close()

    monkeypatch.setattr("ewtp.apps.assessment.surface.api.assessment_create_from", left)
    answer = Client(raise_request_exception=False).post(ADDRESS, b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_busy")


@pytest.mark.django_db
def test_what_a_read_only_database_refuses_is_no_bug():
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    refused = ask("two")
    assert (refused.status_code, refused.json()["code"]) == (503, "database_read_only")


@pytest.mark.django_db
def test_a_process_that_answers_has_limits_and_any_other_has_none(monkeypatch):
    def limits() -> list[str]:
        fresh = connection.copy()
        try:
            with fresh.cursor() as cursor:
                cursor.execute(
                    "SELECT setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name",
                    [["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]],
                )
                return [row[0] for row in cursor.fetchall()]
        finally:
            fresh.close()

    assert limits() == ["0", "0", "0"]
    monkeypatch.setattr(time_limits, "_of_process", [])
    limit_process(TimeLimits())
    assert limits() == ["120000", "8000", "20000"]
