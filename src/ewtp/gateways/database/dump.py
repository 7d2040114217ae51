"""The whole database as a stream that PostgreSQL's own programs write and read."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import MAKE_ROLES, SYSTEM_ROLE
from ewtp.gateways.database.sentences import DATABASE_DUMP_FAILED, DATABASE_IN_USE, DATABASE_RESTORE_FAILED
from ewtp.gateways.database.server import programs_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CHUNK = 1 << 20
_EMPTY = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"
_SEES_EVERYTHING = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'ewtp'
"""
# All or nothing: what was there before goes in the transaction that brings the new content. A script that ends before
# its last line commits nothing.
_FIRST = f"BEGIN;\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\nSET LOCAL search_path = public;\n{MAKE_ROLES}"
_LAST = f"SET LOCAL search_path = public;\n{MAKE_ROLES}COMMIT;\n"


def is_empty(url: str) -> bool:
    """Whether the database has no tables."""
    with psycopg.connect(url) as connection:
        row = connection.execute(_EMPTY).fetchone()
    return bool(row and row[0])


def dump_database(url: str, write: Callable[[bytes], object]) -> Refusal | None:
    """Hand a consistent copy of the database to ``write``, piece by piece; others can work meanwhile.

    Refuses with ``database_dump_failed``.
    """
    arguments = ["--format=custom", "--no-owner", "--no-privileges"]
    with psycopg.connect(url) as connection:
        row = connection.execute(_SEES_EVERYTHING).fetchone()
        # A user whom the policies bind sees every row as the system does.
        if not (row and row[0]):
            arguments += ["--enable-row-security", f"--role={SYSTEM_ROLE}"]
    with _program("pg_dump", arguments, url, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as (process, words):
        assert process.stdout is not None  # noqa: S101 - it was asked for
        while piece := process.stdout.read(_CHUNK):
            write(piece)
        failed = process.wait() != 0
        reason = _last_line(words)
    return Refusal(DATABASE_DUMP_FAILED, {"reason": reason}) if failed else None


def restore_database(url: str, dump: Path) -> Refusal | None:
    """Replace the content of the database by a copy that ``dump_database`` wrote, in one transaction.

    Refuses with ``database_in_use`` or ``database_restore_failed``; then the database is as it was.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(_OTHERS).fetchone()
    if row and row[0]:
        return Refusal(DATABASE_IN_USE, {"number": row[0]})
    script = ["--file=-", "--no-owner", "--no-privileges", str(dump)]
    run = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-", "--output=/dev/null"]
    with (
        _program("psql", run, url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as (psql, words),
        _program("pg_restore", script, "", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as (source, its_words),
    ):
        complete = _pour(source, psql)
        done = psql.wait() == 0 and complete
        reason = _last_line(words) or _last_line(its_words)
    return None if done else Refusal(DATABASE_RESTORE_FAILED, {"reason": reason})


def _pour(source: subprocess.Popen[bytes], psql: subprocess.Popen[bytes]) -> bool:
    """Give psql the script that ``source`` writes; whether it got all of it."""
    assert source.stdout is not None  # noqa: S101 - it was asked for
    assert psql.stdin is not None  # noqa: S101 - it was asked for
    try:
        with psql.stdin as script:
            script.write(_FIRST.encode())
            while piece := source.stdout.read(_CHUNK):
                script.write(piece)
            if source.wait() != 0:
                return False
            script.write(_LAST.encode())
    except BrokenPipeError:
        # It stopped at an error, which it has described.
        return False
    return True


@contextmanager
def _program(
    name: str, arguments: list[str], url: str, *, stdin: int, stdout: int
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """One of PostgreSQL's own programs, run against the database of a URL, and the file that has what it reports."""
    given = conninfo_to_dict(url)
    # libpq reads most parameters from the environment too, where no other account sees a password.
    variables = {each.keyword.decode(): each.envvar.decode() for each in Conninfo.get_defaults() if each.envvar}
    environment = {variables[key]: str(value) for key, value in given.items() if key in variables}
    others = {key: str(value) for key, value in given.items() if key not in variables}
    if others:
        arguments = [*arguments, f"--dbname={make_conninfo(**others)}"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            [str(programs_folder() / name), *arguments],
            env={**os.environ, **environment},
            stdin=stdin,
            stdout=stdout,
            stderr=words,
        )
        try:
            yield process, words
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _last_line(words: IO[bytes]) -> str:
    words.seek(0)
    lines = words.read().decode(errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
