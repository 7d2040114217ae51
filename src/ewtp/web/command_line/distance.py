"""``ewtp distance``: how far apart the rules of economies are, as the page ``/distances`` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ewtp.apps.distances.reading.distance_question import answer_distance_question, read_distance_question
from ewtp.apps.distances.reading.distance_report import distances_now
from ewtp.apps.distances.surface.distance_table import distances_csv
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.core.synthetic.assumptions import NOTICE
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from ewtp.apps.distances.reading.distance_question import DistanceAnswer
    from ewtp.apps.distances.reading.overlaps import Overlaps
    from ewtp.core.distances.distance_map import PairDistance, ProductDifference

_UNDEFINED = "undefined"


@click.command()
@click.argument("economy", default="")
@click.argument("other", default="")
@click.option("--product", default="", help="Only products below these digits, such as 64 or 640399.")
@click.option("--rows", type=click.IntRange(1, 10_000), default=10, help="Rows of each table. [default: 10]")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV: every pair, or every chapter of one pair.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def distance(*, economy: str, other: str, product: str, rows: int, as_csv: bool, as_json: bool) -> None:
    """Compare the ordinary duties and the papers of ECONOMY and OTHER: of two, of one with all, or of all."""
    prepare(as_json=as_json)
    report = distances_now()
    if report is None:
        refuse(Refusal(RULEBOOK_EMPTY), as_json=as_json)
    question = read_distance_question(report, economy, other, product)
    if isinstance(question, Refusal):
        refuse(question, as_json=as_json)
    found = answer_distance_question(report, question)
    if as_json:
        say_json(found.as_json())
    elif as_csv:
        click.echo(distances_csv(report.map, found.chapters or [("", pair) for pair in found.pairs]), nl=False)
    else:
        _show(found, rows)


def _show(found: DistanceAnswer, rows: int) -> None:
    report = found.report
    below = f" below {found.question.product}" if found.question.product else ""
    say(f"Products{below} at six digits of {report.map.edition}; rulebook {report.version}, {report.day}.")
    _show_left_out(found)
    out = Terminal()
    out.print(_pair_table("", [("", pair) for pair in found.pairs]))
    if found.chapters:
        far = sorted(found.chapters, key=lambda each: (each[1].tariff is None, -(each[1].tariff or 0)))
        out.print(_pair_table("chapter", far[:rows]))
    if found.products:
        out.print(_product_table(found, found.products[:rows]))
    for agencies in found.agencies:
        counts = ", ".join(f"{lines:,} with {number}" for number, lines in enumerate(agencies.lines))
        say(f"Agencies that ask for papers on a line of {agencies.territory}: {counts}.")
    _show_overlaps(found.overlaps, rows)


def _show_overlaps(overlaps: Overlaps, rows: int) -> None:
    """The pairs of papers, ranked; the draft of each is in the JSON."""
    if not overlaps.ranked:
        return
    if overlaps.trade and overlaps.trade["synthetic"]:
        say(NOTICE)
    by = f"{overlaps.trade['lines']:,} lines of trade" if overlaps.trade else "tariff lines"
    say(f"Papers of one class that two agencies ask for on the same goods, by {by}: {overlaps.alike} pairs.")
    table = Table("papers", box=None, pad_edge=False)
    for name in ("tariff lines", "lines per million"):
        table.add_column(name, justify="right")
    for each, _ in overlaps.ranked[:rows]:
        names = Text(f"{' '.join(each.pair.one)} · {' '.join(each.pair.other)}")
        table.add_row(names, f"{each.pair.lines:,}", "" if each.burden is None else f"{each.burden:.2f}")
    Terminal().print(table)


def _show_left_out(found: DistanceAnswer) -> None:
    table = Table("schedule", box=None, pad_edge=False)
    table.add_column("edition")
    for name in ("lines", "ad valorem", "other rates", "not known", "regrouped", "products"):
        table.add_column(name, justify="right")
    for each in found.schedules:
        counts = each.counts.as_json()
        forms = counts["lines_by_rate"]
        unknown = counts["lines"] - forms["ad_valorem"] - forms["specific_or_compound"]
        figures = (
            *(counts["lines"], forms["ad_valorem"], forms["specific_or_compound"], unknown),
            *(counts["regrouped_lines"], counts["products"]),
        )
        table.add_row(each.territory, each.schedule.hs_edition, *(f"{figure:,}" for figure in figures))
    Terminal().print(table)


def _pair_table(first: str, pairs: Iterable[tuple[str, PairDistance]]) -> Table:
    table = Table(first or "pair", box=None, pad_edge=False)
    for name in ("tariff, points", "compared", "of products", "requirements", "classes"):
        table.add_column(name, justify="right")
    for name, pair in pairs:
        table.add_row(
            name or f"{pair.one} {pair.other}",
            _figure(pair.tariff),
            f"{pair.compared:,}",
            f"{pair.products:,}",
            _figure(pair.requirement),
            " ".join(pair.classes) or "none shared",
        )
    return table


def _product_table(found: DistanceAnswer, products: Iterable[ProductDifference]) -> Table:
    pair = found.pairs[0]
    table = Table("product", box=None, pad_edge=False)
    for name in (f"{pair.one}, %", f"{pair.other}, %", "difference"):
        table.add_column(name, justify="right")
    for each in products:
        table.add_row(each.product, _rate(each.rate), _rate(each.other_rate), _rate(each.difference))
    return table


def _figure(figure: Decimal | None) -> str:
    return _UNDEFINED if figure is None else f"{figure}"


def _rate(figure: Decimal | None) -> str:
    return "no rate" if figure is None else f"{figure}"
