"""The market finder's rows arranged for readers: sorted, compared, and the links that do both without a script."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop, ngettext, pgettext

from ewtp.apps.http.surface.sorted_table import Column, change_query, list_rows, page_query
from ewtp.apps.markets.reading.compiled_finder import MarketTableState
from ewtp.apps.markets.surface.tile_map import tile_map
from ewtp.core.markets.market_row import MarketOutcome, MarketRow, Span
from ewtp.core.markets.rank_basis import SWITCH, WITHOUT_TARIFF, find_rank_span
from ewtp.core.rulebook.charge_kinds import KINDS_BY_TOTAL
from ewtp.core.rulebook.measure import Kind
from ewtp.gateways.reference.locale_formats import economy_name, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from django.http import QueryDict

    from ewtp.apps.http.surface.sorted_table import SortedTable
    from ewtp.apps.markets.reading.finder import Markets
    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.markets.demand import Demand

MOST_COMPARED = 4
# States that end by themselves; where a version is not compiled at all, nobody has to wait for anything.
_PREPARED = {MarketTableState.COMPILING, MarketTableState.LOADING}
Item = dict[str, Any]
_OUTCOMES = {
    MarketOutcome.COMPLETE: gettext_noop("The whole cost is known"),
    MarketOutcome.RANGE: gettext_noop("Depends on the national line"),
    MarketOutcome.INCOMPLETE: gettext_noop("Incomplete: something that costs money is not known"),
    MarketOutcome.TAX_ONLY: gettext_noop("Only the tax on imports is known"),
    MarketOutcome.UNKNOWN: gettext_noop("Not enough is known to calculate anything"),
    MarketOutcome.REFUSED: gettext_noop("Cannot be answered as asked"),
}
_KINDS_MISSING = "not_in_rulebook"
# What is open where a tax may be owed that is not among the charges.
_TAX_OPEN = {"tax_not_in_rulebook", "tax_depends_on_member", "amount_not_held", "condition_open", "relief_open"}
# Translated once for all rows.
_LABELS = {
    "compare": gettext_noop("Compare"),
    "report": gettext_noop("Report what stops you"),
    "compared": gettext_noop("Cost compared"),
    "landed_cost": gettext_noop("Landed cost"),
    "duty": gettext_noop("Duty"),
    "tax": gettext_noop("Tax"),
    "fees": gettext_noop("Fees"),
    "saving": gettext_noop("Could save"),
    "papers": gettext_noop("Papers"),
    "age": gettext_noop("Age of the schedule"),
    "unknown": gettext_noop("not known"),
    "none": gettext_noop("none known"),
    "as_far": gettext_noop("as far as known"),
    "with_it": gettext_noop("Landed cost with it:"),
    "prohibited": gettext_noop("Prohibited or restricted"),
    "undated": gettext_noop("date of publication not stated"),
    "no_schedule": gettext_noop("no schedule"),
    "imports": gettext_noop("Imports of the product"),
    "not_held": gettext_noop("no figures held"),
}


def present_markets(found: Markets, query: QueryDict, words: str) -> dict[str, Any]:
    """The context of the page with rows on it; ``words`` is the product in the asker's words, or empty."""
    line = found.question.lines[0]
    every = _rank_items(found)
    rows = [item for item in every if item["row"].outcome not in WITHOUT_TARIFF]
    listing = list_rows(rows, _columns(line.value.currency, with_demand=bool(found.demand)), query)
    chosen = query.getlist("compare")[:MOST_COMPARED]
    by_economy = {row["economy"]: row for row in every}
    listed = {row["economy"] for row in rows}
    shown = {row["economy"] for row in listing.rows}
    address = _AskAddress(found, words)
    written = {code: _write_item(by_economy[code], found, address) for code in {*shown, *chosen} & by_economy.keys()}
    folded = {item["economy"]: f"#{found.side}-{item['economy']}" for item in every if item["economy"] not in listed}
    home = found.question.origin if found.side == "to" else found.question.destination
    return {
        "found": found,
        "line": line,
        "table_prepared": found.table in _PREPARED,
        "home": home,
        "side": found.side,
        "currency": line.value.currency,
        "labels": {name: gettext(label) for name, label in _LABELS.items()},
        "listing": replace(listing, rows=tuple(written[row["economy"]] for row in listing.rows)),
        "regions": tile_map(
            found.rows, found.basis, line.value, home, _row_addresses(listing, query, found.side) | folded
        ),
        "folded": _fold_economies(every, address),
        "switches": _switches(found, query),
        "chosen": chosen,
        "chosen_elsewhere": [code for code in chosen if code in by_economy and code not in shown],
        "compared": [written[code] for code in chosen if code in written],
        "kept_fields": [(name, text) for name, texts in query.lists() if name != "compare" for text in texts],
        "counts": _counts(found.rows),
        "figure_sources": sorted({each.source for each in found.demand.values()}, key=lambda source: source.id),
        "file": f"{reverse('markets_csv')}?{change_query(query, drop=('sort', 'page', 'compare'))}",
    }


