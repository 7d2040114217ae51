"""``ewtp prune`` removes what has expired, and nothing else."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.contrib.sessions.models import Session
from django.utils import timezone

from ewtp.apps.accounts.actions.rate_limit import RateLimit, rate_limit_consume, rate_limit_reached
from ewtp.apps.assessment.store.answer_store import store_question
from ewtp.apps.http.actions.idempotency import idempotency_begin
from ewtp.apps.jobs.actions.inbox import inbox_accept
from ewtp.apps.log.store.models import PendingEvent
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows
from ewtp.gateways.installation.log_level import log_level
from ewtp.web.command_line.main import main
from ewtp.web.expiry import prune_expired
from ewtp.web.log_json import LogJson
from tests.actors import person
from tests.apps.conftest import write_seed


def run(*words):
    return CliRunner().invoke(main, list(words))


@pytest.mark.django_db
def test_what_has_expired_is_pruned_and_nothing_else(settings, monkeypatch, tmp_path):
    write_seed(tmp_path, "12%")
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path))
    before = datetime(2026, 1, 1, tzinfo=UTC)
    for key, age in (("old", 8), ("new", 0)):
        now = timezone.now() - timedelta(days=age)
        idempotency_begin(key=key, caller="me", route="POST /", body=b"", now=now, expired_before=before)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    assert timedelta(days=7) == settings.IDEMPOTENCY_LIFETIME
    now = timezone.now()
    inbox_accept(source="agency", message_id="old", content=b"", now=now - timedelta(days=91))
    inbox_accept(source="agency", message_id="new", content=b"", now=now)
    for digit, days in (("0", -1), ("1", 1)):
        store_question("a" + 32 * digit, b"", now + timedelta(days=days))
    once = RateLimit("test", 0, timedelta(minutes=10))
    rate_limit_consume(limit=once, who="old", now=now - timedelta(days=3))
    rate_limit_consume(limit=once, who="new", now=now)
    expired = {"idempotency_keys": 1, "sessions": 1, "inbox_messages": 1, "rate_counters": 1, "questions": 1}
    assert json.loads(run("prune", "--json").output) == expired
    noted = PendingEvent.objects.filter(kind="expiry:rows:removed")
    with system_rows("a test"):
        assert json.loads(bytes(noted.get().body))["payload"] == expired
    nothing = (
        "Removed what had expired: 0 idempotency keys, 0 sessions, 0 received messages, 0 counters of attempts, "
        "0 questions.\n"
    )
    assert run("prune").output == nothing
    with system_rows("a test"):
        assert noted.count() == 1
    refused = prune_expired(actor=person("per_1"), now=now)
    assert isinstance(refused, Refusal)
    assert refused.code == "operator_needed"
    assert inbox_accept(source="agency", message_id="new", content=b"", now=now) is False
    assert Session.objects.get().session_key == "new"
    assert rate_limit_reached(limit=once, who="new", now=now) is not None


@pytest.mark.parametrize("hours", ["0", "-1", "1.5", "week", "99999", "٣"])
def test_a_lifetime_that_cannot_be_read_is_refused(hours, monkeypatch):
    monkeypatch.setenv("EWTP_IDEMPOTENCY_HOURS", hours)
    refused = run("prune", "--json")
    assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (2, "setting_unreadable")


@pytest.mark.parametrize("setting", ["EWTP_KEPT_MB", "EWTP_KEPT_MB_OF_CLIENT", "EWTP_UNKEPT_DAYS"])
@pytest.mark.parametrize("number", ["0", "-1", "1.5", "all", "999999999999", "٣"])
def test_a_limit_of_stored_answers_that_cannot_be_read_is_refused(setting, number, monkeypatch):
    monkeypatch.setenv(setting, number)
    refused = run("prune", "--json")
    error = json.loads(refused.output)["error"]
    assert (refused.exit_code, error["code"], setting in error["message"]) == (2, "setting_unreadable", True)


@pytest.mark.parametrize("level", ["loud", "10", "WARN ING", "CRITICAL"])
def test_a_log_level_that_cannot_be_read_is_refused(level, monkeypatch):
    monkeypatch.setenv("EWTP_LOG_LEVEL", level)
    refused = run("prune")
    assert refused.exit_code == 2
    assert "EWTP_LOG_LEVEL cannot be read; write one of: DEBUG, INFO, WARNING, ERROR." in refused.output


def test_a_log_level_may_be_written_in_small_letters(monkeypatch):
    monkeypatch.setenv("EWTP_LOG_LEVEL", "debug")
    assert log_level() == "DEBUG"


def test_a_log_format_that_cannot_be_read_is_refused(monkeypatch):
    monkeypatch.setenv("EWTP_LOG_FORMAT", "xml")
    refused = run("prune")
    assert (refused.exit_code, refused.output) == (
        2,
        "EWTP_LOG_FORMAT cannot be read; write one of: line, json. [setting_unreadable]\n",
    )


def test_a_message_as_json_is_one_line_with_its_traceback():
    error = KeyError("tea")
    record = logging.LogRecord("ewtp.x", logging.ERROR, "x.py", 1, "lost %s\nleaf", ("one",), (KeyError, error, None))
    text = LogJson().format(record)
    assert "\n" not in text
    body = json.loads(text)
    assert (body["level"], body["logger"], body["message"]) == ("ERROR", "ewtp.x", "lost one\nleaf")
    assert body["traceback"].endswith("KeyError: 'tea'")
    assert datetime.fromisoformat(body["at"]).tzinfo == UTC
