"""The pages of proposals: a list, a form that drafts one, and one page for each."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ewtp.apps.http.surface.form import WHOLE, Form, form_texts
from ewtp.apps.http.surface.page_cache import MadePage, page_cache
from ewtp.apps.http.surface.sorted_table import change_query
from ewtp.apps.log.reading.log_place import log_place
from ewtp.apps.proposals.actions.proposals import proposal_draft
from ewtp.apps.proposals.actions.secret_ballots import secret_ballot_encrypt
from ewtp.apps.proposals.actions.votes import ballot_cast
from ewtp.apps.proposals.reading.house_sizes import REMEMBERED_SECONDS
from ewtp.apps.proposals.reading.page_state import find_end_of_state, proposal_page_state
from ewtp.apps.proposals.reading.proposal_list import proposal_read, proposals_page
from ewtp.apps.proposals.reading.proposal_text import acts_compiled, text_stored
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.surface.adoption_presentation import renewal_source
from ewtp.apps.proposals.surface.appeal_presentation import appeals_context
from ewtp.apps.proposals.surface.presentation import (
    EXAMPLE,
    articles_shown,
    checks_passed,
    faults_shown,
    house_sizes_context,
    proposal_context,
    proposal_rows,
    proposal_stage_names,
    remedy_names,
)
from ewtp.apps.proposals.surface.proposal_forms import DEEDS, long_text
from ewtp.apps.proposals.surface.speaker import find_speaker, speakers_of
from ewtp.apps.proposals.surface.vote_presentation import vote_context
from ewtp.apps.rulebook.reading.market_notices import Market, MarketNotice, read_notices
from ewtp.apps.rulebook.reading.measure_list import measures_named
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.acts.acts_text import acts_text, read_acts
from ewtp.core.proposals.proposal import Proposal, ProposalStage, proposal_stage_of, stage_limit
from ewtp.core.proposals.remedies import Remedy, remedies_for, suggest_acts
from ewtp.core.rulebook.measure import EVERY_ORIGIN
from ewtp.core.values.moment import next_midnight
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.acts.act import Acts
    from ewtp.core.rulebook.measure import Measure

_PAGE = 30
_DIGITS = 12
_SHORT = (
    *("organisation", "barrier", "rival_of", "amendment", "article", "reason", "by", "choice", "rule", "way"),
    *("product", "origin"),
    *("territory", "effective", "title", "publisher", "reference", "declines"),
    *("alarm", "verdict", "struck", "credential"),
    *("act", "last_day", "ends_because", "sent_back_because"),
    *("withdrawn_because", "matter", "about", "appeals_because", "appeal", "decides_because"),
    *("renews", "renewed_until", "renewing_title", "renewing_publisher", "renewing_reference"),
)
_OPEN_STAGES = (ProposalStage.DRAFT, ProposalStage.SUBMITTED, ProposalStage.DISCUSSED, ProposalStage.FROZEN)
# The form's field for each field that an action names.
_PLACES = {
    **dict.fromkeys(
        ("engine", "rulebook", "rates", "change", "data", "currency", "result", "recipe", "report"), "record"
    ),
    **{name: name for name in ("record", "reason", "acts", "choice", "effective", "title", "territory", "declines")},
    **{name: name for name in ("verdict", "struck", "credential", "last_day", "ends_because", "sent_back_because")},
    **{name: name for name in ("renewed_until", "withdrawn_because", "by")},
    **{name: name for name in ("matter", "appeals_because", "decides_because")},
    "id": "amendment",
    "text": "comment",
    "decision": "amendment",
}


@require_safe
def proposals(request: Any) -> HttpResponse:
    """The proposals, newest first; ``stage`` narrows the list to one stage, ``before`` continues from a number."""
    return page_cache().make(request, marker=log_place, make=lambda now: _make_list(request, now))


def _make_list(request: Any, now: datetime) -> MadePage:
    asked, stages = request.GET.get("before", ""), proposal_stage_names()
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS else 0
    stage = request.GET.get("stage", "") if request.GET.get("stage", "") in set(ProposalStage) else ""
    found, older = proposals_page(before=before, limit=_PAGE, stage=stage, now=now)
    context = {
        "proposals": proposal_rows(found, now),
        "older": f"?{change_query(request.GET, before=str(older))}" if older else "",
        "stages": [
            (each, f"?stage={each}", name, each == stage)
            for each, name in stages.items()
            if each is not ProposalStage.DRAFT
        ],
        "shown_all": not stage,
        **house_sizes_context(now),
    }
    limits = [limit for limit in (stage_limit(each, now) for each in found) if limit is not None and limit > now]
    # The houses grow without an entry of proposals, so they are looked at again.
    stale = now + timedelta(seconds=REMEMBERED_SECONDS)
    return MadePage(render(request, "pages/proposals.html", context), min([next_midnight(now), stale, *limits]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: Any) -> HttpResponse:
    """A form that drafts a proposal, from ``acts`` where given: it shows what they would do before anything is kept."""
    form = Form(form_texts(request.POST if request.method == "POST" else request.GET, _SHORT))
    form.texts["acts"] = long_text(request.POST if request.method == "POST" else request.GET, "acts")
    rule = _rule(form.texts.get("rule", ""))
    if request.method != "POST" and rule is not None and form.texts.get("way", "") in set(Remedy):
        form.texts["acts"] = acts_text(_suggest_acts(rule, form))
    if request.method != "POST" and form.texts.get("renews", ""):
        form.texts["acts"] = renewal_source(form.texts["renews"], form.texts.get("act", ""))
    text = _text_of(form) if request.method == "POST" else None
    if text is not None and request.POST.get("do") == "save":
        made = proposal_draft(
            text=text,
            actor=find_speaker(request, form),
            now=timezone.now(),
            barrier=form.texts.get("barrier", ""),
            rival_of=form.texts.get("rival_of", ""),
        )
        if isinstance(made, Proposal):
            return _to(made.id)
        form.note_refusal(made, {"title": "acts", "rival_of": "rival_of"})
    context = {
        "form": form,
        "whole": form.problems.get(WHOLE, []),
        "speakers": speakers_of(request.user.person),
        "articles": articles_shown(text) if text else (),
        "faults": faults_shown(text) if text else (),
        "remarks": text.remarks if text else (),
        "checks": checks_passed(),
        "example": EXAMPLE,
        "text": text,
        "suggestions": [] if rule is None or form.texts["acts"] else _suggestions(rule, request.GET),
    }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/proposal_new.html", context, status=status)


@require_safe
def proposal(request: Any, proposal_id: str) -> HttpResponse:
    """One proposal; a draft for its author alone, 404 for everybody else."""
    return page_cache().make(
        request,
        marker=partial(proposal_page_state, proposal_id),
        make=lambda now: _render_page(request, proposal_seen(request, proposal_id), Form(), now),
    )


@login_required
@never_cache
@require_POST
def proposal_act(request: Any, proposal_id: str) -> HttpResponse:
    """Do what one form of the page asks for, named by ``do``; 303 to the page, or 422 with the problem at its field."""
    found = proposal_seen(request, proposal_id)
    form = Form(form_texts(request.POST, _SHORT))
    for name in ("acts", "comment", "record"):
        form.texts[name] = long_text(request.POST, name)
    form.texts["articles"] = "\n".join(request.POST.getlist("articles"))
    asked = request.POST.get("do", "")
    if asked == "ballot":
        return _ballot(request, found, form)
    deed = DEEDS.get(asked)
    if deed is None:
        raise Http404
    done = deed(found, form, find_speaker(request, form), timezone.now())
    if not isinstance(done, Refusal):
        if asked == "replay":
            messages.success(request, gettext("This site replays it now; look again in some minutes."))
        return _to(found.id)
    form.note_refusal(done, _PLACES)
    return _page(request, found, form)


def _ballot(request: Any, found: Proposal, form: Form) -> HttpResponse:
    """Cast a ballot; the receipt is shown this once."""
    choice, credential = form.texts.get("choice", ""), form.texts.get("credential", "")
    actor, now = find_speaker(request, form), timezone.now()
    # A credential is of a house that votes in secret; the form says that this site could read the ballot.
    receipt = (
        secret_ballot_encrypt(proposal=found.id, choice=choice, credential=credential, actor=actor, now=now)
        if credential
        else ballot_cast(proposal=found.id, choice=choice, actor=actor, now=now)
    )
    if isinstance(receipt, Refusal):
        form.note_refusal(receipt, _PLACES)
        return _page(request, found, form)
    return _page(request, found, Form(), receipt=orjson.dumps(receipt.as_json(), option=orjson.OPT_INDENT_2).decode())


def _rule(measure: str) -> Measure | None:
    """The rule that a proposal is drafted about, by the id of its measure."""
    version = latest_version() if measure else None
    return None if version is None else measures_named([measure], version.published_at).get(measure)


def _suggestions(rule: Measure, query: QueryDict) -> list[tuple[str, str]]:
    """The remedies for a rule, each with the address at which it is drafted."""
    names, named = remedy_names(), query.get("origin", "") in vocabulary().economies
    fitting = (each for each in remedies_for(rule) if named or each is not Remedy.EXEMPT)
    return [(f"?{change_query(query, way=each)}", names[each]) for each in fitting]


def _suggest_acts(rule: Measure, form: Form) -> Acts:
    """The remedy that was chosen, as acts from the first day of next year on."""
    remedy, product = Remedy(form.texts["way"]), form.texts.get("product", "")
    origin, year = form.texts.get("origin", ""), timezone.now().year + 1
    title = f"{remedy_names()[remedy]}: {rule.title or rule.document or rule.territory}"
    origin = origin if origin in vocabulary().economies else EVERY_ORIGIN
    return suggest_acts(
        rule,
        remedy,
        product=product if product.isdigit() else "",
        origin=origin,
        first_day=date(year, 1, 1),
        title=title,
    )


def _text_of(form: Form) -> ProposalText | None:
    """The text that the form holds, compiled; None with the problems noted."""
    acts = read_acts(form.texts.get("acts", ""))
    if isinstance(acts, Refusal):
        for each in acts.every:
            form.note("acts", each)
        return None
    if not acts.title:
        form.note("acts", gettext('Begin with a title, such as: title "One certificate is enough"'))
        return None
    text = acts_compiled(acts, get_language() or "")
    if isinstance(text, Refusal):
        form.note("acts", text)
        return None
    return text


def _page(request: Any, found: Proposal, form: Form, receipt: str = "") -> HttpResponse:
    return _render_page(request, found, form, timezone.now(), receipt).response


def _render_page(request: Any, found: Proposal, form: Form, now: datetime, receipt: str = "") -> MadePage:
    person = request.user.person if request.user.is_authenticated else ""
    speakers = speakers_of(person) if person else []
    own, record = [identity for identity, _ in speakers], vote_of(found.id)
    voted, appealed = vote_context(record, now, own), appeals_context(found, record, now, own)
    context = {
        **proposal_context(found, text_stored(found.version.content.digest), now),
        **voted,
        **appealed,
        "receipt": receipt,
        "form": form,
        "whole": form.problems.get(WHOLE, []),
        "speakers": speakers,
        "adopters": [
            (territory, read_notices(MarketNotice.ADOPTIONS_ELSEWHERE, Market(territory, (), now.date(), now)))
            for territory in sorted({each.territory for each in found.adoptions})
        ],
        **_possible(found, now),
    }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    appeals = [each.appeal for each in appealed["appeals"]]
    until = find_end_of_state(
        found, (record, voted["vote"]) if record else None, appeals, appealed["appeals_until"], now
    )
    return MadePage(render(request, "pages/proposal.html", context, status=status), until)


def _possible(found: Proposal, now: datetime) -> dict[str, bool]:
    """What the stage allows anybody to do; the action decides who."""
    stage = proposal_stage_of(found, now)
    return {
        "may_submit": stage is ProposalStage.DRAFT,
        "may_withdraw": stage in _OPEN_STAGES,
        "may_sponsor": stage in (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
        "may_amend": stage in (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED),
        "may_replay": stage in (ProposalStage.SUBMITTED, ProposalStage.DISCUSSED, ProposalStage.FROZEN),
        "may_open": stage is ProposalStage.FROZEN,
        "may_adopt": stage is ProposalStage.PASSED,
    }


def proposal_seen(request: Any, identity: str) -> Proposal:
    """The proposal, if the reader may see it; Http404 otherwise."""
    found = proposal_read(identity)
    if found is None and request.user.is_authenticated:
        mine = [name for name, _ in speakers_of(request.user.person)]
        found = next((each for each in (proposal_read(identity, own) for own in mine) if each is not None), None)
    if found is None:
        raise Http404
    return found


def _to(identity: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("proposal", args=[identity]), status=HTTPStatus.SEE_OTHER)
