"""A replay's report as it is published: without the figures from fewer than five firms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.replay.cell_firms import LEAST_FIRMS, WHOLE
from ewtp.core.replay.replay_words import word_replay
from ewtp.core.replay.withheld_cells import WithheldCells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.replay.report import ReplayReport

# Raise it whenever a report of the same answers would have other figures or sentences.
REPORT_EDITION = 2
# What is left of a report where fewer than five firms are affected at all.
_ALWAYS = ("synthetic", "rulebook", "change", "lines", "months")
_KEPT = ("value", "currency", "lines")


def publish_report(report: ReplayReport) -> dict[str, Any]:
    """The report as JSON, without times and paths, for everybody to read and to recompute.

    A row of a breakdown with fewer than five firms has ``withheld`` instead of figures, and so have others where their
    sum would give it away, as ``WithheldCells`` chooses them; sentences and sums follow the same choice.
    Where fewer than five firms are affected, or the lines name none, no sum is given at all. Lines that were made up
    are nobody's, and nothing of them is withheld.
    """
    body = report.as_json()
    if report.synthetic is not None and report.synthetic["lines"] == report.counts["lines"]:
        body["summary"] = [each.as_json() for each in word_replay(report)]
        return body | {"withheld": None}
    cells, withheld = report.tally.cells, WithheldCells(report)
    body["summary"] = [each.as_json() for each in word_replay(report, withheld)]
    if report.counts["affected"] and (cells is None or cells.is_few(WHOLE, "")):
        kept = {name: body[name] for name in _ALWAYS}
        return {name: kept.get(name) for name in body} | {"withheld": {"whole": True, "rows": None}}
    for name, few in withheld.rows.items():
        body["by"][name] = [_row(row, few) for row in body["by"][name]]
    for ranking in body["rankings"]:
        left_out = {
            value for value, currency in withheld.rows.get(ranking["by"], ()) if currency == ranking["currency"]
        }
        for side in ("gains", "losses"):
            ranking[side] = [each for each in ranking[side] if each["value"] not in left_out]
    if cells is not None:
        _withhold_sums(body, withheld)
    return body | {"withheld": {"whole": False, "rows": sum(map(len, withheld.rows.values()))}}


def _withhold_sums(body: dict[str, Any], withheld: WithheldCells) -> None:
    """Leave out what changes in a currency, for a size of firms, and for firms of which there are fewer than five."""
    for row in body["totals"]:
        if withheld.hides(row["currency"]) and Decimal(row["cost"]["change"]):
            row |= {"amounts": None, "revenue": None, "cost": None}
    for row in body["bounds"]:
        if withheld.hides(row["currency"]) and any(map(_is_told, row["change"].values())):
            row.update(dict.fromkeys(("exact", "exact_change", "unbounded", "before", "after", "change")))
    for row in body["size_shares"]:
        if row["firm_size"] in withheld.sizes:
            row |= {"paid": None, "change": None, "percent": None}
    if body["firms"] is not None:
        body["firms"] = {name: None if 0 < count < LEAST_FIRMS else count for name, count in body["firms"].items()}


def _is_told(bound: str | None) -> bool:
    """Whether a bound tells more than that nothing changes."""
    return bound is None or bool(Decimal(bound))


def _row(row: Mapping[str, Any], withheld: frozenset[tuple[str, str]]) -> dict[str, Any]:
    if (row["value"], row["currency"]) not in withheld:
        return {**row, "withheld": False}
    return {name: row[name] for name in _KEPT} | {"withheld": True}
