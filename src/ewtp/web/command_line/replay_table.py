"""A replay as tables in a terminal: the changes, the groups affected, losses as plainly as gains."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ewtp.core.replay.aggregates import BOUNDS, CITED_DIFFERENTLY
from ewtp.core.replay.amount_texts import format_amount
from ewtp.core.replay.cost_bounds import bounds_json
from ewtp.core.replay.promise_days import add_promised
from ewtp.core.replay.replay_words import word_replay
from ewtp.core.rulebook.charge_kinds import CHARGE_COLUMNS
from ewtp.core.values.money import decimal_text
from ewtp.gateways.reference.sentence_texts import sentence_text
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from rich.console import Console

    from ewtp.core.replay.report import BreakdownRow, ReplayReport

_SHOWN = 10
_RANKED = 5
_NOT_SAID = "not said"
_BOUNDS_TITLE = "Paid more or less, counting what is open"
_UNBOUNDED = "no bound"
_BREAKDOWNS = {
    "destination": "By destination",
    "dispatch": "By economy of dispatch",
    "origin": "By origin",
    "heading": "By product (heading)",
    "firm_size": "By firm size",
}
_RANKINGS = {"dispatch": "economies of dispatch", "heading": "products", "firm_size": "firm sizes"}
_OUTCOMES = {
    "gained": "pay less",
    "lost": "pay more",
    "same_cost": "pay the same, with other papers or other charges",
    "became_incomplete": "are no longer answered whole: something that costs is not known",
    "became_complete": "are now answered whole",
    "otherwise_incomplete": "are open in another way than before",
    "newly_refused": "are refused with the change",
    "no_longer_refused": "are no longer refused",
    "newly_prohibited": "are prohibited with the change",
    "no_longer_prohibited": "are no longer prohibited",
}


def print_replay(replay: ReplayReport, *, console: Console | None = None) -> None:
    """Print the replay for people. Every word from the rulebook or the file is printed as text, never as markup."""
    out = console or Terminal()
    if replay.synthetic is not None:
        out.print(Text(synthetic_sentence(replay.synthetic["lines"], replay.counts["lines"]), style="bold yellow"))
    _print_change(out, replay)
    for said in word_replay(replay):
        out.print(Text(sentence_text(said)))
    _print_lines(out, replay)
    _print_totals(out, replay)
    _print_bounds(out, replay)
    _print_converted(out, replay)
    for name, title in _BREAKDOWNS.items():
        _print_breakdown(out, replay, name, title)
    for name, title in _RANKINGS.items():
        for currency in replay.currencies():
            _print_ranking(out, replay, name, title, currency)
    _print_agencies(out, replay)
    _print_promised(out, replay)
    _print_firms(out, replay)


def synthetic_sentence(count: int, lines: int) -> str:
    """The notice for a file with synthetic lines, printed first."""
    if count == lines:
        return "These lines are synthetic: they were made up from stated assumptions, and are nobody's trade."
    return f"{count:,} of the {lines:,} lines are synthetic: they were made up, and are nobody's trade."


def _print_change(out: Console, replay: ReplayReport) -> None:
    change, counts = replay.change, replay.change["counts"]
    out.print(
        Text(
            f"Rulebook {replay.rulebook} with the change {change['before']} → {change['after']}: "
            + ", ".join(f"{number:,} {name}" for name, number in counts.items()),
        ),
    )
    missing = change["not_held"]
    if missing["count"]:
        named = ", ".join(missing["first"]) + (", …" if missing["count"] > len(missing["first"]) else "")
        out.print(
            Text(
                f"The rulebook does not hold {missing['count']:,} records that the change ends or amends: {named}.",
                style="yellow",
            ),
        )


def _print_lines(out: Console, replay: ReplayReport) -> None:
    counts = replay.counts
    table = _table("lines >", "")
    table.add_row(f"{counts['lines']:,}", "in the file")
    table.add_row(f"{counts['refused']:,}", "refused with and without the change")
    table.add_row(f"{counts['affected']:,}", "pay, file or may sell differently with the change; of these")
    for name, words in _OUTCOMES.items():
        if counts[name] or name in {"gained", "lost"}:
            table.add_row(f"{counts[name]:,}", words)
    if counts[CITED_DIFFERENTLY]:
        table.add_row(
            f"{counts[CITED_DIFFERENTLY]:,}", "pay, file and may sell as before, under other rules: not counted above"
        )
    out.print(table)
    if replay.could_file_less:
        out.print(Text(f"{replay.could_file_less:,} lines could claim what the change offers, and show fewer papers."))
    for each in replay.may_claim:
        words = "lines claim nothing and could claim a preference that the change offers: they would save"
        out.print(Text(f"{each['lines']:,} {words} {Decimal(each['saving']):,} {each['currency']} at most."))


def _print_totals(out: Console, replay: ReplayReport) -> None:
    changed = [one for one in replay.totals() if one["currency"] in replay.currencies()]
    if not changed:
        out.print(Text("No sum changes."))
        return
    table = _table("", "currency", "before >", "after >", "change >", title="Sums of all lines that can be compared")
    for one in changed:
        for name, amounts in (
            *((name.replace("_", " "), one["amounts"][name]) for name in CHARGE_COLUMNS),
            ("revenue", one["revenue"]),
            ("cost to traders", one["cost"]),
        ):
            if not any(Decimal(amounts[side]) for side in ("before", "after")):
                continue
            style = "bold" if name in {"revenue", "cost to traders"} else ""
            cells = [_group_digits(amounts[side]) for side in ("before", "after")]
            table.add_row(Text(name, style=style), one["currency"], *cells, _sign_amount(amounts["change"]))
    out.print(table)


def _print_bounds(out: Console, replay: ReplayReport) -> None:
    """What traders pay more or less at least and at most, by currency, where something is open on lines that change."""
    open_rows = [row for row in bounds_json(replay.tally.tables.get(BOUNDS, {})) if row["exact"] < row["lines"]]
    if not open_rows:
        return
    table = _table("", "open lines >", "certain >", "at least >", "at most >", title=_BOUNDS_TITLE)
    for row in open_rows:
        ends = [row["change"][name] for name in ("at_least", "at_most")]
        cells = [_UNBOUNDED if end is None else _sign_amount(end) for end in ends]
        table.add_row(row["currency"], f"{row['lines'] - row['exact']:,}", _sign_amount(row["exact_change"]), *cells)
    out.print(table)


def _print_converted(out: Console, replay: ReplayReport) -> None:
    """What changes in one currency, where the sums above are in another one or in several."""
    found = replay.converted
    if found is None or not {found.currency}.symmetric_difference(replay.currencies()) or not replay.currencies():
        return
    if found.lines:
        amounts = {name: _sign_amount(decimal_text(amount)) for name, amount in found.amounts.items()}
        rates = f", at the rate of each line's day ({', '.join(found.sources)})" if found.sources else ""
        told = f"All in {found.currency}{rates}: revenue {amounts['revenue']}, cost to traders {amounts['cost']}."
        out.print(Text(told, style="bold"))
    for currency, lines in found.without_rate.items():
        out.print(
            Text(f"No rate turns {currency} into {found.currency} on the days of {lines:,} lines.", style="yellow")
        )


def _print_breakdown(out: Console, replay: ReplayReport, name: str, title: str) -> None:
    if not replay.has_breakdown(name):
        out.print(Text(f"{title}: the lines do not say ({name})."))
        return
    rows = replay.rows(name)
    if not rows:
        return
    ordered = sorted(rows, key=lambda row: -row.figures["affected"])
    table = _table("", "affected >", "pay less >", "pay more >", "", "change >", title=title)
    for row in ordered[:_SHOWN]:
        figures = row.figures
        change = format_amount(figures["cost_after"] - figures["cost_before"], row.currency)
        counts = [f"{figures[what]:,}" for what in ("affected", "gained", "lost")]
        table.add_row(Text(row.value or _NOT_SAID), *counts, row.currency, _sign_amount(change))
    if len(rows) > _SHOWN:
        table.caption = f"{len(rows) - _SHOWN:,} further rows are in the JSON"
    out.print(table)


def _print_ranking(out: Console, replay: ReplayReport, name: str, title: str, currency: str) -> None:
    if not replay.has_breakdown(name):
        return
    sides = [replay.rank_values(name, currency, what, _RANKED) for what in ("gain", "loss")]
    table = _table(
        "pay less", "lines >", f"{currency} >", "pay more", "lines >", f"{currency} >", title=f"Most, {title}"
    )
    for place in range(max(map(len, sides), default=0)):
        cells: list[Any] = []
        for rows, what, lines in zip(sides, ("gain", "loss"), ("gained", "lost"), strict=True):
            cells += _rank_row(rows[place], what, lines) if place < len(rows) else ["", "", ""]
        table.add_row(*cells)
    if table.row_count:
        out.print(table)


def _rank_row(row: BreakdownRow, what: str, lines: str) -> list[Any]:
    return [
        Text(row.value or _NOT_SAID),
        f"{row.figures[lines]:,}",
        _group_digits(format_amount(row.figures[what], row.currency)),
    ]


def _print_agencies(out: Console, replay: ReplayReport) -> None:
    changed = [one for one in replay.agencies() if one["papers"]["change"] or one["filings"]["change"]]
    if not changed:
        out.print(Text("No filing with an agency is saved or added."))
        return
    table = _table("", "agency", "filings before >", "after >", "change >", "papers, change >", title="By agency")
    for one in changed[:_SHOWN]:
        filings = one["filings"]
        cells = [f"{filings['before']:,}", f"{filings['after']:,}", f"{filings['change']:+,}"]
        table.add_row(one["territory"], Text(one["agency"] or _NOT_SAID), *cells, f"{one['papers']['change']:+,}")
    out.print(table)


def _print_promised(out: Console, replay: ReplayReport) -> None:
    if not replay.promised:
        return
    days = add_promised(replay.promised.values())
    told = f"Agencies promise all papers of all lines in {days.before:,} days before and {days.after:,} after"
    left_out = f"; {days.without:,} papers have no promise" if days.without else ""
    out.print(Text(f"{told}{left_out}."))


def _print_firms(out: Console, replay: ReplayReport) -> None:
    if replay.tally.firms is None:
        out.print(Text("By firm: the lines do not say (firm)."))
        return
    firms = replay.tally.firms.counts()
    out.print(
        Text(
            f"Firms: {firms['pay_less']:,} pay less, {firms['pay_more']:,} pay more,"
            f" {firms['pay_more_and_less']:,} more in one currency and less in another;"
            f" {firms['fewer_papers']:,} show fewer papers, {firms['more_papers']:,} show more.",
        ),
    )


def _table(*headings: str, title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in headings:
        right = heading.endswith(" >")
        table.add_column(heading.removesuffix(" >"), justify="right" if right else "left", no_wrap=right)
    return table


def _group_digits(amount: str) -> str:
    """A number with its integer digits in groups of three."""
    whole, point, decimals = amount.partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole != "-0" else amount


def _sign_amount(amount: str) -> str:
    grouped = _group_digits(amount)
    return grouped if grouped.startswith("-") or not grouped.strip("0.") else f"+{grouped}"
