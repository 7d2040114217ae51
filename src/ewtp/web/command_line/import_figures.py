"""``ewtp figures``: trade figures that show demand in the market finder. Needs no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.trade_figures.figure_formats import FORMATS, FiguresRead, read_figures
from ewtp.gateways.trade_figures.figure_store import list_figure_sources, write_figures
from ewtp.gateways.trade_figures.sentences import FIGURE_FORMAT_UNKNOWN
from ewtp.web.command_line.output import refuse, say, say_json

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def figures() -> None:
    """Import and list trade figures, which the market finder shows as demand."""


@figures.command("import")
@click.argument("format_name", metavar="FORMAT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", help="What the figures are, for a format that does not know it (figures-csv).")
@click.option("--publisher", help="Who published them.")
@click.option("--url", help="Where they were published.")
@click.option("--published", type=_DAY, metavar="DAY", help="The day on which they were published.")
@click.option(
    "--retrieved", type=_DAY, metavar="DAY", help="The day on which the file was downloaded; today by default."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_figures(format_name: str, file: Path, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Store the figures of a FILE, replacing those of the same source."""
    chosen = FORMATS.get(format_name)
    if chosen is None:
        refuse(Refusal(FIGURE_FORMAT_UNKNOWN, {"name": format_name, "known": [*FORMATS]}), as_json=as_json)
    retrieved = given["retrieved"] or datetime.now(tz=UTC)
    source = replace(
        chosen.source,
        title=given["title"] or chosen.source.title or file.name,
        publisher=given["publisher"] or chosen.source.publisher,
        url=given["url"] or chosen.source.url,
        published=given["published"].date() if given["published"] else None,
        retrieved=retrieved.date(),
    )
    read = read_figures(chosen, file, source=source)
    if isinstance(read, Refusal):
        refuse(read, as_json=as_json)
    count = write_figures(home_path(), read.source, read.figures)
    _tell(read, count, as_json=as_json)


def _tell(read: FiguresRead, count: int, *, as_json: bool) -> None:
    if as_json:
        say_json({"source": read.source.as_json(), "figures": count, "left_out": list(read.left_out)})
        return
    say(f"{read.source.id}: {count} figures of {read.source.title} are held.")
    for row in read.left_out:
        say(f"left out, {row}")


@figures.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_held(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """List the sources of the figures that are held."""
    held = list_figure_sources(home_path())
    if as_json:
        say_json({"sources": [{**source.as_json(), "figures": count} for source, count in held]})
        return
    for source, count in held:
        say(f"{source.id}: {count} figures, {source.title} ({source.publisher}), retrieved {source.retrieved}")
    if not held:
        say("No trade figures are held; bring some with `ewtp figures import FORMAT FILE`.")
