"""The form that registers another plan of measurement, on the page of measured effects."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ewtp.apps.http.surface.form import WHOLE, Form, form_texts
from ewtp.apps.proposals.actions.effect_plans import effect_plan_register
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.surface.effect_pages import effect_page
from ewtp.apps.proposals.surface.proposal_forms import long_text
from ewtp.apps.proposals.surface.speaker import find_speaker
from ewtp.core.effects.effect_plan import MONTHS_AFTER, MONTHS_BEFORE, TradePair
from ewtp.core.effects.plan_request import PlanRequest
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.proposals.proposal import Proposal

_FIELDS = ("act", "organisation", "outcome", "figures", "months_before", "months_after")
# The form's field for each field that the action names.
_PLACES = {"act": "act", "plan": "treated"}
_NAMES_OF_A_TRADE = 3
_MOST_DIGITS = 3


@login_required
@never_cache
@require_POST
def effect_plan(request: Any, proposal_id: str) -> HttpResponse:
    """Register the plan that the form states; 303 to the page, or 422 with the problem at its field."""
    found = proposal_read(proposal_id)
    if found is None:
        raise Http404
    form = Form(form_texts(request.POST, _FIELDS))
    for name in ("treated", "donors"):
        form.texts[name] = long_text(request.POST, name)
    asked = _read_plan(form)
    if asked is not None:
        made: Proposal | Refusal = effect_plan_register(
            proposal=found.id,
            act=form.texts.get("act", ""),
            asked=asked,
            actor=find_speaker(request, form),
            now=timezone.now(),
        )
        if not isinstance(made, Refusal):
            address = reverse("proposal_effect", args=[found.id])
            return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
        form.note_refusal(made, _PLACES)
    return effect_page(request, found, form, {"whole": form.problems.get(WHOLE, [])})


def _read_plan(form: Form) -> PlanRequest | None:
    """The plan as typed; None with the problems noted."""
    treated, donors = _read_trades(form, "treated"), _read_trades(form, "donors")
    months = [
        _read_months(form, name, first)
        for name, first in (("months_before", MONTHS_BEFORE), ("months_after", MONTHS_AFTER))
    ]
    if not form.is_clean:
        return None
    return PlanRequest(form.texts.get("outcome", ""), form.texts.get("figures", ""), treated, donors, *months)


def _read_trades(form: Form, name: str) -> tuple[TradePair, ...]:
    """The trades of a field, one a line: destination, origins and products."""
    found = []
    for line in form.texts.get(name, "").splitlines():
        words = line.upper().split()
        if len(words) == _NAMES_OF_A_TRADE:
            found.append(TradePair(*words))
        elif words:
            form.note(
                name,
                gettext("Write each trade on a line, such as: ZM KE 09. An asterisk is every origin, or all goods."),
            )
    return tuple(found)


def _read_months(form: Form, name: str, first: int) -> int:
    text = form.texts.get(name, "")
    if not text:
        return first
    if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS:
        return int(text)
    form.note(name, gettext("Give a whole number of months."))
    return first
