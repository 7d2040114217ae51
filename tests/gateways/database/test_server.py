"""The installation's own server starts once, is shared, and ends with its last user, however that one ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.address import Address
from ewtp.gateways.database.server import (
    database_address,
    database_stop,
    database_url,
    server_listens,
)

pytestmark = pytest.mark.server

USER = (
    "import sys, pathlib; from ewtp.gateways.database.server import database_url;"
    "print(database_url(pathlib.Path(sys.argv[1]), throwaway=True), flush=True); sys.stdin.read()"
)


@pytest.fixture(autouse=True)
def _own_server(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def home():
    # The directories that pytest makes are closed to the account the server runs under.
    path = Path(tempfile.mkdtemp(prefix="ewtp-server-"))
    yield path
    database_stop(path)
    shutil.rmtree(path)


def end(user):
    user.stdin.close()
    user.stdout.close()
    if not user.stderr.closed:
        # A file that is still open when a process ends would be reported here.
        with user.stderr as reported:
            assert "ResourceWarning" not in reported.read()
    user.wait()


@pytest.fixture
def start_user(home):
    users = []

    def start(place=home):
        user = subprocess.Popen(
            [sys.executable, "-W", "default::ResourceWarning", "-c", USER, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        users.append(user)
        assert user.stdout is not None
        return user, user.stdout.readline().strip()

    yield start
    for user in users:
        end(user)


def url_of(home):
    address = database_address(home)
    assert isinstance(address, Address)
    return address.url()


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_users_share_one_server_that_ends_after_a_kill(home, start_user):
    first, url = start_user()
    second, same = start_user()
    postmaster = int((home / "postgres/postmaster.pid").read_text().split()[0])
    assert url == same == url_of(home)
    end(second)
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW jit").fetchone() == ("off",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    os.killpg(first.pid, signal.SIGKILL)
    wait_until(lambda: not server_listens(home / "postgres"))
    wait_until(lambda: not Path(f"/proc/{postmaster}").exists() or not (home / "postgres/postmaster.pid").exists())


def test_a_killed_server_starts_again(home, start_user):
    _, url = start_user()
    with psycopg.connect(url) as connection:
        # A throwaway server otherwise forgets the last moments before it is killed.
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE kept (x int)")
    mark = home / "postgres/postmaster.pid"
    os.kill(int(mark.read_text().split()[0]), signal.SIGKILL)
    wait_until(lambda: not server_listens(home / "postgres"))
    # The dead server's number now belongs to a program that is not a server.
    mark.write_text(mark.read_text().replace(mark.read_text().split()[0], str(os.getpid()), 1))
    _, same = start_user()
    with psycopg.connect(same) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_path_too_long_for_a_socket_gets_a_short_one(home, start_user):
    deep = home / ("x" * 120)
    address = database_address(deep)
    assert isinstance(address, Address)
    host = address.host
    assert len(host) < 100
    _, url = start_user(deep)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    database_stop(deep)
    shutil.rmtree(host)


def test_a_server_that_does_not_answer_is_refused(monkeypatch, home):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/trade")
    refusal = database_url(home)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "database_unreachable"
    assert "DATABASE_URL" in refusal.message
    assert "secret" not in refusal.message


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("OLDEST_SERVER", 99), "database_too_old"),
        (("NEEDED_EXTENSIONS", ("btree_gist", "no_such_thing")), "database_lacks_extensions"),
    ],
)
def test_a_server_that_cannot_do_the_work_is_refused(monkeypatch, home, start_user, change, code):
    _, url = start_user()
    monkeypatch.setenv("DATABASE_URL", url)
    assert database_url(home) == url
    monkeypatch.setattr(f"ewtp.gateways.database.server.{change[0]}", change[1])
    refusal = database_url(home)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    monkeypatch.delenv("DATABASE_URL")


def test_a_broken_data_directory_is_refused(home):
    (home / "postgres").mkdir()
    (home / "postgres/PG_VERSION").write_text("9.6\n")
    refusal = database_url(home)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "database_start_failed"
    assert "FATAL" in refusal.message or "could not" in refusal.message
