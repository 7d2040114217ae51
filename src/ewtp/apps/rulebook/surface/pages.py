"""What the rulebook holds, of every territory and of one, and a rule's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ewtp.apps.http.surface.form import Form, clean_text
from ewtp.apps.http.surface.sorted_table import list_rows
from ewtp.apps.rulebook.reading.holdings import holdings_now
from ewtp.apps.rulebook.reading.measure_history import measure_history
from ewtp.apps.rulebook.surface.holdings_table import build_holdings_columns, filter_holdings, holdings_csv
from ewtp.core.assessment.sentences import ECONOMY_NOT_IN_RULEBOOK
from ewtp.core.rulebook.measure_json import measure_as_json
from ewtp.core.values.sentence import Statement
from ewtp.gateways.reference.iso_codes import check_economy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from ewtp.apps.rulebook.reading.holdings import Holding

_LONGEST_ID = 400


@require_safe
def measure(request: HttpRequest, measure_id: str) -> HttpResponse:
    """The rule as it is known now, with the states that were superseded."""
    # The database refuses a NUL in a text, and no rule has an id that long.
    states = measure_history(measure_id) if "\0" not in measure_id and len(measure_id) <= _LONGEST_ID else ()
    if not states:
        message = "no rule has this id"
        raise Http404(message)
    rule = measure_as_json(states[0])
    context = {
        "rule": rule,
        "withdrawn": rule["known_to"] is not None,
        "every_origin": rule["origins"] == ["*"],
        "states": [measure_as_json(state) for state in states],
    }
    return render(request, "pages/measure.html", context)


@require_safe
def rulebook(request: HttpRequest) -> HttpResponse:
    """What is held of every territory, or of those that ``q`` finds by name or code."""
    version, day, held = holdings_now()
    words = clean_text(request.GET.get("q", ""))
    found = filter_holdings(held.values(), words)
    context = {
        "version": version,
        "day": day,
        "form": Form({"q": words}),
        "listing": list_rows(found, build_holdings_columns(), request.GET),
        "file": reverse("rulebook_csv"),
    }
    return render(request, "pages/rulebook.html", context)


@require_safe
def rulebook_csv(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django calls a view with it
    """What is held of every territory as a table for spreadsheets."""
    _, _, held = holdings_now()
    response = HttpResponse(holdings_csv(held.values()).encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rulebook.csv"'
    return response


@require_safe
def rulebook_territory(request: HttpRequest, code: str) -> HttpResponse:
    """What is held of one territory, or of an economy of which nothing is."""
    version, day, held = holdings_now()
    holding = held.get(code)
    if holding is None:
        return _without_holding(request, code, held.values())
    context = {"version": version, "day": day, "holding": holding, "territory": holding.territory}
    return render(request, "pages/rulebook_territory.html", context)


def _without_holding(request: HttpRequest, code: str, held: Iterable[Holding]) -> HttpResponse:
    """The union of a member that has no record of its own, or a page that says that nothing is held."""
    union = next((each for each in held if code in each.territory.members), None)
    if union is not None:
        return redirect("rulebook_territory", union.territory.code)
    if check_economy(code) != code:
        message = "no economy has this code"
        raise Http404(message)
    nothing = Statement(ECONOMY_NOT_IN_RULEBOOK, {"economy": code})
    return render(request, "pages/rulebook_nothing.html", {"code": code, "nothing": nothing})
