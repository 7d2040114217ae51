"""While the database is away every request gets 503 with a code, and the site is back once the database is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.test import Client
from psycopg.errors import DiskFull

from ewtp.gateways.database.server import database_stop
from tests.apps.batches.batch_lines import command, environment
from tests.apps.conftest import write_seed
from tests.server_process import free_port
from tests.web.test_serve import parts_of, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server

QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [{"hs": "61091000", "value": {"amount": "1000.00", "currency": "GBP"}}],
}


def fail(error: Exception) -> Any:
    def failing(*_: Any, **__: Any) -> None:
        raise error

    return failing


def full() -> OperationalError:
    error = OperationalError("no space left on device")
    error.__cause__ = DiskFull()
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [(OperationalError("gone"), "database_away"), (InterfaceError("gone"), "database_away"), (full(), "disk_full")],
)
def test_the_api_and_the_pages_answer_503(monkeypatch, error, code):
    monkeypatch.setattr("ewtp.apps.assessment.surface.api.assessment_create_from", fail(error))
    monkeypatch.setattr("ewtp.apps.rulebook.surface.pages.measure_history", fail(error))
    client = Client(raise_request_exception=False)
    answer = client.post("/api/v1/assessments", QUESTION, content_type="application/json")
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (503, "5", code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    page = client.get("/measures/GB-x", headers={"accept-language": "fr"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "<h1>" in page.content.decode()


def test_a_bug_is_still_a_500(monkeypatch):
    monkeypatch.setattr("ewtp.apps.rulebook.surface.pages.measure_history", fail(KeyError("bug")))
    assert Client(raise_request_exception=False).get("/measures/GB-x").status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_noticed_without_a_statement(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    assert connection.is_usable()
    with psycopg.connect(environment(tmp_path)["DATABASE_URL"]) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    assert not connection.is_usable()
    connection.close()


# The installation's own server


class Site:
    """A serving process and its port."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, home: Path) -> None:
        self.process, self.port, self.home = process, port, home

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, str | None, bytes]:
        """Status, Retry-After and body of the answer; status 0 while nobody listens."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                return answer.status, None, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("Retry-After"), error.read()
        except OSError:
            return 0, None, b""

    def database(self) -> int:
        return int((self.home / "postgres/postmaster.pid").read_text().split()[0])


@contextmanager
def kept_from_starting(home: Path) -> Iterator[None]:
    """Have the database of an installation fail to start meanwhile, for lack of the file that it reads first."""
    needed = home / "postgres/global/pg_control"
    away = needed.rename(needed.with_suffix(".away"))
    try:
        yield
    finally:
        away.rename(needed)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An installation of its own, with the server that comes inside."""
    write_seed(tmp_path, "12%")
    # The directories that pytest makes are closed to the account the server runs under.
    home = Path(tempfile.mkdtemp(prefix="ewtp-site-"))
    port = free_port()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    process = subprocess.Popen(
        command("serve", "--port", str(port), "--no-compile"),
        env={**os.environ, "EWTP_HOME": str(home), "EWTP_RULEBOOK": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    found = Site(process, port, home)
    try:
        wait_for(lambda: found.ask("/readyz")[0] == 200, 120)
        yield found
    finally:
        process.terminate()
        process.wait(20)
        database_stop(home)
        shutil.rmtree(home)


def test_a_killed_database_is_started_again_and_requests_meanwhile_get_503(site: Site) -> None:
    killed = site.database()
    # It would be started again in less time than a request takes to notice.
    with kept_from_starting(site.home):
        os.kill(killed, signal.SIGKILL)
        # A session may answer once more before it notices that its server has gone.
        wait_for(lambda: site.ask("/api/v1/assessments", QUESTION)[0] == 503, 30)
        assert site.ask("/healthz")[0] == 200
        for path, body, told in (("/api/v1/assessments", QUESTION, "code"), ("/readyz", None, "ready")):
            status, retry, given = site.ask(path, body)
            assert (status, retry) == (503, "5")
            assert json.loads(given)[told] == {"code": "database_away", "ready": False}[told]
    wait_for(lambda: site.ask("/api/v1/assessments", QUESTION)[0] == 201, 60)
    assert site.database() != killed
    # Every thread of every process has a connection that died.
    assert {site.ask("/api/v1/assessments", QUESTION)[0] for _ in range(12)} <= {200, 201}
    wait_for(lambda: site.ask("/readyz")[0] == 200, 10)
    # One that was still starting when the database went has ended, and is started again.
    wait_for(lambda: len(parts_of(site.process)["work"]) == 1, 60)
