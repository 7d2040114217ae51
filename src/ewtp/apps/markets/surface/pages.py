"""The pages of the market finder: every destination for a product, every origin for a market, and the table to keep."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.apps.assessment.surface.forms import plain_amount
from ewtp.apps.markets.reading.finder import markets_csv
from ewtp.apps.markets.surface.api import FIELDS, find_from_query
from ewtp.apps.markets.surface.presentation import origin_groups, present_markets
from ewtp.core.classification.search import search
from ewtp.core.values.codes import parse_commodity_code
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import load_index

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.apps.markets.reading.finder import Markets

_CANDIDATES = 6


@require_safe
def markets(request: HttpRequest) -> HttpResponse:
    """The form, and below it the rows once the address asks a question."""
    query = request.GET
    asked = any(query.get(name) for name in ("from", "to", "hs", "value"))
    context: dict[str, Any] = {"query": query, "asked": asked, "reverse": "to" in query and not query.get("from")}
    status = HTTPStatus.OK
    if asked:
        words = _candidates(query)
        found = find_from_query(_for_finder(query)) if not words else None
        if isinstance(found, Refusal):
            context["refusal"] = found
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        elif found is not None:
            context |= present_markets(found, query)
            context["groups"] = origin_groups(found) if found.side == "from" else []
        context["candidates"] = words
    return render(request, "pages/markets.html", context, status=status)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The rows as a table for spreadsheets; a question that cannot be answered gets its sentence as text."""
    found: Markets | Refusal = find_from_query(_for_finder(request.GET))
    if isinstance(found, Refusal):
        return HttpResponse(
            found.message, content_type="text/plain; charset=utf-8", status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    response = HttpResponse(markets_csv(found).encode(), content_type="text/csv; charset=utf-8")
    name = f"markets-{found.question.lines[0].hs}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _for_finder(query: QueryDict) -> QueryDict:
    """The query as the API takes it: empty fields left out, an amount as it was typed made plain.

    What a link carries for others, such as a campaign's mark, is none of the finder's business.
    """
    plain = QueryDict(mutable=True)
    for name, texts in query.lists():
        kept = [text.strip() for text in texts if text.strip()]
        if kept and name in FIELDS:
            plain.setlist(name, kept)
    typed = str(plain.get("value", ""))
    if typed:
        plain["value"] = plain_amount(typed) or typed
    pairs = zip(query.getlist("quantity_unit"), query.getlist("quantity_amount"), strict=False)
    for unit, amount in pairs:
        if amount.strip():
            plain.appendlist("quantity", f"{unit}:{plain_amount(amount) or amount}")
    return plain


def _candidates(query: QueryDict) -> list[dict[str, Any]]:
    """Codes for a product in words, each with the address that asks with it."""
    typed = query.get("hs", "").strip()
    if not typed or any(c.isdigit() for c in typed) or not isinstance(parse_commodity_code(typed), Refusal):
        return []
    found = search(load_index(), typed, _CANDIDATES)
    if isinstance(found, Refusal):
        return []
    rows = []
    for match in found.results:
        again = query.copy()
        again["hs"] = match.hs
        rows.append({"match": match, "percent": int(match.confidence * 100), "query": again.urlencode()})
    return rows
