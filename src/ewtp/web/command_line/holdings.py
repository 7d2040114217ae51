"""``ewtp rulebook held``: what is held of each territory, as the page ``/rulebook`` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ewtp.apps.rulebook.reading.holdings import holdings_now
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import say_json
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.apps.rulebook.reading.holdings import Holding


@click.command("held")
@click.option("--territory", default="", help="Only this territory, such as US.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_holdings(*, territory: str, as_json: bool) -> None:
    """List what is held of each territory: its tariff, its rules in force, and what is stated of each charge."""
    prepare(as_json=as_json)
    version, day, found = holdings_now()
    chosen = [each for code, each in found.items() if territory.upper() in ("", code)]
    if as_json:
        say_json({"version": version, "date": day.isoformat(), "items": [each.as_json() for each in chosen]})
    else:
        _show(chosen)


def _show(chosen: Iterable[Holding]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("territory", "tariff of"):
        table.add_column(name)
    for name in ("age in days", "lines", "rules"):
        table.add_column(name, justify="right")
    table.add_column("charges")
    for each in chosen:
        age = "not stated" if each.age_days is None else f"{each.age_days:,}"
        tariff = (each.tariff.code, age, f"{each.lines:,}") if each.tariff else ("", "", "")
        charges = ", ".join(f"{one.kind.value} {one.extent}" for one in each.coverage if one.practice)
        table.add_row(each.territory.code, *tariff, f"{each.rule_count:,}", Text(charges))
    Terminal().print(table)
