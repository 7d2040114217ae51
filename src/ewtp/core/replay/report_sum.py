"""Published reports of one change, each over the trade of another place, added up: exactly, in whole numbers.

A sum is as complete as its parts. Where a report withholds what changes in a currency, so does the sum, and says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SIDES = ("before", "after", "change")
_SUMS = ("revenue", "cost")


def add_published(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of published reports: ``reports``, ``lines`` by name of count, and by currency what is paid.

    ``withheld`` counts the reports that give no figures, and in a row those that give none of its currency.
    """
    count = withheld = 0
    lines: dict[str, int] = {}
    rows: dict[str, dict[str, Any]] = {}
    for report in reports:
        count += 1
        for name, number in (report.get("lines") or {}).items():
            lines[name] = lines.get(name, 0) + number
        totals = report.get("totals")
        withheld += totals is None
        for total in totals or ():
            _add_total(rows, total)
    return {
        "reports": count,
        "withheld": withheld,
        "lines": lines,
        "totals": [_write_row(rows[currency]) for currency in sorted(rows)],
    }


def _add_total(rows: dict[str, dict[str, Any]], total: Mapping[str, Any]) -> None:
    row = rows.setdefault(
        total["currency"],
        {"currency": total["currency"], "lines": 0, "incomplete": 0, "withheld": 0, "revenue": {}, "cost": {}},
    )
    row["lines"] += total["lines"]
    row["incomplete"] += total["incomplete"]
    if any(total[name] is None for name in _SUMS):
        row["withheld"] += 1
        return
    for name in _SUMS:
        for side in _SIDES:
            # Decimal adds what currencies have of digits without rounding, up to 28 of them.
            row[name][side] = row[name].get(side, Decimal(0)) + Decimal(total[name][side])


def _write_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{name: {side: str(each) for side, each in row[name].items()} or None for name in _SUMS}}
