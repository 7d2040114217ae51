"""``ewtp outcomes``: the figures by which the effects of adopted rules are measured."""

from __future__ import annotations

import csv
from pathlib import Path

import click
from django.utils import timezone

from ewtp.apps.proposals.actions.outcomes import law_outcomes_compute, outcomes_load
from ewtp.core.effects.outcome_table import MOST_ROWS
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, shorten_text
from ewtp.gateways.official_files.sentences import FILE_UNREADABLE
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def outcomes() -> None:
    """Load outcomes in days, papers and cost, and compute those that the law states."""


@outcomes.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="What the figures are, and who counted them.")
@_JSON
def load(*, file: Path, title: str, as_json: bool) -> None:
    """Load a CSV FILE of outcomes by trade and month, all of it or nothing."""
    prepare(as_json=as_json)
    rows = _rows(file)
    report = (
        rows
        if isinstance(rows, Refusal)
        else outcomes_load(title=title, rows=rows, actor=shell_actor(), now=timezone.now())
    )
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    if as_json:
        say_json(report.as_json())
        return
    say(f"{report.id}: {report.cells} figures, of which {report.withheld} are withheld.")


@outcomes.command("compute")
@_JSON
def compute(*, as_json: bool) -> None:
    """Compute what the law states for the months that are over, as the worker does each day."""
    prepare(as_json=as_json)
    count = law_outcomes_compute(now=timezone.now())
    if as_json:
        say_json({"cells": count})
        return
    say(f"{count} figures computed.")


def _rows(file: Path) -> list[dict[str, str]] | Refusal:
    """The rows of a CSV file, one more than may be at most; a cell that a row lacks is empty."""
    try:
        with open_text(file) as lines:
            reader = csv.DictReader(lines, restkey="", restval="")
            found = []
            for row in reader:
                found.append({str(name).strip(): text if isinstance(text, str) else "" for name, text in row.items()})
                if len(found) > MOST_ROWS:
                    break
            return found
    except (*BROKEN, csv.Error) as error:
        return Refusal(FILE_UNREADABLE, {"file": file.name, "reason": shorten_text(error)})
