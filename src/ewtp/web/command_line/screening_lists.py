"""``ewtp screening``: the denied-party lists of this installation. Needs no database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.official_files.screening.list_folder import (
    SCREENING_FOLDER,
    read_list_folder,
    store_list_files,
)
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.screen import lists_json, say_held
from ewtp.web.command_line.sentences import LISTS_NOT_LOADED


@click.group()
def screening() -> None:
    """Load denied-party lists, and list those loaded."""


@screening.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day of the files, where they do not state it (OFAC's do not).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_lists(files: tuple[Path, ...], published: datetime | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Load official FILES, replacing earlier ones: the UN's XML; OFAC's sdn.csv, alt.csv, add.csv."""
    folder = home_path() / SCREENING_FOLDER
    now = datetime.now(tz=UTC)
    refused = store_list_files(files, folder, published=published.date() if published else None, loaded=now)
    if refused is not None:
        refuse(refused, as_json=as_json)
    _tell(as_json=as_json)


@screening.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_loaded(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """List the lists that are loaded, with their ages."""
    _tell(as_json=as_json)


def _tell(*, as_json: bool) -> None:
    folder = home_path() / SCREENING_FOLDER
    held = read_list_folder(folder)
    if isinstance(held, Refusal):
        refuse(held, as_json=as_json)
    today = datetime.now(tz=UTC).date()
    if as_json:
        say_json(lists_json(held, today))
    elif held.lists or held.others:
        say_held(held, today)
    else:
        say(Refusal(LISTS_NOT_LOADED, {"folder": str(folder)}).message)
