"""The pages of the market finder: every destination for a product, every origin for a market, and the table to keep."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.apps.http.surface.form import Form, clean_text, form_texts
from ewtp.apps.http.surface.text_problem import text_problem
from ewtp.apps.markets.reading.finder import markets_csv
from ewtp.apps.markets.surface.api import FIELDS, find_from_query
from ewtp.apps.markets.surface.presentation import present_markets, present_origins
from ewtp.core.classification.search import search
from ewtp.core.values.codes import parse_commodity_code
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.apps.markets.reading.finder import Markets

_CANDIDATES = 6
_NAMES = ("hs", "from", "to", "value", "currency", "quantity_amount", "quantity_unit", "date", "only", "group",
          "claims", "tax")  # fmt: skip
# The form's field for each field of the request.
_FIELDS = {
    **{name: name for name in ("hs", "from", "to", "value", "date", "only", "claims", "tax")},
    "quantity": "quantity_amount",
    "quantities": "quantity_amount",
}


@require_safe
def markets(request: HttpRequest) -> HttpResponse:
    """The form, and below it the rows once the address asks a question."""
    query = request.GET
    form = Form(form_texts(query, _NAMES))
    words = _words(query)
    reverse = "to" in query and not query.get("from")
    context: dict[str, Any] = {
        "form": form,
        "words": words,
        "quantities": query.getlist("quantity"),
        "reverse": reverse,
        "to_destinations": not reverse,
    }
    if any(form.texts.get(name) for name in ("from", "to", "hs", "value")):
        note_missing(form, reverse=reverse)
        form.amount("value")
        form.amount("quantity_amount")
        candidates = _candidates(form, query)
        found = find_from_query(_for_finder(query))
        if isinstance(found, Refusal):
            note_refusal(form, found, in_words=bool(candidates))
        else:
            context |= present_markets(found, query, words)
            if found.side == "from":
                context |= present_origins(found, query)
        context["candidates"] = candidates
    context["refused"] = not form.is_clean
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/markets.html", context, status=status)


def note_missing(form: Form, *, reverse: bool) -> None:
    """Add a problem to each required field that is empty."""
    end = (
        {"to": gettext("Choose the market.")} if reverse else {"from": gettext("Choose where the goods are sent from.")}
    )
    form.note_missing(
        {
            "hs": gettext("Say what the product is, in words or as a tariff code."),
            **end,
            "value": gettext("Give the price of the goods."),
            "currency": gettext("Choose the currency of the price."),
        }
    )


def note_refusal(form: Form, refusal: Refusal, *, in_words: bool) -> None:
    """Add every refusal to its field; a product in words, which is not a code, is not a problem."""
    left = [each for each in refusal.every if not (in_words and each.where == "hs")]
    if "currency" in form.problems:
        # Core refuses a missing currency at the amount, and the form has asked for it at its own field.
        left = [each for each in left if each.code != "currency_unknown"]
    if left:
        form.note_refusal(Refusal.join(left), _FIELDS)


def _words(query: QueryDict) -> str:
    """The product in the asker's words, if the address has them for this code."""
    meant = query.get("product_for", "") in ("", query.get("hs", ""))
    return clean_text(query.get("product", "")) if meant else ""


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The rows as a table for spreadsheets; what is wrong comes as text."""
    found: Markets | Refusal = find_from_query(_for_finder(request.GET))
    if isinstance(found, Refusal):
        return text_problem(found)
    response = HttpResponse(markets_csv(found).encode(), content_type="text/csv; charset=utf-8")
    name = f"markets-{found.question.lines[0].hs}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _for_finder(query: QueryDict) -> QueryDict:
    """The query as the API takes it: empty fields left out, an amount as it was typed made plain.

    Parameters that the finder does not know, such as a campaign's mark, are dropped.
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


def _candidates(form: Form, query: QueryDict) -> list[dict[str, Any]]:
    """Candidate codes for a product in words, each with the address that asks with it; none for a code."""
    typed = form.texts.get("hs", "")
    if not typed or any(c.isdigit() for c in typed) or not isinstance(parse_commodity_code(typed), Refusal):
        return []
    found = search(load_index(), typed, _CANDIDATES)
    if isinstance(found, Refusal):
        form.note("hs", found)
        return []
    rows = []
    for match in found.results:
        again = query.copy()
        again["hs"] = match.hs
        again["product"] = typed
        rows.append({"match": match, "percent": int(match.confidence * 100), "query": again.urlencode()})
    return rows
