"""``ewtp hs``: tariff codes for a product in words. Needs no database unless national lines are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from django.utils import timezone
from rich.table import Table
from rich.text import Text

from ewtp.core.classification.search import MOST_RESULTS, search
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.iso_codes import check_economy
from ewtp.web.command_line.output import refuse, say_json
from ewtp.web.command_line.terminal import Terminal
from ewtp.web.django_setup import set_up_django

if TYPE_CHECKING:
    from ewtp.core.classification.search import SearchAnswer


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--limit", type=click.IntRange(1, MOST_RESULTS), default=10, show_default=True, help="Maximum number of codes."
)
@click.option("--economy", help="Also list the national lines of this economy (two letters, such as US).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def hs(words: tuple[str, ...], limit: int, economy: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Find tariff codes for a product described in WORDS, each with the probability that it is correct."""
    place = check_economy(economy) if economy else ""
    if isinstance(place, Refusal):
        refuse(place.under("economy"), as_json=as_json)
    answer = search(load_index(), " ".join(words), limit)
    if isinstance(answer, Refusal):
        refuse(answer, as_json=as_json)
    body = _with_lines(answer, place, as_json=as_json) if place else answer.as_json()
    if as_json:
        say_json(body)
    else:
        _show(body)


def _with_lines(answer: SearchAnswer, economy: str, *, as_json: bool) -> dict[str, Any]:
    # The cached lookup can only be imported once Django is set up, which a search for codes alone does without.
    unusable = set_up_django(with_pages=False)
    if unusable is not None:
        refuse(unusable, as_json=as_json)
    from ewtp.apps.classification.reading.national_lines import with_national_lines  # noqa: PLC0415 - see above
    from ewtp.web.command_line.installation_ready import prepare  # noqa: PLC0415 - see above

    prepare(as_json=as_json)
    return with_national_lines(answer, economy, timezone.now().date())


def _show(body: dict[str, Any]) -> None:
    console = Terminal()
    if body["results"]:
        table = Table(box=None, pad_edge=False)
        table.add_column("code", no_wrap=True, style="bold")
        table.add_column("sure", justify="right", no_wrap=True)
        table.add_column(f"description ({body['edition']})")
        for result in body["results"]:
            code = result["hs"]
            sure = f"{round(float(result['confidence']) * 100)}%"
            table.add_row(f"{code[:4]}.{code[4:]}", sure, Text(result["description"]))
            for line in result.get("lines", ()):
                table.add_row(f"  {line['code']}", "", Text(line["description"], style="dim"))
        console.print(table)
    if body["message"]:
        console.print(Text(body["message"], style="yellow"))
