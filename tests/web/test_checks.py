"""What ``ewtp doctor`` checks of how an installation is operated, in its failing state: the fault and its remedy."""

from __future__ import annotations

import resource
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.jobs.actions.timers import timer_set
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.gateways.configuration import read_configuration
from ewtp.gateways.database import write_probe
from ewtp.gateways.database.roles import owner_work
from ewtp.web.command_line import checks
from ewtp.web.gate import file_limit
from tests.apps.log.thing_events import append

HOUR = timedelta(hours=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("ALTER ROLE ewtp_application BYPASSRLS", "ewtp_application has BYPASSRLS"),
        ("ALTER ROLE ewtp_system SUPERUSER", "ewtp_system is a superuser"),
        (
            "ALTER TABLE jobs_timer OWNER TO ewtp_application",
            "ewtp_application has the rights of the owner of jobs_timer",
        ),
        (
            "ALTER TABLE accounts_apitoken DISABLE ROW LEVEL SECURITY",
            "the policies of accounts_apitoken are switched off",
        ),
        ("SET LOCAL ROLE ewtp_system", "the program works as ewtp_system"),
    ],
)
def test_a_role_above_the_policies(change, fault):
    assert checks.check_roles().sound
    with connection.cursor() as cursor:
        if change.startswith("ALTER"):
            with owner_work(connection):
                cursor.execute(change)
        else:
            cursor.execute(change)
    found = checks.check_roles()
    assert not found.sound
    assert found.message.startswith(fault)
    assert found.message.endswith("until that is taken back")


@pytest.mark.django_db
def test_a_database_that_only_reads(monkeypatch):
    monkeypatch.setattr(write_probe, "_tried", write_probe._Tried())
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    found = checks.check_writing()
    assert (found.sound, "only reads, or its disk is full" in found.message) == (False, True)


@pytest.mark.django_db
def test_clocks_that_are_apart(monkeypatch):
    assert checks.check_clock().sound
    for apart in (-HOUR, HOUR):
        shifted = datetime.now(UTC) + apart
        monkeypatch.setattr(timezone, "now", lambda shifted=shifted: shifted)
        found = checks.check_clock()
        assert (found.sound, "(NTP)" in found.message) == (False, True)
        assert "3600.0 s" in found.message or "3599.9 s" in found.message or "3600.1 s" in found.message
        monkeypatch.undo()


@pytest.mark.django_db
def test_messages_timers_and_events_that_wait_for_a_worker():
    late = timezone.now() - 3 * HOUR
    waiting = (checks.check_outbox, checks.check_timers, checks.check_log)
    assert all(check().sound for check in waiting)
    messages_enqueue(topic="prune", payloads=[{}], now=late)
    timer_set(key="t", topic="prune", payload={}, due=late, now=late)
    append(1)
    for check in waiting:
        found = check()
        assert not found.sound
        assert " hours" in found.message
        assert "`ewtp worker --once`" in found.message
    sequence_events(now=timezone.now())
    found = checks.check_log()
    assert (found.sound, "of the newest 2 were read" in found.message) == (True, True)
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE log_logentry SET salt = null, body = null, subject = '', actor = '', erased_at = now(),"
            " erased_reason = 'gdpr' WHERE index = 1"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    found = checks.check_log()
    assert (found.sound, "Entry 1 is shown as erased" in found.message) == (False, True)


@pytest.mark.django_db
def test_a_key_that_has_signed_for_too_long_is_to_be_replaced():
    assert "nothing yet" in checks.check_key_age().message
    append(1)
    for days, warns in ((729, False), (731, True)):
        signed = timezone.now() - timedelta(days=days)
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT unsigned")
            sequence_events(now=signed)
            found = checks.check_key_age()
            cursor.execute("ROLLBACK TO SAVEPOINT unsigned")
        assert (found.sound, found.warns, f"for {days} days" in found.message) == (True, warns, True)
        assert ("`ewtp log key rotate`" in found.message) is warns


def test_too_few_files(monkeypatch):
    monkeypatch.setattr(file_limit, "_allow_files", lambda _: 1_000)
    found = checks.check_files()
    assert (found.sound, "372 of 4096" in found.message, "LimitNOFILE" in found.message) == (False, True, True)
    monkeypatch.undo()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        assert checks.check_files().message.startswith("enough for ")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"EWTP_HTTPS": "1"}, "EWTP_HOSTS is empty"),
        ({"EWTP_HTTPS": "1", "EWTP_HOSTS": "a.example", "EWTP_ORIGINS": "http://a.example"}, "write https://"),
        ({"EWTP_ORIGINS": "https://a.example"}, "EWTP_HTTPS is off"),
        ({"EWTP_DEBUG": "1", "EWTP_HOSTS": "a.example"}, "EWTP_DEBUG"),
        ({"EWTP_KEPT_MB": "10"}, "EWTP_KEPT_MB_OF_CLIENT is more"),
        ({"EWTP_SMTP": "smtp://mail.example"}, "EWTP_MAIL_FROM"),
    ],
)
def test_settings_that_contradict_each_other(given: dict[str, str], named: str, monkeypatch):
    configuration = read_configuration(given)
    monkeypatch.setattr(checks, "load_configuration", lambda: configuration)
    found: Any = checks.check_settings()
    assert not found.sound
    assert named in found.message


def test_settings_that_agree():
    given = {
        "EWTP_HTTPS": "1",
        "EWTP_HOSTS": "a.example",
        "EWTP_ORIGINS": "https://a.example",
        "EWTP_SMTP": "smtp://mail.example",
        "EWTP_MAIL_FROM": "eWTP <trade@a.example>",
    }
    assert checks.settings_contradictions(read_configuration(given)) == ()
    assert checks.settings_contradictions(read_configuration({})) == ()
