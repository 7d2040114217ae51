"""The pages on which people act for organisations: register one, see and change it, and follow an invitation."""

from __future__ import annotations

import hashlib
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ewtp.apps.accounts.reading.operators import has_second_factor, operator_actor
from ewtp.apps.accounts.reading.people import list_confirmed_emails
from ewtp.apps.http.surface.form import WHOLE, Form, form_texts
from ewtp.apps.organisations.actions.organisation_tokens import organisation_token_create, organisation_token_revoke
from ewtp.apps.organisations.actions.organisations import (
    invitation_accept,
    member_invite,
    organisation_change,
    organisation_register,
    organisation_verify,
)
from ewtp.apps.organisations.reading.history import organisation_history
from ewtp.apps.organisations.reading.organisation_list import memberships_of, organisation_read
from ewtp.apps.organisations.surface.acts import COMMANDS
from ewtp.apps.organisations.surface.invitation_mail import invitation_address, invitation_mail
from ewtp.apps.organisations.surface.presentation import event_rows, kind_names, organisation_context, role_names
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.organisations.sentences import UNTIL_PAST
from ewtp.core.values.actor import Actor, ActorKind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.organisations.organisation import Organisation

# As many events as a phone can scroll through on one page.
_EVENTS = 50
_DIGITS = 9
# The evidence of an owner that confirms on its page: it is kept as it was stated, in one language.
_OWN_WORD = "The owner's own statement on its page"
_NEW = ("name", "kind", "economy")
_FIELDS = (
    *("name", "ultimate_owner", "employees", "turnover_eur", "balance_sheet_eur", "scheme", "value", "invitation"),
    *("person", "role", "email", "token_name", "prefix", "asked", "owned", "until", "holders"),
)
# The form's field for each field that a command names.
_PLACES = {
    **{name: name for name in ("scheme", "value", "role", "email", "ultimate_owner", "economy", "kind", "scopes")},
    "holders": "holders",
    "name": "name",
    "size": "employees",
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: Any) -> HttpResponse:
    """The reader's organisations, and a form that registers one."""
    form = Form(form_texts(request.POST, _NEW))
    if request.method == "POST":
        made = organisation_register(
            name=form.texts.get("name", ""),
            kind=form.texts.get("kind", ""),
            economy=form.texts.get("economy", ""),
            founder=request.user.person,
            actor=Actor(ActorKind.PERSON, request.user.person),
            now=timezone.now(),
        )
        if not isinstance(made, Refusal):
            return _to(made.id)
        form.note_refusal(made, _PLACES)
    names, roles = kind_names(), role_names()
    context = {
        "form": form,
        "memberships": [(each, roles[each.role]) for each in memberships_of(request.user.person)],
        "kinds": [(kind, names[kind]) for kind in (OrganisationKind.FIRM, OrganisationKind.CIVIL_SOCIETY)],
    }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/organisations.html", context, status=status)


@login_required
@never_cache
@require_safe
def organisation(request: Any, organisation_id: str) -> HttpResponse:
    """One organisation; 404 for whoever does not belong to it."""
    return _page(request, _own(request, organisation_id), Form())


@login_required
@never_cache
@require_POST
def organisation_act(request: Any, organisation_id: str) -> HttpResponse:
    """Do what one form of the page asks for, named by ``do``; 303 to the page, or 422 with the problem at its field."""
    own = _own(request, organisation_id)
    form, asked = Form(form_texts(request.POST, _FIELDS)), request.POST.get("do", "")
    actor, now = _actor(request, own.id), timezone.now()
    if asked == "second_factor" and not has_second_factor(request.user):
        # Whoever asked it of others would be kept out first.
        raise Http404
    if asked in COMMANDS:
        changed = organisation_change(organisation=own.id, command=COMMANDS[asked](form), actor=actor, now=now)
        left = asked == "leave" and form.texts.get("person") == request.user.person
        return _show_result(request, own, form, changed, to=reverse("organisations") if left else "")
    if asked == "invite":
        return _invite(request, own, form)
    if asked == "owned":
        return _show_result(request, own, form, _confirm_owned(form, actor), places={**_PLACES, "until": "until"})
    if asked == "token":
        return _token(request, own, form)
    if asked == "token_revoke":
        prefix = form.texts.get("prefix", "")
        return _show_result(
            request, own, form, organisation_token_revoke(prefix=prefix, organisation=own.id, actor=actor, now=now)
        )
    raise Http404


