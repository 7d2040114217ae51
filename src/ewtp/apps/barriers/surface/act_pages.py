"""What signed-in people do about a barrier: each form of its page is one command."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ewtp.apps.accounts.reading.operators import operator_actor
from ewtp.apps.barriers.actions.barriers import barrier_act, barrier_reopen
from ewtp.apps.barriers.reading.barrier_list import open_barriers_forget
from ewtp.apps.barriers.surface.act_forms import find_acting_member
from ewtp.apps.barriers.surface.barrier_statuses import barrier_status
from ewtp.apps.barriers.surface.pages import barrier_page, find_barrier_or_404
from ewtp.apps.barriers.surface.submissions import read_promised_day
from ewtp.apps.http.surface.form import Form, form_texts
from ewtp.core.barriers.barrier import SECRETARIAT, Means
from ewtp.core.barriers.barrier_commands import AnswerBarrier, ClaimResolved, NameOwner, ReplyToClaim, WithholdReport
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.barriers.barrier import Barrier
    from ewtp.core.barriers.barrier_commands import BarrierCommand
    from ewtp.core.values.actor import Actor

_FIELDS = ("kind", "promised", "organisation", "report")
_LONG_FIELDS = ("reason", "text")
_PLACES = {name: name for name in ("kind", "reason", "promised", "text")}
# By the name of a form, that of its field whose problem stands beside it where several forms have one.
_OPERATORS = ("withhold", "secretariat")


@login_required
@never_cache
@require_POST
def barrier_acts(request: Any, barrier_id: str) -> HttpResponse:
    """Do what one form of the page asks for, named by ``do``; 303 to the page, or the page with what is wrong."""
    found, asked = find_barrier_or_404(barrier_id, timezone.now()), request.POST.get("do", "")
    form = Form(form_texts(request.POST, _FIELDS))
    form.texts |= {name: request.POST.get(name, "") for name in _LONG_FIELDS}
    made = _do_act(request, barrier_id, asked, form)
    if isinstance(made, Refusal):
        form.note_refusal(made, _PLACES)
        return barrier_page(request, found, form, barrier_status(made))
    open_barriers_forget()
    messages.success(request, gettext("Done. It is part of the history of this barrier."))
    return HttpResponseRedirect(reverse("barrier", args=[barrier_id]), status=HTTPStatus.SEE_OTHER)


def _do_act(request: Any, barrier_id: str, asked: str, form: Form) -> Barrier | Refusal:
    actor, now = _actor(request, asked, form), timezone.now()
    if asked == "reopen":
        language, text = get_language() or "", form.texts["text"]
        return barrier_reopen(
            barrier=barrier_id, finding=None, text=text, language=language, means=Means.PAGE, actor=actor, now=now
        )
    command = _command(asked, form)
    if isinstance(command, Refusal):
        return command
    return barrier_act(barrier=barrier_id, command=command, actor=actor, now=now)


def _actor(request: Any, asked: str, form: Form) -> Actor:
    if asked not in _OPERATORS:
        return find_acting_member(request, form.texts.get("organisation", ""))
    operator = operator_actor(request.user)
    if operator is None:
        raise Http404
    return operator


def _command(asked: str, form: Form) -> BarrierCommand | Refusal:
    reason = form.texts["reason"]
    match asked:
        case "answer":
            promised = read_promised_day(form.texts.get("promised", ""))
            if isinstance(promised, Refusal):
                return promised
            return AnswerBarrier(form.texts.get("kind", ""), reason, promised)
        case "claim":
            return ClaimResolved(reason)
        case "gone" | "still_there":
            return ReplyToClaim(asked == "gone")
        case "withhold":
            return WithholdReport(form.texts.get("report", ""), reason)
        case "secretariat":
            return NameOwner(SECRETARIAT)
        case _:
            raise Http404
