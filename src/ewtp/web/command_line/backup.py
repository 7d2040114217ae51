"""``ewtp backup``: everything that an installation cannot make again, in one file."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click
from django.db import connection
from django.utils import timezone

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.dump import dump_database
from ewtp.gateways.database.migration_records import read_recorded_migrations
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.backup_file import DATABASE, KEYS, backup_written
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.sentences import BACKUP_FILE_EXISTS, BACKUP_UNWRITABLE
from ewtp.web.command_line.output import refuse, say_json


class _NotDumpedError(Exception):
    """Raised to leave nothing of a backup whose database could not be copied."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backup(file: Path, *, force: bool, as_json: bool) -> None:
    """Write the database and the keys to FILE, as of one moment; the installation keeps running."""
    if file.exists() and not force:
        refuse(Refusal(BACKUP_FILE_EXISTS, {"path": file}), as_json=as_json)
    home = home_path()
    url = database_url(home)
    if isinstance(url, Refusal):
        refuse(url, as_json=as_json)
    try:
        _write(file, home, url)
    except _NotDumpedError as error:
        refuse(error.refusal, as_json=as_json)
    except OSError as error:
        refuse(Refusal(BACKUP_UNWRITABLE, {"path": file, "reason": error.strerror or str(error)}), as_json=as_json)
    size = file.stat().st_size
    if as_json:
        say_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"Wrote {file} ({size / 1_000_000:.1f} MB). It has the keys of this installation: keep it private.")


def _write(file: Path, home: Path, url: str) -> None:
    now, migrations = timezone.now(), read_recorded_migrations(connection)
    connection.close()
    with backup_written(file, version("ewtp"), now.isoformat(timespec="seconds"), migrations) as writer:
        with writer.member(DATABASE) as member:
            refused = dump_database(url, member.write)
        if refused is not None:
            raise _NotDumpedError(refused)
        for name in KEYS:
            if (home / name).exists():
                with writer.member(name) as member:
                    member.write((home / name).read_bytes())
