"""``ewtp rulebook burden``: the rules ranked by what they cost micro and small firms as a share of their trade."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from ewtp.apps.assessment.surface.invoice_table import decode_table
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.reading.burden_run import LINES_AT_ONCE, file_burden, table_burden, tables_burden
from ewtp.apps.batches.reading.lines_csv import read_csv_lines
from ewtp.apps.batches.reading.version_profile import read_import_profile
from ewtp.apps.batches.surface.burden_table import burden_csv, select_rules
from ewtp.core.burden.rule_burden import LARGE, SMALLER_NAME
from ewtp.core.synthetic.assumptions import NOTICE
from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import CURRENCY_NOT_ISO, ECONOMY_NOT_ISO
from ewtp.gateways.installation.burden_file import write_burden
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.parquet.lines import open_lines
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.web.command_line.installation_ready import prepare, progress_bar
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import SHIPMENTS_UNREADABLE
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from ewtp.apps.batches.reading.burden import BurdenReport
    from ewtp.apps.rulebook.reading.versions import VersionRef

_MOST_LINES = 10_000_000
# Lines of a text are answered one by one; a longer file is better written as Parquet.
_MOST_CSV_LINES = 20_000
_PERCENT = Decimal("0.0001")


@click.command()
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.option(
    "--synthetic", type=click.IntRange(1, _MOST_LINES), default=20_000, help="Without SOURCE, synthetic lines."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, help="Random seed of the synthetic lines.")
@click.option("--year", type=click.IntRange(1990, 2100), default=2026, help="The year of the synthetic lines.")
@click.option("--to", "destination", default="", help="Only lines to this economy; shares are of the trade with it.")
@click.option("--currency", default="USD", help="The currency of all sums. [default: USD]")
@click.option("--taxes", is_flag=True, help="Rank taxes such as VAT as well, which a business often reclaims.")
@click.option("--each", is_flag=True, help="Rank each measure, such as one tariff line; otherwise those of one title.")
@click.option("--rows", type=click.IntRange(1, 1_000), default=10, help="Rules of each table. [default: 10]")
@click.option("--show", is_flag=True, help="Show the report on the page /rulebook/burden from now on.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, every rule.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every rule.")
def burden(*, source: Path | None, as_json: bool, **given: Any) -> None:
    """Rank rules by what they cost micro and small firms as a share of their trade.

    SOURCE is a file of lines with the column firm_size, in Parquet, or in CSV (.csv) with up to 20,000 lines; without
    it, synthetic lines are drawn. Nothing of the lines is stored; with --show the report is.
    """
    wrong = _unknown_name(given["currency"], given["destination"])
    if wrong is not None:
        refuse(wrong, as_json=as_json)
    prepare(as_json=as_json)
    version = pin_version()
    if isinstance(version, Refusal):
        refuse(version, as_json=as_json)
    found = _of_synthetic(version, given) if source is None else _of_file(source, version, given)
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    report = found.as_json()
    if given["show"]:
        write_burden(home_path(), found.as_shown_json())
    if as_json:
        say_json(report)
    elif given["as_csv"]:
        rules = [
            rule
            for papers in (False, True)
            for rule in select_rules(report, papers=papers, taxes=given["taxes"], each=given["each"])
        ]
        click.echo(burden_csv(report, rules), nl=False)
    else:
        _show(report, given["rows"], taxes=given["taxes"], each=given["each"])


def _unknown_name(currency: str, destination: str) -> Refusal | None:
    known = vocabulary()
    if currency not in known.currencies:
        return Refusal(CURRENCY_NOT_ISO, {"currency": currency[:40]})
    if destination and destination not in known.economies:
        return Refusal(ECONOMY_NOT_ISO, {"economy": destination[:40]})
    return None


def _of_file(path: Path, version: VersionRef, given: dict[str, Any]) -> BurdenReport | Refusal:
    if path.suffix.lower() == ".csv":
        return _of_csv(path, version, given)
    source = open_lines(path)
    if isinstance(source, Refusal):
        return source
    try:
        with progress_bar() as progress:
            return file_burden(source, version, given["currency"], given["destination"], progress)
    finally:
        source.close()


def _of_csv(path: Path, version: VersionRef, given: dict[str, Any]) -> BurdenReport | Refusal:
    try:
        text = decode_table(path.read_bytes())
    except OSError:
        text = None
    if text is None:
        return Refusal(SHIPMENTS_UNREADABLE, {"path": path})
    table = read_csv_lines(text, _MOST_CSV_LINES)
    return (
        table if isinstance(table, Refusal) else table_burden(table, version, given["currency"], given["destination"])
    )


def _of_synthetic(version: VersionRef, given: dict[str, Any]) -> BurdenReport | Refusal:
    with progress_bar() as progress:
        progress("reading the rulebook", 0, 0)
        profile = read_import_profile(given["year"])
        if isinstance(profile, Refusal):
            return profile
        tables = synthetic_lines(profile, given["synthetic"], given["seed"], batch_lines=LINES_AT_ONCE)
        shown = (given["synthetic"], progress)
        return tables_burden(tables, version, given["currency"], given["destination"], shown)


def _show(report: dict[str, Any], rows: int, *, taxes: bool, each: bool) -> None:
    if report["synthetic"]:
        say(NOTICE)
    to = f" to {report['to']}" if report["to"] else ""
    say(f"{report['lines']:,} lines{to}, rulebook {report['rulebook']}, sums in {report['currency']}.")
    for count, why in (
        (report["refused"], "were refused"),
        (report["without_size"], "state none of the sizes micro, small, medium, large"),
        (sum(one["lines"] for one in report["without_rate"]), "have no exchange rate"),
        (sum(report["incomplete"].values()), "are counted as far as they are known"),
    ):
        if count:
            say(f"{count:,} lines {why}.")
    out = Terminal()
    out.print(_trade_table(report))
    for papers, title in ((False, "Charges"), (True, "Papers")):
        chosen = select_rules(report, papers=papers, taxes=taxes, each=each)
        if chosen:
            say(f"{title}: {min(rows, len(chosen))} of {len(chosen)} rules")
            out.print(_rule_table(chosen[:rows], papers=papers))


def _trade_table(report: dict[str, Any]) -> Table:
    table = Table("firms", box=None, pad_edge=False)
    for name in ("number", "lines", "trade", "charges", "share"):
        table.add_column(name, justify="right")
    for name, size in report["trade"].items():
        firms = "not stated" if size["firms"] is None else f"{size['firms']:,}"
        paid, trade = (f"{Decimal(size[part]):,}" for part in ("paid", "trade"))
        table.add_row(
            name.replace("_", " "), firms, f"{size['lines']:,}", trade, paid, _percent(size["share_of_trade"])
        )
    return table


def _rule_table(rules: list[dict[str, Any]], *, papers: bool) -> Table:
    table = Table("rule", box=None, pad_edge=False)
    for name in ("micro and small", "large", "difference", "firms", "lines", "paid"):
        table.add_column(name, justify="right")
    measure = "lines_per_million_of_trade" if papers else "share_of_trade"
    written = _number if papers else _percent
    for rule in rules:
        small, large = rule["sizes"][SMALLER_NAME], rule["sizes"][LARGE]
        named = rule["document"] or rule["title"] or rule["measure"]
        table.add_row(
            Text(f"{rule['territory']} {named}"),
            written(small[measure]),
            written(large[measure]),
            written(rule["difference"]),
            "not stated" if small["firms"] is None else f"{small['firms']:,}",
            f"{small['lines']:,}",
            "" if papers else f"{Decimal(small['paid']):,}",
        )
    return table


def _percent(share: str | None) -> str:
    return "not known" if share is None else f"{(Decimal(share) * 100).quantize(_PERCENT)}%"


def _number(figure: str | None) -> str:
    return "not known" if figure is None else f"{Decimal(figure):.2f}"
