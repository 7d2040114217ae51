"""The operator's pages: every organisation, and one to verify."""

from __future__ import annotations

from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ewtp.apps.accounts.reading.operators import operator_actor
from ewtp.apps.http.surface.form import WHOLE, Form, form_texts
from ewtp.apps.organisations.actions.organisations import organisation_verify, verification_revoke
from ewtp.apps.organisations.reading.organisation_list import organisation_read, organisations_page
from ewtp.apps.organisations.surface.presentation import (
    kind_names,
    organisation_context,
    subject_name,
    unreadable_day,
)
from ewtp.core.organisations.organisation import Subject
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.organisations.organisation import Organisation
    from ewtp.core.values.actor import Actor

_LISTED = 50
_DIGITS = 15
_FIELDS = ("subject", "evidence", "sha256", "until", "verification", "reason")
_PLACES = {name: name for name in ("subject", "evidence", "until", "reason")}


def _operators_alone(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page for the operator who acts; everybody else gets 404."""

    @login_required
    @never_cache
    @wraps(page)
    def show_page(request: Any, **given: str) -> HttpResponse:
        actor = operator_actor(request.user)
        if actor is None:
            raise Http404
        return page(request, actor, **given)

    return show_page


@_operators_alone
@require_safe
def operator_organisations(request: Any, actor: Actor) -> HttpResponse:
    """Every organisation in the order of registration, from the number ``after`` on."""
    asked = request.GET.get("after", "")
    readable = asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS
    found, following = organisations_page(actor, after=int(asked) if readable else 0, limit=_LISTED)
    names = kind_names()
    context = {"organisations": [(each, names[each.kind]) for each in found], "following": following}
    return render(request, "pages/operator_organisations.html", context)


@_operators_alone
@require_http_methods(["GET", "HEAD", "POST"])
def operator_organisation(request: Any, actor: Actor, organisation_id: str) -> HttpResponse:
    """One organisation, with forms that state and revoke a verification, named by ``do``; 303 after a change."""
    found = organisation_read(actor, organisation_id)
    if found is None:
        raise Http404
    form = Form(form_texts(request.POST, _FIELDS))
    if request.method == "POST":
        changed = _change(request.POST.get("do", ""), found, form, actor)
        if isinstance(changed, Refusal):
            form.note_refusal(changed, _PLACES)
        if form.is_clean:
            address = reverse("operator_organisation", kwargs={"organisation_id": found.id})
            return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    context = {
        **organisation_context(found, actor, timezone.now().date()),
        "form": form,
        "whole": form.problems.get(WHOLE, []),
        "subjects": [(each, subject_name(each)) for each in Subject],
    }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/operator_organisation.html", context, status=status)


def _change(asked: str, organisation: Organisation, form: Form, actor: Actor) -> Organisation | Refusal | None:
    """Do what the form asks for; None where the form itself could not be read."""
    texts, now = form.texts, timezone.now()
    if asked == "revoke":
        held = {each.id for each in organisation.verifications}
        if texts.get("verification", "") not in held:
            raise Http404
        return verification_revoke(
            verification=texts["verification"], reason=texts.get("reason", ""), actor=actor, now=now
        )
    if asked != "verify":
        raise Http404
    try:
        until = date.fromisoformat(texts.get("until", ""))
    except ValueError:
        form.note("until", unreadable_day())
        return None
    return organisation_verify(
        organisation=organisation.id,
        subject=texts.get("subject", ""),
        evidence=texts.get("evidence", ""),
        digest=texts.get("sha256", "").lower(),
        until=until,
        actor=actor,
        now=now,
    )