def _fold_economies(every: list[Item], address: _AskAddress) -> list[dict[str, Any]]:
    """The economies without a tariff by what is known of them, each with the address that asks about it."""
    groups = []
    for outcome in (outcome for outcome in MarketOutcome if outcome in WITHOUT_TARIFF):
        items = sorted((item for item in every if item["row"].outcome is outcome), key=lambda item: str(item["name"]))
        places = [(item["economy"], f"/?{address.of(item['row'])}#ask") for item in items]
        if places:
            groups.append({"name": outcome_text(outcome), "count": len(places), "members": places})
    return groups


def _switches(found: Markets, query: QueryDict) -> list[dict[str, str]]:
    """What costs are compared, and the address that compares others."""
    claims, tax = found.basis.claims, found.basis.tax
    return [
        {
            "name": gettext("With the lower duty that may be claimed") if claims else gettext("Without claims"),
            "other": gettext("Compare without claims") if claims else gettext("Compare with what may be claimed"),
            "query": _switch_query(query, "claims", SWITCH[claims], default="with"),
        },
        {
            "name": gettext("With VAT or GST") if tax else gettext("Without VAT or GST, which a business reclaims"),
            "other": gettext("Compare without VAT or GST") if tax else gettext("Compare with VAT or GST"),
            "query": _switch_query(query, "tax", SWITCH[tax], default="without"),
        },
    ]


def _switch_query(query: QueryDict, name: str, value: str, *, default: str) -> str:
    """The query with a switch at a value; its default is left out of the address."""
    dropped = ("page", name)
    return change_query(query, drop=dropped) if value == default else change_query(query, drop=dropped, **{name: value})


