"""A replay's first sentences: who is relieved of what, how many firms, money and its bounds, days, treasuries, gaps.

They are made of the report's figures and of nothing else, and say neither good nor bad: a relief is what falls away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.replay import sentences as words
from ewtp.core.replay.amount_texts import format_amount
from ewtp.core.replay.cell_firms import LEAST_FIRMS
from ewtp.core.replay.promise_days import add_promised
from ewtp.core.values.money import decimal_text
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.core.replay.report import ReplayReport
    from ewtp.core.replay.withheld_cells import WithheldCells
    from ewtp.core.values.sentence import Sentence

_MOST_LISTED = 6
_MONTHS_OF_YEAR = 12


def word_replay(report: ReplayReport, withheld: WithheldCells | None = None) -> tuple[Statement, ...]:
    """The first sentences of a report: on relief, firms, money, its bounds, days, treasuries, and what is not known.

    There is none on bounds where no line changes, or none is given in one currency. Where they are for everybody, sizes
    and treasuries of which the report's tables are ``withheld`` are not named either.
    """
    return (
        _word_relief(report),
        _firms(report),
        _money(report, withheld),
        *_bounds(report),
        _days(report),
        _treasuries(report, withheld),
        _unknown(report),
    )


def _word_relief(report: ReplayReport) -> Statement:
    """How many lines are affected, over which months, and which papers fall away."""
    counts = report.counts
    lines = {"affected": counts["affected"], "lines": counts["lines"], "span": _span(report)}
    papers = sum(one["papers"]["change"] for one in report.agencies())
    agencies = sorted({one["agency"] for one in report.agencies() if one["papers"]["change"]})[:_MOST_LISTED]
    if papers:
        sentence = words.PAPERS_FALL_AWAY if papers < 0 else words.PAPERS_ARE_ADDED
        return Statement(sentence, {**lines, "papers": abs(papers), "agencies": agencies})
    return Statement(words.PAPERS_STAY, lines)


def _span(report: ReplayReport) -> Statement:
    """Of a year, or from which month to which the lines are, and those that the change affects."""
    months = [month for month in report.months if month["lines"]]
    if not months:
        return Statement(words.NO_MONTHS)
    first, last = months[0]["month"], months[-1]["month"]
    changed = [month["month"] for month in months if month["affected"]]
    if changed and (changed[0], changed[-1]) != (first, last):
        return Statement(words.MONTHS_AFFECTED, {"first": changed[0], "last": changed[-1], "all": len(months)})
    if len(months) == _MONTHS_OF_YEAR and len(report.months) == _MONTHS_OF_YEAR:
        return Statement(words.OF_A_YEAR, {"first": first, "last": last})
    return Statement(words.OF_MONTHS, {"first": first, "last": last})


def _firms(report: ReplayReport) -> Statement:
    if report.tally.firms is None:
        return Statement(words.FIRMS_NOT_NAMED)
    counts = report.tally.firms.counts()
    names = {"less": "pay_less", "more": "pay_more", "fewer": "fewer_papers", "further": "more_papers"}
    return Statement(words.FIRMS_DIFFER, {name: _number(counts[key]) for name, key in names.items()})


def _number(count: int) -> Statement:
    """A number of firms; below five it is not told."""
    if 0 < count < LEAST_FIRMS:
        return Statement(words.FEWER_FIRMS, {"least": LEAST_FIRMS})
    return Statement(words.NUMBER_OF_FIRMS, {"count": count})


def _money(report: ReplayReport, withheld: WithheldCells | None) -> Statement:
    """What traders pay less or more, in one currency, and what that is of what firms of each size pay."""
    found = report.converted
    if found is None or (not found.lines and found.without_rate):
        return Statement(words.MONEY_NOT_CONVERTED)
    cost = found.amounts["cost"]
    if not cost:
        return Statement(words.MONEY_STAYS)
    params: dict[str, Any] = {"sum": {"amount": decimal_text(abs(cost)), "currency": found.currency}}
    hidden = frozenset() if withheld is None else withheld.sizes
    shares = [
        _share(each.firm_size, each.percent) for each in report.sizes if each.percent and each.firm_size not in hidden
    ]
    if not shares:
        return Statement(words.PAYS_LESS if cost < 0 else words.PAYS_MORE, params)
    return Statement(words.PAYS_LESS_BY_SIZE if cost < 0 else words.PAYS_MORE_BY_SIZE, {**params, "shares": shares})


def _bounds(report: ReplayReport) -> tuple[Statement, ...]:
    """What traders pay more or less at least and at most, where something is open on lines that change."""
    found = report.bounds
    if found is None or report.converted is None or not found.lines:
        return ()
    if found.exact == found.lines:
        return (Statement(words.BOUNDS_MET),)
    amounts = {"exact": found.exact_change, "at_least": found.at_least, "at_most": found.at_most}
    params: dict[str, Any] = {"open": found.lines - found.exact, "lines": found.lines}
    for name, amount in amounts.items():
        if amount is not None and (name != "exact" or None in amounts.values()):
            params[name] = {"amount": decimal_text(amount), "currency": report.converted.currency}
    if found.at_least is None:
        sentence = words.BOUNDS_OPEN if found.at_most is None else words.BOUNDS_OPEN_BELOW
    else:
        sentence = words.BOUNDS_OPEN_ABOVE if found.at_most is None else words.BOUNDS_BETWEEN
    return (Statement(sentence, params),)


def _share(size: str, share: Decimal) -> Statement:
    sentence: Sentence = words.SHARE_LESS if share < 0 else words.SHARE_MORE
    return Statement(sentence, {"size": size or "?", "percent": decimal_text(abs(share))})


def _days(report: ReplayReport) -> Statement:
    if not report.promised:
        return Statement(words.DAYS_NOT_PROMISED)
    days = add_promised(report.promised.values())
    if days.before == days.after:
        return Statement(words.DAYS_STAY, {"without": days.without})
    sentence = words.DAYS_FALL if days.after < days.before else words.DAYS_RISE
    return Statement(sentence, {"days": abs(days.after - days.before), "without": days.without})


def _treasuries(report: ReplayReport, withheld: WithheldCells | None) -> Statement:
    """Which treasuries receive less or more, each in its own currency."""
    sums = []
    others = 0
    hidden = frozenset() if withheld is None else withheld.rows.get("destination", frozenset())
    for destination, currency, change in report.revenue_changes():
        if change and (destination, currency) in hidden:
            others += 1
        elif change:
            amount = {"amount": format_amount(abs(change), currency), "currency": currency}
            sentence = words.TREASURY_LESS if change < 0 else words.TREASURY_MORE
            sums.append(Statement(sentence, {"economy": destination, "sum": amount}))
    others += len(sums[_MOST_LISTED:])
    if not sums:
        return Statement(words.TREASURIES_WITHHELD, {"others": others}) if others else Statement(words.TREASURIES_STAY)
    listed = {"sums": sums[:_MOST_LISTED]}
    if others:
        return Statement(words.TREASURIES_AND_OTHERS, {**listed, "others": others})
    return Statement(words.TREASURIES, listed)


def _unknown(report: ReplayReport) -> Statement:
    counts = report.counts
    open_lines = sum(counts[name] for name in ("became_incomplete", "became_complete", "otherwise_incomplete"))
    offered = report.could_file_less + sum(each["lines"] for each in report.may_claim)
    unrated = sum(report.converted.without_rate.values()) if report.converted is not None else 0
    return Statement(words.NOT_KNOWN, {"open": open_lines, "unrated": unrated, "offered": offered})
