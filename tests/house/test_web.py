"""The site's own promises: health, headers, languages, and a key that only its owner reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.db import connections
from django.db.utils import OperationalError

from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import literal_sentence
from ewtp.gateways.database import base, write_probe
from ewtp.gateways.database.roles import owner_work
from ewtp.gateways.installation.home import secret_key


def test_health_needs_no_database(client):
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_readiness_asks_the_database(client, monkeypatch):
    monkeypatch.setattr(write_probe, "_tried", write_probe._Tried())
    assert client.get("/readyz").json() == {
        "ready": True,
        "database": True,
        "tables": True,
        "writable": True,
        "disk": True,
        "rulebook": None,
    }


def test_readiness_says_when_the_database_is_away(client, monkeypatch):
    def away(*_arguments):
        raise OperationalError

    monkeypatch.setattr("ewtp.web.health.is_migrated", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": False, "tables": False, "writable": False, "disk": True}
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.django_db
def test_readiness_says_when_the_disk_is_full_or_tables_are_missing(client, monkeypatch):
    monkeypatch.setattr("ewtp.web.health.free_bytes", lambda: 1_000_000)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["disk"]) == (503, False)
    monkeypatch.undo()
    monkeypatch.setattr("ewtp.web.health.is_migrated", lambda _: False)
    answer = client.get("/readyz")
    found = answer.json()
    assert (answer.status_code, found["database"], found["tables"], found["rulebook"]) == (503, True, False, None)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["SET TRANSACTION READ ONLY", "SET LOCAL temp_file_limit = 0"])
def test_readiness_tries_to_write(client, monkeypatch, fault):
    """A copy that only reads, and a disk that takes nothing: no file may grow."""
    monkeypatch.setattr(write_probe, "_tried", write_probe._Tried())
    with owner_work(connections["default"]), connections["default"].cursor() as cursor:
        cursor.execute(fault)
    answer = client.get("/readyz")
    found = answer.json()
    assert (answer.status_code, found["database"], found["tables"], found["writable"]) == (503, True, True, False)
    assert answer.headers["Retry-After"] == "5"
    # Whoever asks again within two seconds costs the database nothing.
    monkeypatch.setattr(write_probe, "_try_change", lambda _: pytest.fail("it was tried again"))
    assert client.get("/readyz").status_code == 503


def test_a_refused_database_explains_itself(monkeypatch):
    refusal = Refusal(literal_sentence("database_unreachable", "Start it."))
    monkeypatch.setattr(base, "database_url", lambda _home: refusal)
    monkeypatch.setattr(base.DatabaseWrapper, "_answers", False)
    with pytest.raises(base.DatabaseRefusedError, match="Start it") as caught:
        connections["default"].get_new_connection({})
    assert caught.value.refusal == refusal


def test_pages_may_only_use_what_their_origin_sends(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert client.get("/healthz").headers["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_host_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    assert client.get("/healthz", headers={"host": "elsewhere.example"}).status_code == 400


def test_the_key_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.delenv("EWTP_SECRET_KEY", raising=False)
    key = secret_key(tmp_path)
    assert secret_key(tmp_path) == key
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_production_is_the_default(settings):
    assert settings.DEBUG is False
    assert Path(settings.HOME).is_absolute()
