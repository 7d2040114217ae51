"""The page of the keys with which authorities sign what their economies adopt, and its forms."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ewtp.apps.http.surface.form import WHOLE, Form, form_texts
from ewtp.apps.proposals.actions.authority_keys import authority_key_back, authority_key_set
from ewtp.apps.proposals.reading.authority_key_list import authority_key_read, authority_keys
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.surface.proposal_forms import long_text
from ewtp.apps.proposals.surface.speaker import find_speaker, speakers_here
from ewtp.core.values.actor import Actor, ActorKind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.proposals.authority_key import AuthorityKey

_FIELDS = ("organisation", "economy", "key", "lost_economy", "lost_key")
# The form's field for each field that an action names, by what the form does.
_PLACES = {
    "register": {"key": "key", "signed": "signed", "economy": "economy"},
    "back": {"key": "lost_key", "signed": "backing", "economy": "lost_economy"},
}


@require_safe
def authorities(request: Any) -> HttpResponse:
    """Every key by economy, and who holds it; authorities find their forms there."""
    return _page(request, Form())


@login_required
@never_cache
@require_POST
def authority_act(request: Any) -> HttpResponse:
    """Register, replace or state a key, as ``do`` says; 303 to the page, or 422 with the statement to sign."""
    asked = request.POST.get("do", "")
    if asked not in _PLACES:
        raise Http404
    form = Form(form_texts(request.POST, _FIELDS))
    for name in ("signed", "backing"):
        form.texts[name] = _note(long_text(request.POST, name))
    actor, now = find_speaker(request, form), timezone.now()
    made: AuthorityKey | Refusal
    if asked == "register":
        economy, key = form.texts.get("economy", ""), form.texts.get("key", "")
        made = authority_key_set(economy=economy, key=key, signed=form.texts["signed"], actor=actor, now=now)
    else:
        economy, key = form.texts.get("lost_economy", ""), form.texts.get("lost_key", "")
        made = authority_key_back(economy=economy, key=key, signed=form.texts["backing"], actor=actor, now=now)
    if not isinstance(made, Refusal):
        return HttpResponseRedirect(reverse("authorities"), status=HTTPStatus.SEE_OTHER)
    form.note_refusal(made, _PLACES[asked])
    return _page(request, form, str(dict(made.details).get("statement", "")))


def _note(text: str) -> str:
    """A signed note as it was pasted: it ends with a line break, which forms take away."""
    return f"{text}\n" if text else ""


def _page(request: Any, form: Form, statement: str = "") -> HttpResponse:
    speakers, today = speakers_here(request), timezone.now().date()
    person = request.user.person if speakers else ""
    acting = (participation_of(Actor(ActorKind.PERSON, person, each), today).authority_of for each, _ in speakers)
    own = sorted({economy for economy in acting if economy})
    context = {
        "keys": authority_keys(),
        "speakers": speakers,
        "own": own,
        "own_keys": [each for each in (authority_key_read(economy) for economy in own) if each is not None],
        "form": form,
        "whole": form.problems.get(WHOLE, []),
        "statement": statement,
    }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/authorities.html", context, status=status)
