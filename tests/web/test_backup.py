"""A backup holds everything, is checked before anything is changed, and brings an earlier version up to date."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.utils import timezone

from ewtp.apps.assessment.store.answer_store import unpack_content
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.address import Address, read_address
from ewtp.gateways.database.roles import policies_dropped
from ewtp.gateways.installation.backup_file import Manifest, read_manifest
from tests.actors import OPERATOR
from tests.apps.batches.batch_lines import command, environment
from tests.apps.conftest import write_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.server

_ROWS = """
SELECT (SELECT count(*) FROM rulebook_measure), (SELECT count(*) FROM jobs_outboxmessage),
       (SELECT count(*) FROM django_migrations), (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
       (SELECT count(*) FROM pg_policy), (SELECT count(*) FROM pg_constraint)
"""


class Installation:
    """A home and a database of its own, on the run's server."""

    def __init__(self, home: Path, url: str, seed: Path) -> None:
        self.home, self.url = home, url
        home.mkdir()
        kept = {name: value for name, value in os.environ.items() if name != "EWTP_SECRET_KEY"}
        self._environment = {**kept, "EWTP_HOME": str(home), "DATABASE_URL": url, "EWTP_RULEBOOK": str(seed)}

    def run(self, *words: str | Path) -> tuple[int, dict[str, Any]]:
        ran = subprocess.run(
            command(*words, "--json"), env=self._environment, check=False, capture_output=True, text=True
        )
        assert ran.stdout, ran.stderr
        return ran.returncode, json.loads(ran.stdout)

    def refused(self, *words: str | Path) -> str:
        status, said = self.run(*words)
        assert status == 2, said
        return str(said["error"]["code"])

    def rows(self) -> tuple[Any, ...]:
        with psycopg.connect(self.url) as connection:
            found = connection.execute(_ROWS).fetchone()
        assert found is not None
        return found

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    folder = tmp_path / "seed"
    write_seed(folder, "12%")
    return folder


@pytest.fixture
def source(transactional_db: None, tmp_path: Path, seed: Path) -> Installation:  # noqa: ARG001 - its tables are filled
    """The test's database, with a rulebook and a message."""
    seed_load(root=seed, actor=OPERATOR, now=timezone.now())
    messages_enqueue(topic="tea", payloads=[{}], now=timezone.now())
    found = Installation(tmp_path / "source", environment(seed)["DATABASE_URL"], seed)
    (found.home / "secret_key").write_text("the key of the source")
    (found.home / "log_key").write_text("the log's key of the source")
    return found


@pytest.fixture
def target(source: Installation, tmp_path: Path, seed: Path) -> Iterator[Installation]:
    """An installation with an empty database."""
    address = read_address(source.url)
    assert isinstance(address, Address)
    name = f"{address.name}_restored"
    source.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    source.execute(f'CREATE DATABASE "{name}"')
    yield Installation(tmp_path / "target", Address.of(**{**dict(address.parameters), "dbname": name}).url(), seed)
    source.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_backup_is_restored_whole_and_one_of_an_earlier_version_is_brought_up_to_date(
    source: Installation, target: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    status, said = source.run("backup", file)
    assert (status, said) == (0, {"file": str(file), "bytes": file.stat().st_size})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert source.refused("backup", file) == "backup_file_exists"
    assert target.run("restore", file)[0] == 0
    assert target.rows() == source.rows()
    assert (target.home / "secret_key").read_text() == "the key of the source"
    assert (target.home / "log_key").read_text() == "the log's key of the source"
    # It is an installation like any other, which can be backed up in its turn: here, as it was before anything was
    # compressed, when every answer was stored.
    assert target.refused("restore", file) == "database_not_empty"
    target.execute("DROP TABLE assessment_unkeptquestion; ALTER TABLE assessment_assessment DROP COLUMN packing")
    target.execute(
        policies_dropped("http_idempotencyrecord") + "ALTER TABLE http_idempotencyrecord DROP COLUMN packing"
    )
    target.execute(
        "DELETE FROM django_migrations"
        " WHERE (app, left(name, 4)) IN (('assessment', '0003'), ('http', '0002'), ('http', '0003'), ('http', '0004'))"
    )
    target.execute("INSERT INTO assessment_assessment VALUES ('a' || repeat('0', 32), 'x', 'an answer', now())")
    assert target.run("backup", file, "--force")[0] == 0
    target.execute("CREATE TABLE made_since (n int)")
    assert target.run("restore", file, "--force")[0] == 0
    assert target.rows() == source.rows()
    with psycopg.connect(target.url) as connection:
        rows = connection.execute("SELECT content, packing FROM assessment_assessment").fetchall()
    assert [unpack_content(content, packing) for content, packing in rows] == [b"an answer"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "seed", "source", "target"]


@pytest.fixture
def written(source: Installation, tmp_path: Path) -> Path:
    file = tmp_path / "backup.zip"
    assert source.run("backup", file)[0] == 0
    return file


def rewritten(file: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write an archive again with other content."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))


def with_manifest(**fields: Any) -> Callable[[str, bytes], bytes]:
    return lambda name, content: (
        json.dumps({**json.loads(content), **fields}).encode() if name == "manifest.json" else content
    )


def test_what_is_no_sound_backup_changes_nothing(written: Path, target: Installation) -> None:
    sound = written.read_bytes()

    def refused(content: bytes = sound, change: Callable[[str, bytes], bytes] | None = None) -> str:
        written.write_bytes(content)
        if change is not None:
            rewritten(written, change)
        found = read_manifest(written)
        assert isinstance(found, Refusal), found
        return found.code

    assert isinstance(read_manifest(written), Manifest)
    assert refused(sound[: len(sound) // 2]) == "backup_unreadable"
    assert refused(b"no archive") == "backup_unreadable"
    flipped = bytearray(sound)
    flipped[len(sound) // 2] ^= 1
    assert refused(bytes(flipped)) in {"backup_unreadable", "backup_damaged"}
    assert refused(change=lambda name, content: b"another" if name == "log_key" else content) == "backup_damaged"
    assert refused(change=with_manifest(edition=2, version="9.0")) == "backup_newer"
    assert refused(change=with_manifest(files=None)) == "backup_unreadable"
    assert target.refused("restore", written) == "backup_unreadable"
    written.write_bytes(sound)
    rewritten(written, with_manifest(migrations=["jobs.0099_of_tomorrow"]))
    assert target.refused("restore", written) == "backup_newer"
    assert not (target.home / "log_key").exists()
    with psycopg.connect(target.url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_is_used_or_cannot_take_it_stays_as_it_was(
    written: Path, source: Installation, target: Installation
) -> None:
    assert target.run("restore", written)[0] == 0
    with psycopg.connect(target.url, application_name="ewtp"):
        assert target.refused("restore", written, "--force") == "database_in_use"
    broken = hashlib.sha256(b"no copy of a database").hexdigest()
    files = {"database.dump": broken}
    rewritten(written, lambda name, content: b"no copy of a database" if name == "database.dump" else content)
    rewritten(written, with_manifest(files=files))
    assert target.refused("restore", written, "--force") == "database_restore_failed"
    assert target.rows() == source.rows()
    assert (target.home / "secret_key").read_text() == "the key of the source"


def test_a_place_that_cannot_be_written_leaves_nothing(source: Installation, tmp_path: Path) -> None:
    assert source.refused("backup", tmp_path / "none" / "backup.zip") == "backup_unwritable"
    assert source.refused("backup", tmp_path, "--force") == "backup_unwritable"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seed", "source"]
