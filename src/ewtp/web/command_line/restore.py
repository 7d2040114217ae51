"""``ewtp restore``: an installation as a backup has it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click
from django.db import connection

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.dump import is_empty, restore_database
from ewtp.gateways.database.migration_records import unknown_migrations
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.backup_file import DATABASE, Manifest, backup_member, read_manifest, write_keys
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.sentences import BACKUP_NEWER, DATABASE_NOT_EMPTY
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say_json


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the data that this installation has.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def restore(file: Path, *, force: bool, as_json: bool) -> None:
    """Bring the database and the keys to the state in FILE, and update tables of an earlier version.

    Nothing is changed unless the whole file is as it was written. Servers and workers have to be stopped.
    """
    manifest = read_manifest(file)
    if isinstance(manifest, Refusal):
        refuse(manifest, as_json=as_json)
    if unknown_migrations(manifest.migrations):
        refuse(Refusal(BACKUP_NEWER, {"path": file, "version": manifest.version}), as_json=as_json)
    home = home_path()
    url = database_url(home)
    if isinstance(url, Refusal):
        refuse(url, as_json=as_json)
    if not force and not is_empty(url):
        refuse(Refusal(DATABASE_NOT_EMPTY), as_json=as_json)
    refused = _restore(file, manifest, home, url)
    if refused is not None:
        refuse(refused, as_json=as_json)
    prepare(as_json=as_json)
    if as_json:
        say_json({"version": manifest.version, "created": manifest.created})
    else:
        click.echo(f"Restored the backup of {manifest.created}, written by eWTP {manifest.version}.")


def _restore(file: Path, manifest: Manifest, home: Path, url: str) -> Refusal | None:
    connection.close()
    # PostgreSQL's own program reads a file of its own.
    with tempfile.TemporaryDirectory(prefix="ewtp-restore-") as folder:
        dump = Path(folder) / DATABASE
        with backup_member(file, DATABASE) as member, dump.open("wb") as copy:
            shutil.copyfileobj(member, copy)
        refused = restore_database(url, dump)
    if refused is None:
        write_keys(file, home, manifest)
    return refused