@login_required
@never_cache
@require_safe
def organisation_events(request: Any, organisation_id: str) -> HttpResponse:
    """What happened to an organisation, newest first, for its members and the operator; ``before`` a place in it."""
    actor = operator_actor(request.user) or _actor(request, organisation_id)
    found, events = organisation_read(actor, organisation_id), organisation_history(actor, organisation_id)
    if found is None or events is None or (not actor.is_operator and _is_closed(request, found)):
        raise Http404
    asked = request.GET.get("before", "")
    readable = asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS
    end = min(int(asked), len(events)) if readable else len(events)
    start = max(0, end - _EVENTS)
    context = {"organisation": found, "events": event_rows(events[start:end])[::-1], "older": start}
    return render(request, "pages/organisation_history.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Any, secret: str) -> HttpResponse:
    """Follow an invitation: sign in or sign up first, then join with one button."""
    problem = None
    if request.method == "POST" and request.user.is_authenticated:
        actor = Actor(ActorKind.PERSON, request.user.person)
        emails = list_confirmed_emails(request.user.person)
        joined = invitation_accept(secret=secret, emails=emails, actor=actor, now=timezone.now())
        if not isinstance(joined, Refusal):
            messages.success(request, gettext("You belong to %(name)s now.") % {"name": joined.name})
            return _to(joined.id)
        problem = joined
    status = HTTPStatus.OK if problem is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/invitation.html", {"problem": problem, "next": request.path}, status=status)


def _invite(request: Any, own: Organisation, form: Form) -> HttpResponse:
    site = f"{request.scheme}://{request.get_host()}"
    made = member_invite(
        organisation=own.id,
        email=form.texts.get("email", ""),
        role=form.texts.get("role", ""),
        actor=_actor(request, own.id),
        now=timezone.now(),
        compose=invitation_mail(site),
    )
    if isinstance(made, Refusal):
        return _show_result(request, own, form, made)
    # The address is shown as well, so that it can be passed on where mail does not arrive.
    address = invitation_address(site, made)
    return _page(request, made.organisation, Form(), invitation_address=address, invited=made.email)


def _confirm_owned(form: Form, actor: Actor) -> Organisation | Refusal:
    """State, as the owner, that another organisation is owned: who states it is the evidence."""
    try:
        until = date.fromisoformat(form.texts.get("until", ""))
    except ValueError:
        return Refusal(UNTIL_PAST, {"day": timezone.now().date()}, where="until")
    digest = hashlib.sha256(_OWN_WORD.encode()).hexdigest()
    return organisation_verify(
        organisation=form.texts.get("owned", "").strip(),
        subject=Subject.OWNER,
        evidence=_OWN_WORD,
        digest=digest,
        until=until,
        actor=actor,
        now=timezone.now(),
    )


def _token(request: Any, own: Organisation, form: Form) -> HttpResponse:
    made = organisation_token_create(
        name=form.texts.get("token_name", ""),
        scopes=request.POST.getlist("scopes"),
        organisation=own.id,
        actor=_actor(request, own.id),
        now=timezone.now(),
    )
    if isinstance(made, Refusal):
        return _show_result(request, own, form, made, places={**_PLACES, "name": "token_name"})
    return _page(request, own, Form(), secret=made.secret)


def _show_result(
    request: Any, own: Organisation, form: Form, result: object, *, to: str = "", places: dict[str, str] = _PLACES
) -> HttpResponse:
    """The page again: by its address after a change, or with the refusal at its field."""
    if not isinstance(result, Refusal):
        return HttpResponseRedirect(to, status=HTTPStatus.SEE_OTHER) if to else _to(own.id)
    form.note_refusal(result, places)
    return _page(request, own, form)


def _page(request: Any, own: Organisation, form: Form, **more: Any) -> HttpResponse:
    context = organisation_context(own, _actor(request, own.id), timezone.now().date())
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    more = {**more, "whole": form.problems.get(WHOLE, []), "has_second_factor": has_second_factor(request.user)}
    return render(request, "pages/organisation.html", {**context, **more, "form": form}, status=status)


def _own(request: Any, identity: str) -> Organisation:
    """The organisation, for a member alone."""
    found = organisation_read(_actor(request, identity), identity)
    if found is None or request.user.person not in found.roles or _is_closed(request, found):
        raise Http404
    return found


def _is_closed(request: Any, found: Organisation) -> bool:
    """Whether the organisation asks for a second factor that the reader lacks."""
    return found.second_factor and not has_second_factor(request.user)


def _actor(request: Any, identity: str) -> Actor:
    return Actor(ActorKind.PERSON, request.user.person, identity)


def _to(identity: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("organisation", args=[identity]), status=HTTPStatus.SEE_OTHER)
