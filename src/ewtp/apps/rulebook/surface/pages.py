"""A rule's own page: everything that is known about it, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.apps.rulebook.reading.measure_history import measure_history
from ewtp.core.rulebook.measure_json import measure_as_json

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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
