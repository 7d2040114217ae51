"""The market finder's rows arranged for readers: sorted, compared, and the links that do both without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext, pgettext

from ewtp.apps.markets.surface.tile_map import tile_map
from ewtp.core.markets.market_row import MarketOutcome, MarketRow, Span
from ewtp.gateways.reference.locale_formats import economy_name, number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import QueryDict

    from ewtp.apps.markets.reading.finder import Markets

MOST_COMPARED = 4
_LAST = (1, 0)


def _amount(span: Span | None) -> tuple[int, Any]:
    return _LAST if span is None else (0, span.highest.amount)


_KEYS: Mapping[str, Callable[[MarketRow], Any]] = {
    "landed_cost": lambda row: _amount(row.landed_cost),
    "duty": lambda row: _amount(row.duty),
    "tax": lambda row: _amount(row.tax),
    "fees": lambda row: _amount(row.fees),
    "saving": lambda row: _LAST if row.best is None else (0, -row.best.saving.highest.amount),
    "papers": lambda row: (0, len(row.documents)),
    "age": lambda row: _LAST if row.schedule_age_days is None else (0, row.schedule_age_days),
}


def present_markets(found: Markets, query: QueryDict, words: str) -> dict[str, Any]:
    """The context of the page with rows on it; ``words`` are the product in its asker's own words, if it was."""
    line = found.question.lines[0]
    rows = [_row(rank, row, found, words) for rank, row in enumerate(found.rows, start=1)]
    chosen = query.getlist("compare")[:MOST_COMPARED]
    sort = query.get("sort", "")
    by_economy = {row["economy"]: row for row in rows}
    home = found.question.origin if found.side == "to" else found.question.destination
    return {
        "found": found,
        "line": line,
        "home": home,
        "side": found.side,
        "currency": line.value.currency,
        "rows": _sorted(rows, sort),
        "columns": _columns(query, sort),
        "sort": sort,
        "regions": tile_map(found.rows, line.value, home),
        "chosen": chosen,
        "compared": [by_economy[code] for code in chosen if code in by_economy],
        "counts": _counts(found.rows),
        "csv_query": _query(query, drop=("sort", "compare")),
    }


def _query(query: QueryDict, *, drop: Sequence[str] = (), **changes: str) -> str:
    pairs = [
        (name, text) for name, texts in query.lists() if name not in drop and name not in changes for text in texts
    ]
    return urlencode([(name, text) for name, text in [*pairs, *changes.items()] if text])


def _columns(query: QueryDict, sort: str) -> list[dict[str, str]]:
    """The headings, each with the address that sorts by it."""
    names = {
        "economy": gettext("Economy"),
        "landed_cost": gettext("Landed cost"),
        "duty": gettext("Duty"),
        "tax": gettext("Tax"),
        "fees": gettext("Fees"),
        "saving": gettext("Could save"),
        "papers": gettext("Papers"),
        "age": gettext("Schedule's age"),
    }
    return [
        {"key": key, "name": name, "query": _query(query, sort=key), "current": "yes" if key == sort else ""}
        for key, name in names.items()
    ]


def _sorted(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    if sort == "economy":
        return sorted(rows, key=lambda row: str(row["name"]).casefold())
    key = _KEYS.get(sort)
    return rows if key is None else sorted(rows, key=lambda row: key(row["row"]))


def _row(rank: int, row: MarketRow, found: Markets, words: str = "") -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "row": row,
        "rank": rank,
        "economy": row.economy,
        "name": economy_name(row.economy, language),
        "outcome": outcome_text(row.outcome),
        "landed_cost": _text(row.landed_cost, language),
        "duty": _text(row.duty, language),
        "tax": _text(row.tax, language),
        "fees": _text(row.fees, language),
        "saving": _text(row.best.saving, language) if row.best else "",
        "best_cost": _text(row.best.landed_cost, language) if row.best else "",
        "duty_rates": " · ".join(row.duty_rates),
        "tax_rates": " · ".join(row.tax_rates),
        "ask": _ask(row, found, words),
    }


def _text(span: Span | None, language: str) -> str:
    if span is None:
        return ""
    low = number_text(span.lowest.amount, language)
    if span.settled is not None:
        return low
    return gettext("%(low)s to %(high)s") % {"low": low, "high": number_text(span.highest.amount, language)}


def outcome_text(outcome: MarketOutcome) -> str:
    """How much is known, in words."""
    return {
        MarketOutcome.COMPLETE: gettext("The whole cost is known"),
        MarketOutcome.RANGE: gettext("Depends on the national line"),
        MarketOutcome.INCOMPLETE: gettext("Incomplete: something that costs money is not known"),
        MarketOutcome.TAX_ONLY: gettext("Only the tax on imports is known"),
        MarketOutcome.UNKNOWN: gettext("Nothing that can be computed is known"),
        MarketOutcome.REFUSED: gettext("Cannot be answered as asked"),
    }[outcome]


def _counts(rows: Sequence[MarketRow]) -> list[dict[str, Any]]:
    counted = [(outcome, sum(row.outcome is outcome for row in rows)) for outcome in MarketOutcome]
    return [{"name": outcome_text(outcome), "count": count} for outcome, count in counted if count]


def _ask(row: MarketRow, found: Markets, words: str) -> str:
    """The question about this one economy, as the form of the start page takes it."""
    line = found.question.lines[0]
    ends = (found.question.origin, row.economy) if found.side == "to" else (row.economy, found.question.destination)
    pairs = [
        *((("product", words), ("code", row.code), ("code_for", words)) if words else (("product", row.code),)),
        ("from", ends[0]),
        ("to", ends[1]),
        ("value", format(line.value.amount, "f")),
        ("currency", line.value.currency),
        ("date", found.question.day.isoformat()),
    ]
    for unit, amount in line.quantities.items():
        pairs += [("quantity_unit", unit), ("quantity_amount", format(amount, "f"))]
    return urlencode(pairs)


def origin_groups(found: Markets) -> list[dict[str, Any]]:
    """Origins that are treated alike, the best treated first: many economies share one duty and one agreement."""
    language = get_language() or "en"
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rank, row in enumerate(found.rows, start=1):
        best = row.best.landed_cost if row.best else None
        key = (row.outcome, row.duty, row.tax, row.fees, row.best.title if row.best else "", best, row.refusal)
        group = groups.setdefault(key, {**_row(rank, row, found), "economies": []})
        group["economies"].append((row.economy, economy_name(row.economy, language)))
    ordinary = max(groups.values(), key=lambda group: len(group["economies"]), default=None)
    for group in groups.values():
        group["ordinary"] = pgettext("origins", "ordinary treatment") if group is ordinary else ""
    return list(groups.values())
