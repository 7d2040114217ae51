"""``ewtp origin``: where goods made in several economies originate, by rules that are not those of a preference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.text import Text

from ewtp.apps.rulebook.reading.goods_origin import YES_OR_NO, origin_of_goods, read_goods
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from ewtp.core.origin.decision import OriginDecision

_CHANGES = {"met": "makes the change", "not_met": "does not make the change", "open": "its code does not tell"}
_YES_OR_NO = click.Choice(list(YES_OR_NO))


@click.command()
@click.option("--to", "destination", required=True, metavar="ECONOMY", help="Economy the goods are imported into: US.")
@click.option("--hs", required=True, metavar="CODE", help="Tariff code of the goods, 4 to 10 digits.")
@click.option("--made-in", required=True, metavar="ECONOMY", help="Economy where the goods are made.")
@click.option(
    "--material",
    "materials",
    multiple=True,
    metavar="CODE:ECONOMY[:SHARE]",
    help="A material with its origin and its share of the value in per cent; repeat for more.",
)
@click.option("--whole", is_flag=True, help="The goods are wholly obtained or produced where they are made.")
@click.option("--simple-assembly", type=_YES_OR_NO, help="Whether the goods result from simple assembly.")
@click.option("--unassembled", type=_YES_OR_NO, help="Whether parts are classified as the complete goods.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def origin(
    *,
    destination: str,
    hs: str,
    made_in: str,
    materials: tuple[str, ...],
    whole: bool,
    simple_assembly: str | None,
    unassembled: str | None,
    as_json: bool,
) -> None:
    """Decide where goods originate for marking and, for textiles, for the customs laws of the United States."""
    facts = {
        "to": destination,
        "hs": hs,
        "made_in": made_in,
        "whole": "yes" if whole else "",
        "simple_assembly": simple_assembly or "",
        "unassembled": unassembled or "",
    }
    read = read_goods(facts, materials)
    if isinstance(read, Refusal):
        refuse(read, as_json=as_json)
    economy, question = read
    prepare(as_json=as_json)
    decision = origin_of_goods(question, economy)
    if isinstance(decision, Refusal):
        refuse(decision, as_json=as_json)
    if as_json:
        say_json(decision.as_json())
    else:
        _show(decision)


def _show(decision: OriginDecision) -> None:
    say(f"Origin: {decision.origin or 'not decided'}. {decision.reason.message}", bold=True)
    out = Terminal()
    for material, verdict in decision.verdicts:
        share = "" if material.share is None else f", {material.share}%"
        out.print(Text(f"  {material.code} of {material.origin}{share}: {_CHANGES[verdict]}"))
    for rule in decision.rules:
        out.print(Text(f"Rule: {rule.text} ({rule.source.published or 'undated'})"))
    for note in decision.scope:
        out.print(Text(note.message))