def _row_addresses(listing: SortedTable[Item], query: QueryDict, side: str) -> dict[str, str]:
    """By economy, the address of its row, on this page of the table or another."""
    pages = range(1, -(-len(listing.every) // listing.rows_per_page) + 1)
    starts = ["" if listing.page in (0, page) else f"?{page_query(query, page)}" for page in pages]
    return {
        row["economy"]: f"{starts[number // listing.rows_per_page]}#{side}-{row['economy']}"
        for number, row in enumerate(listing.every)
    }


def _highest(span: Span | None) -> Decimal | None:
    return None if span is None else span.highest.amount


def _columns(currency: str, *, with_demand: bool) -> tuple[Column[Item], ...]:
    imports: Column[Item] = Column(
        "imports", gettext("Imports of the product"), order=lambda item: item["imported"], largest_first=True
    )
    return (
        Column("", gettext("Compare")),
        Column("economy", gettext("Economy"), order=lambda item: str(item["name"]).casefold()),
        Column("compared", gettext("Cost compared"), currency, lambda item: item["compared"]),
        Column("landed_cost", gettext("Landed cost"), currency, lambda item: _highest(item["row"].landed_cost)),
        Column("duty", gettext("Duty"), currency, lambda item: _highest(item["row"].duty)),
        Column("tax", gettext("Tax"), currency, lambda item: _highest(item["row"].tax)),
        Column("fees", gettext("Fees"), currency, lambda item: _highest(item["row"].fees)),
        Column("saving", gettext("Could save"), currency, _best_saving, largest_first=True),
        *((imports,) if with_demand else ()),
        Column("papers", gettext("Papers"), order=lambda item: len(item["row"].documents)),
        Column("age", gettext("Age of the schedule"), order=lambda item: item["row"].schedule_age_days),
    )


def _best_saving(item: Item) -> Decimal | None:
    return item["row"].best.saving.highest.amount if item["row"].best else None


def _rank_items(found: Markets) -> list[Item]:
    """The rows with what they are sorted by; the rest is written for those alone that a page shows."""
    language = get_language() or "en"
    return [
        {
            "row": row,
            "rank": rank,
            "economy": row.economy,
            "name": economy_name(row.economy, language),
            "compared": _highest(find_rank_span(row, found.basis)),
            "imported": demand.value if (demand := found.demand.get(row.economy)) else None,
        }
        for rank, row in enumerate(found.rows, start=1)
    ]


def _write_item(item: Item, found: Markets, address: _AskAddress) -> Item:
    """A ranked row with its figures as the reader's language writes them."""
    language = get_language() or "en"
    row: MarketRow = item["row"]
    age = row.schedule_age_days or 0
    return {
        **item,
        "outcome": outcome_text(row.outcome),
        "compared": _text(find_rank_span(row, found.basis), language),
        "landed_cost": _text(row.landed_cost, language),
        "bounds": _bounds_text(row, language),
        "duty": _text(row.duty, language),
        "tax": _text(row.tax, language),
        "fees": _text(row.fees, language),
        "saving": _text(row.best.saving, language) if row.best else "",
        "best_cost": _text(row.best.landed_cost, language) if row.best else "",
        "duty_rates": row.duty_rates,
        "tax_rates": row.tax_rates,
        "unknown_count": ngettext(
            "%(counter)s thing is not known", "%(counter)s things are not known", len(row.unknowns)
        )
        % {"counter": len(row.unknowns)},
        "absent": _absent_texts(row),
        "demand": present_demand(found.demand.get(row.economy), language),
        "age": ngettext("%(counter)s day", "%(counter)s days", age) % {"counter": age},
        "ask": address.of(row),
    }


def _absent_texts(row: MarketRow) -> dict[str, str]:
    """What it means that a row has no tax, no lower duty or no paper: there is none, or none is held."""
    known, held = gettext("none known"), pgettext("a sum of an answer", "not held")
    missing = {kind for each in row.unknowns for kind in each.params.get("missing", ()) if each.code == _KINDS_MISSING}
    untaxed = not any(each.code in _TAX_OPEN or _is_of_taxes(each) for each in row.unknowns)
    return {
        "tax": pgettext("a sum of an answer", "none") if row.duty and untaxed else gettext("not known"),
        "saving": held if Kind.PREFERENCE in missing else known,
        "papers": held if Kind.REQUIREMENT in missing else known,
    }


def _is_of_taxes(unknown: Unknown) -> bool:
    """Whether an unknown says that taxes exist, or may, and are not held."""
    return any(kind in KINDS_BY_TOTAL["tax"] for kind in unknown.params.get("kinds", ()))


def present_demand(demand: Demand | None, language: str) -> Item | None:
    """An economy's imports of the product as the reader's language writes them; None where no figures are held."""
    if demand is None:
        return None
    growth = (
        "" if demand.growth is None else f"{'+' if demand.growth > 0 else ''}{number_text(demand.growth, language)}%"
    )
    return {
        "value": f"{number_text(demand.value.to_integral_value(), language)} {demand.currency}",
        "year": str(demand.year),
        "growth": growth,
        "since": str(demand.earlier_year or ""),
        "suppliers": " · ".join(
            f"{economy_name(each.supplier, language)} {number_text(each.percent, language)}%"
            for each in demand.suppliers
        ),
        "together": len(demand.importers) if len(demand.importers) > 1 else 0,
        "listed": demand.source.listed or 0,
    }


def _text(span: Span | None, language: str) -> str:
    if span is None:
        return ""
    low = number_text(span.lowest.amount, language)
    if span.settled is not None:
        return low
    return gettext("%(low)s to %(high)s") % {"low": low, "high": number_text(span.highest.amount, language)}


def _bounds_text(row: MarketRow, language: str) -> str:
    """What the landed cost is at least, and at most where something bounds it; empty where it is known."""
    if row.at_least is None or row.outcome in (MarketOutcome.COMPLETE, MarketOutcome.RANGE):
        return ""
    low = number_text(row.at_least.amount, language)
    if row.at_most is None:
        return gettext("at least %(low)s") % {"low": low}
    return gettext("%(low)s to %(high)s") % {"low": low, "high": number_text(row.at_most.amount, language)}


def outcome_text(outcome: MarketOutcome) -> str:
    """How much is known, in words."""
    return gettext(_OUTCOMES[outcome])


def _counts(rows: Sequence[MarketRow]) -> list[dict[str, Any]]:
    counted = [(outcome, sum(row.outcome is outcome for row in rows)) for outcome in MarketOutcome]
    return [{"name": outcome_text(outcome), "count": count} for outcome, count in counted if count]


class _AskAddress:
    """The question about one economy of the rows, as the form of the start page takes it; written once for all rows."""

    def __init__(self, found: Markets, words: str) -> None:
        line, question = found.question.lines[0], found.question
        pairs = [
            ("value", format(line.value.amount, "f")),
            ("currency", line.value.currency),
            ("date", question.day.isoformat()),
        ]
        for unit, amount in line.quantities.items():
            pairs += [("quantity_unit", unit), ("quantity_amount", format(amount, "f"))]
        self._rest = urlencode(pairs)
        self._words = words
        self._ends = f"from={question.origin}&to=" if found.side == "to" else f"to={question.destination}&from="
        self._products: dict[str, str] = {}

    def of(self, row: MarketRow) -> str:
        """The query of the address."""
        product = self._products.get(row.code)
        if product is None:
            words = self._words
            pairs = (("product", words), ("code", row.code), ("code_for", words)) if words else (("product", row.code),)
            product = self._products[row.code] = urlencode(pairs)
        return f"{product}&{self._ends}{row.economy}&{self._rest}"


def present_origins(found: Markets, query: QueryDict) -> dict[str, Any]:
    """The context of the page of origins; origins with the same treatment share a row, and there is no map."""
    currency = found.question.lines[0].value.currency
    columns: tuple[Column[Item], ...] = (
        Column("from", gettext("From")),
        Column("compared", gettext("Cost compared"), currency),
        Column("duty", gettext("Duty without a claim"), currency),
        Column("claim", gettext("What may be claimed")),
        Column("saving", gettext("Could save"), currency),
        Column("landed_cost", gettext("Landed cost"), currency),
    )
    demand = present_demand(found.demand.get(found.question.destination), get_language() or "en")
    return {"regions": [], "listing": list_rows(origin_groups(found), columns, query), "market_demand": demand}


def origin_groups(found: Markets) -> list[Item]:
    """Origins that are treated alike, the best treated first: many economies share one duty and one agreement."""
    groups: dict[tuple[Any, ...], Item] = {}
    address = _AskAddress(found, "")
    for item in _rank_items(found):
        row: MarketRow = item["row"]
        best = row.best.landed_cost if row.best else None
        refused = row.refusal.message if row.refusal else ""
        key = (row.outcome, row.duty, row.tax, row.fees, row.best.title if row.best else "", best, refused)
        if key not in groups:
            groups[key] = {**_write_item(item, found, address), "economies": []}
        groups[key]["economies"].append((item["economy"], item["name"]))
    ordinary = max(groups.values(), key=lambda group: len(group["economies"]), default=None)
    for group in groups.values():
        group["ordinary"] = pgettext("origins", "ordinary treatment") if group is ordinary else ""
    return list(groups.values())
