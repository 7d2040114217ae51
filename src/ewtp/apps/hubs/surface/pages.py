"""Other hubs as pages: what each showed, labelled as its own word, and the proofs where one showed two histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.apps.http.surface.page_cache import MadePage, page_cache
from ewtp.apps.hubs.reading.hub_events import cut_text
from ewtp.apps.hubs.reading.hub_list import forks_of, hub_read, hubs_followed, proposals_of, reports_added
from ewtp.apps.hubs.reading.hub_page_state import hubs_page_state
from ewtp.apps.proposals.surface.presentation import proposal_stage_names
from ewtp.core.values.moment import next_midnight

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

# As many as fit on a page under 60 kB.
_MOST_PROPOSALS = 50
_MOST_ADOPTIONS = 300


@require_safe
def hubs(request: HttpRequest) -> HttpResponse:
    """Every hub that is followed, and the replays of one change over the trade of several, added up."""
    return page_cache().make(request, marker=hubs_page_state, make=lambda now: _make_list(request, now))


def _make_list(request: HttpRequest, now: datetime) -> MadePage:
    response = render(request, "pages/hubs.html", {"hubs": hubs_followed(), "reports": reports_added()})
    return MadePage(response, next_midnight(now))


@require_safe
def hub(request: HttpRequest, number: int) -> HttpResponse:
    """What one hub's log says, the newest proposals first."""
    return page_cache().make(request, marker=hubs_page_state, make=lambda now: _make_page(request, number, now))


def _make_page(request: HttpRequest, number: int, now: datetime) -> MadePage:
    found = hub_read(number)
    if found is None:
        raise Http404
    proposals, names = proposals_of(found.id), proposal_stage_names()
    context = {
        "hub": found,
        "forks": forks_of(found.id),
        "proposals": [
            _cut_proposal({**each, "stage": names.get(each["stage"], each["stage"])})
            for each in proposals[:_MOST_PROPOSALS]
        ],
        "more": max(0, len(proposals) - _MOST_PROPOSALS),
    }
    return MadePage(render(request, "pages/hub.html", context), next_midnight(now))


def _cut_proposal(proposal: dict[str, Any]) -> dict[str, Any]:
    """A proposal as far as the page shows it."""
    adoptions = []
    for each in proposal["adoptions"][:_MOST_ADOPTIONS]:
        cited = each["cited"] and {name: cut_text(text) for name, text in each["cited"].items()}
        adoptions.append({**each, "reason": cut_text(each["reason"] or ""), "cited": cited})
    texts = {name: cut_text(proposal[name]) for name in ("title", "stage", "changeset")}
    more = max(0, len(proposal["adoptions"]) - _MOST_ADOPTIONS)
    return {**proposal, **texts, "adoptions": adoptions, "more_adoptions": more}
