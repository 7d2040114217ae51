"""Workers do periodic work, finish a batch before they end, and wait for a database that is away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.utils import OperationalError
from django.utils import timezone

from ewtp.apps.jobs.actions.handlers import Handler
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.jobs.store.models import OutboxMessage, Timer
from ewtp.apps.log.reading.log_tree import log_head
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.retention import hub_interval
from ewtp.web import work_loop as worker
from ewtp.web.command_line.main import main
from ewtp.web.job_handlers import HANDLERS, PERIODIC_JOBS
from tests.apps.batches.batch_lines import command, environment
from tests.apps.conftest import write_seed
from tests.web.test_serve import wait_for

pytestmark = pytest.mark.server

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_every_periodic_job_has_a_handler():
    assert {job.topic for job in PERIODIC_JOBS} <= set(HANDLERS)


@pytest.mark.django_db
def test_hubs_and_publishers_are_asked_at_the_interval_that_is_set_and_never_without_one(monkeypatch):
    for minutes, every in (("", []), ("30", [timedelta(minutes=30)]), ("", [])):
        monkeypatch.setenv("EWTP_HUB_MINUTES", minutes)
        worker.keep_periodic_jobs(timezone.now(), ())
        assert list(Timer.objects.filter(key="every hubs").values_list("every", flat=True)) == every
    for hours, every in (("12", [timedelta(hours=12)]), ("", [])):
        monkeypatch.setenv("EWTP_UPDATE_HOURS", hours)
        worker.keep_periodic_jobs(timezone.now(), ())
        assert list(Timer.objects.filter(key="every updates").values_list("every", flat=True)) == every
    monkeypatch.setenv("EWTP_HUB_MINUTES", "often")
    refused = hub_interval()
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.params["setting"]) == ("setting_unreadable", "EWTP_HUB_MINUTES")


@pytest.mark.usefixtures("small_rulebook")
def test_once_does_what_is_due():
    ran = CliRunner().invoke(main, ["worker", "--once", "--json"])
    # A timer and its message, for each periodic job.
    assert json.loads(ran.output) == {"done": 2 * len(PERIODIC_JOBS)}
    assert CliRunner().invoke(main, ["worker", "--once"]).output == "Fired timers and handled messages: 0.\n"
    assert all(timer.due > timezone.now() for timer in Timer.objects.all())


@pytest.mark.usefixtures("small_rulebook")
def test_a_worker_numbers_the_events_of_the_log(tmp_path, monkeypatch):
    logged: list[str] = []
    monkeypatch.setattr(worker._LOG, "error", lambda _, problem: logged.append(problem))
    monkeypatch.setattr("ewtp.apps.log.actions.sequencer.home_path", lambda: tmp_path)
    CliRunner().invoke(main, ["token", "create"])
    worker.number_events(NOW)
    head = log_head()
    assert head is not None
    assert head.size > 1
    (tmp_path / "log_key").write_text("damaged")
    CliRunner().invoke(main, ["token", "create"])
    for _ in range(2):
        worker.number_events(NOW)
    assert [problem.partition(",")[0] for problem in logged] == ["The log cannot be signed"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_end_finishes_its_batch():
    messages_enqueue(topic="tea", payloads=[{}] * 3, now=timezone.now() - timedelta(hours=1))
    handled, begun, told, stopped = [], Event(), Event(), Event()

    def handle(delivery, _):
        handled.append(delivery)
        begun.set()
        told.wait(10)

    def run():
        worker.work({"tea": Handler(handle, batch=2)}, stopped)
        connection.close()

    thread = Thread(target=run)
    thread.start()
    assert begun.wait(10)
    stopped.set()
    told.set()
    thread.join(10)
    assert not thread.is_alive()
    assert len(handled) == 2
    assert OutboxMessage.objects.filter(topic="tea").count() == 1


@pytest.mark.django_db
def test_a_database_that_is_away_is_waited_for(monkeypatch):
    stopped, looks = Event(), []

    def away(*_):
        looks.append(1)
        if len(looks) == 2:
            stopped.set()
        raise OperationalError

    monkeypatch.setattr(worker, "_AWAY_SECONDS", 0.01)
    monkeypatch.setattr(worker, "work_once", away)
    # The test's own transaction is not closed.
    with patch.object(worker, "connection"):
        worker.work({}, stopped)
    assert len(looks) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_is_a_process_that_ends_when_it_is_told_to(tmp_path, number):
    write_seed(tmp_path, "12%")
    process = subprocess.Popen(command("worker"), env=environment(tmp_path), stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: Timer.objects.filter(due__gt=timezone.now()).count() == len(PERIODIC_JOBS), 60)
        process.send_signal(number)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait(10)


def test_a_worker_ends_with_the_process_that_keeps_it():
    from ewtp.web.command_line.worker import _follow_parent  # noqa: PLC0415 - only this test needs it

    stopped = Event()
    _follow_parent(os.getppid() + 1, stopped)
    assert stopped.is_set()
