"""A database that is killed between any two writes loses nothing that was acknowledged, and nothing happens twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from ewtp.gateways.database.server import database_stop, database_url
from tests.apps.conftest import write_seed
from tests.apps.jobs.test_worker_kill import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server
# How a process of those programs ends that outlived its database.
BEREFT = 3


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    # The directories that pytest makes are closed to the account the server runs under.
    path = Path(tempfile.mkdtemp(prefix="ewtp-killed-"))
    yield path
    database_stop(path)
    shutil.rmtree(path)


def steps_of(program: str, home: Path, seed: Path) -> int:
    """How many times the database was killed, each time at another step, before the program ended."""
    given = {"EWTP_HOME": str(home), "EWTP_RULEBOOK": str(seed), "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
    ran = subprocess.run(
        [sys.executable, "-m", program, "database"],
        cwd=ROOT,
        env={**os.environ, **given, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *killed, finished = ran.stdout.split()
    assert set(killed) == {str(BEREFT)}, ran.stderr
    assert finished == "0", ran.stderr
    return len(killed)


def rows_of(home: Path, *statements: str) -> list[list[tuple[object, ...]]]:
    url = database_url(home)
    assert isinstance(url, str)
    with psycopg.connect(url) as database:
        return [database.execute(statement).fetchall() for statement in statements]


def test_deliveries_and_timers_survive_a_database_killed_at_every_write(home: Path, tmp_path: Path) -> None:
    write_seed(tmp_path, "12%")
    killed = steps_of("tests.apps.jobs.killed_worker", home, tmp_path)
    # The removal of the timer and the messages, the effects, and both sides of the commits.
    assert killed >= 10
    effects, left, timers = rows_of(
        home,
        "SELECT source, count(*) FROM jobs_inboxmessage GROUP BY source",
        "SELECT * FROM jobs_outboxmessage",
        "SELECT * FROM jobs_timer",
    )
    assert dict(effects) == {f"step {step}": 3 for step in range(killed + 1)}  # type: ignore[arg-type]
    assert (left, timers) == ([], [])


def test_an_action_of_an_organisation_survives_a_database_killed_at_every_write(home: Path, tmp_path: Path) -> None:
    write_seed(tmp_path, "12%")
    killed = steps_of("tests.apps.organisations.killed_invitation", home, tmp_path)
    # The rows, event, timer and mail of the invitation; the removal of mail, timer and invitation; the commits.
    assert killed >= 15
    made, mailed, events, left, timers = rows_of(
        home,
        "SELECT id FROM organisations_organisation",
        "SELECT source, count(*) FROM jobs_inboxmessage GROUP BY source",
        "SELECT subject, kind, count(*) FROM (SELECT subject, kind, salt FROM log_pendingevent"
        " UNION SELECT subject, kind, salt FROM log_logentry) AS written"
        " WHERE kind LIKE 'organisations:invitation:%' GROUP BY subject, kind",
        "SELECT * FROM jobs_outboxmessage",
        "SELECT * FROM jobs_timer",
    )
    assert len(made) == killed + 1
    assert sorted(mailed) == sorted((each, 1) for (each,) in made)
    kinds = ("organisations:invitation:expired", "organisations:invitation:made")
    assert sorted(events) == sorted((each, kind, 1) for (each,) in made for kind in kinds)
    assert (left, timers) == ([], [])
