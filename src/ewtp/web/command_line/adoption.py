"""``ewtp rulebook adopt``: a territory gives effect to a change of its law."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.utils import timezone
from rich.table import Table
from rich.text import Text

from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt
from ewtp.apps.rulebook.reading.changeset_file import changeset_file_read
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say_json
from ewtp.web.command_line.shell_actor import shell_actor
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.rulebook.actions.adoption import AdoptionReport

_DAY = click.DateTime(["%Y-%m-%d"])
_SHOWN = 20


@click.command("adopt")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--territory", required=True, help="The territory that adopts the change, such as GH.")
@click.option("--title", required=True, help="The title of the act that adopts it.")
@click.option("--publisher", required=True, help="Who published the act.")
@click.option("--reference", required=True, help="The place in the act, such as an article.")
@click.option("--published", type=_DAY, help="The date of the act's publication.")
@click.option("--url", default="", help="Where the act is published.")
@click.option("--from", "adopted_from", default="", help="The text that the act gives effect to, such as a proposal.")
@click.option("--effective", type=_DAY, help="The first day of the change; the days of its own rules by default.")
@click.option("--check", "only_try", is_flag=True, help="Show what the act would state, and adopt nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def adopt(
    *,
    file: Path,
    territory: str,
    title: str,
    publisher: str,
    reference: str,
    published: datetime | None,
    url: str,
    adopted_from: str,
    effective: datetime | None,
    only_try: bool,
    as_json: bool,
) -> None:
    """Give effect to the changeset in FILE in a territory, beside its law, which stays as imported."""
    prepare(as_json=as_json)
    change = changeset_file_read(file)
    if isinstance(change, Refusal):
        refuse(change, as_json=as_json)
    report = changeset_adopt(
        changeset=change.changeset,
        cited=ActCited(
            territory.upper(), title, publisher, reference, published.date() if published else None, url=url
        ),
        adopted_from=adopted_from,
        effective=effective.date() if effective else None,
        only_try=only_try,
        actor=shell_actor(),
        now=timezone.now(),
    )
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    if as_json:
        say_json(report.as_json())
    else:
        _show(report)


def _show(report: AdoptionReport) -> None:
    console = Terminal()
    if report.version is None:
        console.print("The act would state:")
    else:
        console.print(f"{report.source}: published version {report.version}.")
    table = Table(box=None, pad_edge=False)
    for name in ("", "record", "from", "to", "rule"):
        table.add_column(name)
    for one in report.records[:_SHOWN]:
        end = one.validity.end
        table.add_row(
            "-" if one.abolishes else "+",
            Text(one.subject),
            str(one.validity.start),
            str(end) if end else "",
            Text(one.wording),
        )
    console.print(table)
    if len(report.records) > _SHOWN:
        console.print(f"{len(report.records) - _SHOWN} more; --json lists them all.")
