"""A replay's report as it is published: without the figures from fewer than five firms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.replay.cell_firms import BY_CURRENCY, LEAST_FIRMS, WHOLE
from ewtp.core.replay.replay_words import word_replay
from ewtp.core.replay.report import BREAKDOWNS, CODE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.replay.cell_firms import CellFirms
    from ewtp.core.replay.report import ReplayReport

# What is left of a report where fewer than five firms are affected at all.
_ALWAYS = ("synthetic", "rulebook", "change", "lines", "months")
_KEPT = ("value", "currency", "lines")


def publish_report(report: ReplayReport) -> dict[str, Any]:
    """The report as JSON, without times and paths, for everybody to read and to recompute.

    A row of a breakdown with fewer than five firms has ``withheld`` instead of figures, and where one
    row of a breakdown and currency is withheld alone, so is the next smallest, since the total would give it away.
    Where fewer than five firms are affected, or the lines name none, no sum is given at all. Lines that were made up
    are nobody's, and nothing of them is withheld.
    """
    body = report.as_json()
    body["summary"] = [each.as_json() for each in word_replay(report, published=True)]
    if report.synthetic is not None and report.synthetic["lines"] == report.counts["lines"]:
        body["summary"] = [each.as_json() for each in word_replay(report)]
        return body | {"withheld": None}
    cells = report.tally.cells
    if report.counts["affected"] and (cells is None or cells.is_few(WHOLE, "")):
        kept = {name: body[name] for name in _ALWAYS}
        return {name: kept.get(name) for name in body} | {"withheld": {"whole": True, "rows": None}}
    withheld: dict[str, set[tuple[str, str]]] = {}
    for name in BREAKDOWNS:
        rows = body["by"][name]
        if rows is not None:
            withheld[name] = _few(report, name, rows)
            body["by"][name] = [_row(row, withheld[name]) for row in rows]
    for ranking in body["rankings"]:
        left_out = {value for value, currency in withheld[ranking["by"]] if currency == ranking["currency"]}
        for side in ("gains", "losses"):
            ranking[side] = [each for each in ranking[side] if each["value"] not in left_out]
    if cells is not None:
        _withhold_sums(body, cells)
    return body | {"withheld": {"whole": False, "rows": sum(map(len, withheld.values()))}}


def _withhold_sums(body: dict[str, Any], cells: CellFirms) -> None:
    """Leave out what changes in a currency, for a size of firms, and for firms of which there are fewer than five."""
    for row in body["totals"]:
        if cells.is_few(BY_CURRENCY, row["currency"]) and Decimal(row["cost"]["change"]):
            row |= {"amounts": None, "revenue": None, "cost": None}
    for row in body["bounds"]:
        if cells.is_few(BY_CURRENCY, row["currency"]) and any(map(_is_told, row["change"].values())):
            row.update(dict.fromkeys(("exact", "exact_change", "unbounded", "before", "after", "change")))
    for row in body["size_shares"]:
        if cells.is_few("firm_size", row["firm_size"]):
            row |= {"change": None, "percent": None}
    if body["firms"] is not None:
        body["firms"] = {name: None if 0 < count < LEAST_FIRMS else count for name, count in body["firms"].items()}


def _is_told(bound: str | None) -> bool:
    """Whether a bound tells more than that nothing changes."""
    return bound is None or bool(Decimal(bound))


def _few(report: ReplayReport, name: str, rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The rows of a breakdown, by value and currency, that are not published."""
    cells = report.tally.cells
    if cells is None:
        return set()
    digits = CODE_DIGITS.get(name)
    shorter = cells.group_by_prefix("subheading", digits) if digits else None
    few: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        value = row["value"]
        is_few = len(shorter.get(value, ())) < LEAST_FIRMS if shorter is not None else cells.is_few(name, value)
        if is_few:
            few.setdefault(row["currency"], []).append(row)
    for currency, alone in few.items():
        others = [row for row in rows if row["currency"] == currency and row not in alone]
        if len(alone) == 1 and others:
            alone.append(min(others, key=lambda row: (row["affected"], row["value"])))
    return {(row["value"], row["currency"]) for found in few.values() for row in found}


def _row(row: Mapping[str, Any], withheld: set[tuple[str, str]]) -> dict[str, Any]:
    if (row["value"], row["currency"]) not in withheld:
        return {**row, "withheld": False}
    return {name: row[name] for name in _KEPT} | {"withheld": True}
