"""Other hubs as pages: what each showed, labelled as its own word, and the proofs where one showed two histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.apps.hubs.reading.hub_list import forks_of, hub_read, hubs_followed, proposals_of, reports_added

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# As many as a page under 60 kB has room for.
_MOST_PROPOSALS = 50


@require_safe
def hubs(request: HttpRequest) -> HttpResponse:
    """Every hub that is followed, and the replays of one change over the trade of several, added up."""
    return render(request, "pages/hubs.html", {"hubs": hubs_followed(), "reports": reports_added()})


@require_safe
def hub(request: HttpRequest, number: int) -> HttpResponse:
    """What one hub's log says, the newest proposals first."""
    found = hub_read(number)
    if found is None:
        raise Http404
    proposals = proposals_of(found.id)
    context = {
        "hub": found,
        "forks": forks_of(found.id),
        "proposals": proposals[:_MOST_PROPOSALS],
        "more": max(0, len(proposals) - _MOST_PROPOSALS),
    }
    return render(request, "pages/hub.html", context)
