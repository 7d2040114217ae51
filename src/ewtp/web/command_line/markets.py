"""``ewtp markets``: one product against every destination, or one market against every origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from ewtp.apps.markets.reading.finder import Markets, markets_csv, markets_find
from ewtp.core.markets.market_row import MarketOutcome
from ewtp.core.markets.rank_basis import WITHOUT_TARIFF, find_rank_cost
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.name_value_options import split_pairs
from ewtp.web.command_line.output import refuse, say_json
from ewtp.web.command_line.sentences import MARKET_END_MISSING, MARKET_OPTION_MISSING
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from ewtp.core.markets.demand import Demand
    from ewtp.core.markets.market_row import MarketRow, Span

_WORDS = {
    MarketOutcome.COMPLETE: "complete",
    MarketOutcome.RANGE: "depends on the national line",
    MarketOutcome.INCOMPLETE: "incomplete",
    MarketOutcome.TAX_ONLY: "only the tax is known",
    MarketOutcome.UNKNOWN: "nothing that can be computed is known",
    MarketOutcome.REFUSED: "cannot be answered",
}


@click.command()
@click.option("--from", "source", metavar="ECONOMY", help="Economy of origin; lists every destination.")
@click.option("--to", "destination", metavar="ECONOMY", help="Instead of --from, a market; lists every origin.")
@click.option("--hs", metavar="CODE", help="Tariff code; its first six digits are compared.")
@click.option("--value", help="Price of the goods, such as 1000.")
@click.option("--currency", help="Currency of the price and of every amount printed (ISO 4217).")
@click.option(
    "--quantity", "quantities", multiple=True, metavar="UNIT=N", help="A quantity, such as kg=120; repeat for more."
)
@click.option("--date", "day", help="Day of import (YYYY-MM-DD); today by default.")
@click.option("--claims", metavar="with|without", help="Compare costs with the best claim (default) or without.")
@click.option(
    "--tax",
    metavar="with|without",
    help="Compare costs without VAT or GST, which a business reclaims (default), or with.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
def markets(as_json: bool, as_csv: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Rank every market for a product by what it would cost there."""
    pairs = split_pairs(given["quantities"])
    if isinstance(pairs, Refusal):
        refuse(pairs, as_json=as_json)
    if bool(given["source"]) == bool(given["destination"]):
        refuse(Refusal(MARKET_END_MISSING), as_json=as_json)
    for option in ("hs", "value", "currency"):
        if not given[option]:
            refuse(Refusal(MARKET_OPTION_MISSING, {"option": f"--{option}"}), as_json=as_json)
    prepare(as_json=as_json)
    found = markets_find(
        {
            "from": given["source"],
            "to": given["destination"],
            "hs": given["hs"],
            "value": given["value"],
            "currency": given["currency"],
            "date": given["day"],
            "quantities": pairs,
            "claims": given["claims"],
            "tax": given["tax"],
        },
        once=True,
    )
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    if as_json:
        say_json(found.as_json())
    elif as_csv:
        click.echo(markets_csv(found), nl=False)
    else:
        _print(found)


def _print(found: Markets) -> None:
    """Print the rows for people."""
    out = Terminal()
    line = found.question.lines[0]
    out.print(Text(f"{line.hs}  {found.description}, {line.value.amount} {line.value.currency}", style="bold"))
    out.print(Text(f"on {found.question.day}, rulebook {found.rulebook_version}", style="dim"))
    out.print(Text(f"compared: {_basis(found)}", style="dim"))
    table = Table(box=None, pad_edge=False)
    table.add_column("to" if found.side == "to" else "from")
    for heading in ("compared", "landed cost", "duty", "tax", "fees", "could save"):
        table.add_column(heading, justify="right")
    if found.demand:
        table.add_column("imports", justify="right")
    table.add_column("papers", justify="right")
    table.add_column("schedule", justify="right")
    table.add_column("known", overflow="fold")
    for row in found.rows:
        if row.outcome in WITHOUT_TARIFF:
            continue
        cost = find_rank_cost(row, found.basis)
        table.add_row(
            row.economy,
            str(cost.amount) if cost else "",
            _span(row.landed_cost),
            _span(row.duty),
            _span(row.tax),
            _span(row.fees),
            _span(row.best.saving) if row.best else "",
            *((_imports(found.demand.get(row.economy)),) if found.demand else ()),
            str(len(row.documents)) if row.documents else "",
            _age(row),
            Text(_word_outcome(row)),
        )
    out.print(table)
    for outcome in sorted(WITHOUT_TARIFF):
        folded = [row.economy for row in found.rows if row.outcome is outcome]
        if folded:
            out.print(Text(f"{_WORDS[outcome]} ({len(folded)}): {', '.join(folded)}", style="dim"))
    out.print(Text(_figures_note(found), style="dim"))
    out.print(
        Text("This comparison does not check whether sanctions or an embargo forbid any of this trade.", style="dim")
    )


def _imports(demand: Demand | None) -> str:
    if demand is None:
        return "no figures"
    growth = "" if demand.growth is None else f", {demand.growth:+}% since {demand.earlier_year}"
    return f"{demand.value.to_integral_value():,} {demand.currency} in {demand.year}{growth}"


def _figures_note(found: Markets) -> str:
    """Where the imports are from, and of whose goods; or how to bring figures."""
    if not found.demand:
        return (
            "No trade figures of this product are held, so demand is not shown; `ewtp figures import FORMAT FILE` "
            "brings some."
        )
    notes = []
    for source in sorted({each.source for each in found.demand.values()}, key=lambda each: each.id):
        whose = "" if source.listed is None else f", goods of {source.listed} economies alone"
        notes.append(f"{source.title}{whose} (retrieved {source.retrieved})")
    return "Imports rank nothing. They are from: " + "; ".join(notes)


def _basis(found: Markets) -> str:
    """What costs are compared, with the options that compare others."""
    claims = "with the best claim" if found.basis.claims else "without claims"
    tax = "with VAT or GST" if found.basis.tax else "without VAT or GST, which a business reclaims"
    other = found.basis.as_json()
    turned = {name: "without" if value == "with" else "with" for name, value in other.items()}
    return f"{claims}, {tax} (--claims {turned['claims']}, --tax {turned['tax']} change it)"


def _age(row: MarketRow) -> str:
    if row.schedule is not None and row.schedule_age_days is None:
        return "not stated"
    return "" if row.schedule_age_days is None else f"{row.schedule_age_days} days"


def _span(span: Span | None) -> str:
    if span is None:
        return "not known"
    return str(span.lowest.amount) if span.settled else f"{span.lowest.amount} to {span.highest.amount}"


def _word_outcome(row: MarketRow) -> str:
    words = _WORDS[row.outcome]
    if row.refusal is not None:
        return f"{words}: {row.refusal.message}"
    resolved = f" (as {row.resolved.used} of {row.resolved.edition})" if row.resolved else ""
    prohibited = " PROHIBITED OR RESTRICTED" if row.prohibitions else ""
    return words + _bounds(row) + resolved + prohibited


def _bounds(row: MarketRow) -> str:
    """What the landed cost is at least and at most, where it is not known."""
    if row.at_least is None or row.outcome is not MarketOutcome.INCOMPLETE:
        return ""
    most = f", at most {row.at_most.amount}" if row.at_most else ""
    return f", at least {row.at_least.amount}{most}"
