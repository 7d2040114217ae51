"""Published reports of one change, each over the trade of another place, added up: exactly, in whole numbers.

A sum is as complete as its parts. Where a report withholds what changes in a currency, so does the sum, and says so.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SIDES = ("before", "after", "change")
_SUMS = ("revenue", "cost")
_BOUNDS = ("at_least", "at_most")
# Amounts of another hub are added as well: exactly, which takes figures of a length that decimals have.
_AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?", re.ASCII)
_MOST_LINES = 10**12


def add_published(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of published reports: ``reports``, ``lines`` by name of count, and by currency what is paid.

    ``withheld`` counts the reports that give no figures, and in a row those that give none of its currency.
    ``bounds`` has by currency what is paid at least and at most: null where a report has no bound, or gives none.
    """
    count = withheld = 0
    lines: dict[str, int] = {}
    rows: dict[str, dict[str, Any]] = {}
    bounds: dict[str, dict[str, Any]] = {}
    for report in reports:
        count += 1
        for name, number in (report.get("lines") or {}).items():
            lines[name] = lines.get(name, 0) + number
        totals = report.get("totals")
        withheld += totals is None
        for total in totals or ():
            _add_total(rows, total)
        for bound in _bounds_of(report):
            _add_bound(bounds, bound)
    return {
        "reports": count,
        "withheld": withheld,
        "lines": lines,
        "totals": [_write_row(rows[currency]) for currency in sorted(rows)],
        "bounds": [_write_bound(bounds[currency]) for currency in sorted(bounds)],
    }


def adds_up(report: object) -> bool:
    """Whether a published report can be added to others, and its own change is what it has after less what before.

    Another installation made it, and may have written anything.
    """
    try:
        _check_published(report)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


def _check_published(report: Any) -> None:
    """Raise for what is not a published report; ValueError where its figures contradict each other."""
    for number in (report.get("lines") or {}).values():
        _check_count(number)
    for total in report.get("totals") or ():
        _check_currency(total)
        _check_count(total["incomplete"])
        for sums in [total[name] for name in _SUMS if total[name] is not None]:
            before, after, change = (_read_amount(sums[side]) for side in _SIDES)
            if after - before != change:
                msg = f"from {before} to {after} is not {change}"
                raise ValueError(msg)
    for bound in report.get("bounds") or ():
        _check_currency(bound)
        if bound["change"] is not None:
            _check_count(bound["exact"])
            _check_count(bound["unbounded"])
            _read_amount(bound["exact_change"])
            for text in [bound[side][name] for side in _SIDES for name in _BOUNDS if bound[side][name] is not None]:
                _read_amount(text)


def _check_currency(row: Mapping[str, Any]) -> None:
    if re.fullmatch("[A-Z]{3}", row["currency"]) is None:
        msg = "a currency has three letters"
        raise ValueError(msg)
    _check_count(row["lines"])


def _check_count(number: object) -> None:
    if type(number) is not int or not 0 <= number <= _MOST_LINES:
        msg = f"{number!r} is not a count of lines"
        raise ValueError(msg)


def _read_amount(text: str) -> Decimal:
    if _AMOUNT.fullmatch(text) is None:
        msg = f"{text!r} is not an amount"
        raise ValueError(msg)
    return Decimal(text)


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


def _bounds_of(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The bounds of a report by currency; of a currency that it sums and does not bound, as older ones, its lines."""
    held = list(report.get("bounds") or ())
    known = {bound["currency"] for bound in held}
    unbounded = (each for each in report.get("totals") or () if each["currency"] not in known)
    return [*held, *({"currency": each["currency"], "lines": each["lines"], "change": None} for each in unbounded)]


def _add_bound(bounds: dict[str, dict[str, Any]], bound: Mapping[str, Any]) -> None:
    """Add a report's bounds of a currency; what one of them does not bound, the sum does not."""
    zero = {name: Decimal(0) for name in _BOUNDS}
    row = bounds.setdefault(
        bound["currency"],
        {"currency": bound["currency"], "lines": 0, "exact": 0, "unbounded": 0, "withheld": 0}
        | {side: dict[str, Decimal | None](zero) for side in _SIDES}
        | {"exact_change": Decimal(0)},
    )
    row["lines"] += bound["lines"]
    if bound["change"] is None:
        row["withheld"] += 1
        return
    for name in ("exact", "unbounded"):
        row[name] += bound[name]
    row["exact_change"] += Decimal(bound["exact_change"])
    for side in _SIDES:
        for name in _BOUNDS:
            held, more = row[side][name], bound[side][name]
            row[side][name] = None if held is None or more is None else held + Decimal(more)


def _write_bound(row: Mapping[str, Any]) -> dict[str, Any]:
    """A sum of bounds; a currency that a report withholds has no bounds, since its part is not known."""
    texts = {
        side: {name: None if each is None or row["withheld"] else str(each) for name, each in row[side].items()}
        for side in _SIDES
    }
    return {**row, "exact_change": str(row["exact_change"]), **texts}
