"""Proposals over HTTP: their texts, sponsors, amendments and replays."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from django.utils.translation import override
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import admit_caller, find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.list_page import DEFAULT_PAGE, Cursor, read_cursor, read_limit
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.proposals import (
    amendment_accept,
    amendment_suggest,
    proposal_change,
    proposal_draft,
    proposal_submit,
    proposal_withdraw,
)
from ewtp.apps.proposals.reading.proposal_list import proposal_read, proposals_page
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.sentences import AMENDMENT_DECISION_UNKNOWN, LANGUAGE_UNKNOWN
from ewtp.apps.proposals.surface.openapi import (
    EXAMPLES,
    LANGUAGE_PARAMETER,
    PROPOSAL_PARAMETERS,
    WRITE_PROBLEMS,
    Identity,
)
from ewtp.apps.proposals.surface.proposal_json import proposal_json, text_json, words_json
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.apps.proposals.surface.text_fields import TEXT_FIELDS, read_text_fields
from ewtp.core.proposals.proposal_commands import (
    EndSponsorship,
    RejectAmendment,
    SponsorProposal,
    SupersedeProposal,
    WithdrawAmendment,
)
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN, PROPOSAL_UNSOUND
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.sentence_texts import sentence_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ewtp.core.proposals.proposal import Proposal

router = Router(tags=["proposals"])
_LONGEST_ID = 40


@router.get(
    "/proposals",
    operation_id="proposals_list",
    summary="Proposals to change the rules, newest first",
    openapi_extra=operation(
        ref("ProposalPage"), parameters=PROPOSAL_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def proposals(request: HttpRequest) -> HttpResponse:
    """Drafts are their authors' alone; withdrawn, lapsed and rejected ones stay listed."""
    asked = QueryReader(request.GET, PROPOSAL_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    now, stage = timezone.now(), asked.text("stage")
    found, following = proposals_page(
        organisation=_own(request), before=cursor.after, limit=limit, stage=stage, now=now
    )
    items = [proposal_json(each, now) for each in found]
    return json_response(orjson.dumps({"items": items, "next": Cursor(None, following).text() if following else None}))


@router.post(
    "/proposals",
    operation_id="proposal_create",
    summary="Propose a change of the rules, or keep a draft of it",
    openapi_extra=operation(
        ref("Proposal"),
        status=HTTPStatus.CREATED,
        body=ref("NewProposal"),
        examples=EXAMPLES["proposal"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def create(request: HttpRequest) -> HttpResponse:
    """The change is checked on the law in force; a draft may have faults, what seeks sponsors has none."""
    return once(request, lambda: _create(request))


def _create(request: HttpRequest) -> HttpResponse:
    body = BodyReader(request.body, (*TEXT_FIELDS, "barrier", "rival_of", "draft"))
    barrier, rival_of = body.text("barrier", required=False), body.text("rival_of", required=False)
    draft, text = body.is_true("draft"), read_text_fields(body)
    if isinstance(text, Refusal):
        return proposal_problem(text)
    if text.faults and not draft:
        unsound = Refusal(PROPOSAL_UNSOUND, {"count": len(text.faults)}, details=(("faults", list(text.faults)),))
        return proposal_problem(unsound)
    actor, now = find_acting_caller(request), timezone.now()
    made = proposal_draft(
        text=text, actor=actor, now=now, barrier=barrier[:_LONGEST_ID], rival_of=rival_of[:_LONGEST_ID]
    )
    if not isinstance(made, Refusal) and not draft:
        made = proposal_submit(proposal=made.id, actor=actor, now=now)
    response = _proposal(made, HTTPStatus.CREATED)
    if not isinstance(made, Refusal):
        response.headers["Location"] = f"/api/v1/proposals/{made.id}"
    return response


@router.get(
    "/proposals/{proposal_id}",
    operation_id="proposal_read",
    summary="One proposal",
    openapi_extra=operation(ref("Proposal"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Its text is read by itself; 404 for a draft of another."""
    return _proposal(proposal_seen(request, proposal_id))


@router.get(
    "/proposals/{proposal_id}/text",
    operation_id="proposal_text",
    summary="The text of the latest version, with the change that it makes",
    openapi_extra=operation(ref("ProposalText"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def text(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The acts, and the changeset as `ewtp batch --change` takes it."""
    return answer_about(request, proposal_id, lambda found: text_json(text_stored(found.version.content.digest)))


@router.get(
    "/proposals/{proposal_id}/words",
    operation_id="proposal_words",
    summary="What the proposal does, in words",
    openapi_extra=operation(
        ref("ProposalWords"),
        parameters=(LANGUAGE_PARAMETER,),
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.READ)
def words(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Made from its articles and from nothing that its author wrote beside them."""
    asked = QueryReader(request.GET, (LANGUAGE_PARAMETER,))
    language = asked.text("language") or "en"
    known = [code for code, _ in settings.LANGUAGES]
    if asked.refusal is not None or language not in known:
        unknown = Refusal(LANGUAGE_UNKNOWN, {"language": language[:_LONGEST_ID], "languages": known}, where="language")
        return problem(asked.refusal or unknown)

    def write(found: Proposal) -> Mapping[str, Any]:
        stored = text_stored(found.version.content.digest)
        with override(language):
            return words_json(stored, language, [sentence_text(each) for each in stored.words])

    return answer_about(request, proposal_id, write)


@router.post(
    "/proposals/{proposal_id}/submission",
    operation_id="proposal_submit",
    summary="Have a draft seek sponsors",
    openapi_extra=operation(
        ref("Proposal"), body=ref("NoFields"), examples=EXAMPLES["nothing"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def submit(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Its change is checked on the law in force first."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ())
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        return _proposal(proposal_submit(proposal=proposal_id, actor=find_acting_caller(request), now=timezone.now()))

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/sponsors",
    operation_id="proposal_sponsor",
    summary="Stand behind a proposal, or no longer",
    openapi_extra=operation(
        ref("Proposal"), body=ref("SponsorChange"), examples=EXAMPLES["sponsor"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def sponsor(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Organisations of one owner count once."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("ends",))
        ends = body.is_true("ends")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        command = EndSponsorship() if ends else SponsorProposal()
        now = timezone.now()
        return _proposal(
            proposal_change(proposal=proposal_id, command=command, actor=find_acting_caller(request), now=now)
        )

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/withdrawal",
    operation_id="proposal_withdraw",
    summary="Withdraw a proposal as its author, or ask for that as a sponsor",
    openapi_extra=operation(
        ref("Proposal"), body=ref("ProposalWithdrawal"), examples=EXAMPLES["withdrawal"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def withdraw_proposal(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """More than half of the sponsors withdraw it without the author; with `by` the author lets it give way."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("reason", "by"))
        reason, by = body.text("reason", required=False), body.text("by", required=False)
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        actor, now = find_acting_caller(request), timezone.now()
        if by:
            return _proposal(proposal_change(proposal=proposal_id, command=SupersedeProposal(by), actor=actor, now=now))
        return _proposal(proposal_withdraw(proposal=proposal_id, reason=reason, actor=actor, now=now))

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/amendments",
    operation_id="proposal_amend",
    summary="Suggest another text",
    openapi_extra=operation(
        ref("Proposal"),
        status=HTTPStatus.CREATED,
        body=ref("NewAmendment"),
        examples=EXAMPLES["amendment"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def amend(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The whole text as it would be; what was changed since its base is merged when it is accepted."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, (*TEXT_FIELDS, "base"))
        base, suggested = body.text("base", required=False), read_text_fields(body)
        if isinstance(suggested, Refusal):
            return proposal_problem(suggested)
        made = amendment_suggest(
            proposal=proposal_id, text=suggested, base=base, actor=find_acting_caller(request), now=timezone.now()
        )
        return _proposal(made, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/amendments/decision",
    operation_id="amendment_decide",
    summary="Accept or reject an amendment, or take one's own back",
    openapi_extra=operation(
        ref("Proposal"),
        body=ref("AmendmentDecision"),
        examples=EXAMPLES["amendment_decision"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def decide(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The author accepts and rejects; a share of the sponsors accepts without the author."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("amendment", "decision"))
        amendment, decision = body.text("amendment"), body.text("decision")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        return _proposal(_decide_amendment(proposal_id, amendment, decision, request))

    return once(request, run)


def _decide_amendment(proposal: str, amendment: str, decision: str, request: HttpRequest) -> Proposal | Refusal:
    actor, now = find_acting_caller(request), timezone.now()
    if decision == "accept":
        return amendment_accept(proposal=proposal, amendment=amendment, actor=actor, now=now)
    if decision == "reject":
        return proposal_change(proposal=proposal, command=RejectAmendment(amendment), actor=actor, now=now)
    if decision == "take_back":
        return proposal_change(proposal=proposal, command=WithdrawAmendment(amendment), actor=actor, now=now)
    return Refusal(AMENDMENT_DECISION_UNKNOWN, {"decisions": ["accept", "reject", "take_back"]}, where="decision")


def _own(request: HttpRequest) -> str:
    """The organisation that the caller acts for; empty for one without a token."""
    acting = admit_caller(request).acting
    return "" if acting is None else acting.on_behalf_of


def proposal_seen(request: HttpRequest, identity: str) -> Proposal | Refusal:
    """The proposal, where the caller may see it; refuses with ``proposal_unknown``."""
    found = proposal_read(identity, _own(request))
    return Refusal(PROPOSAL_UNKNOWN, {"id": identity[:_LONGEST_ID]}) if found is None else found


def answer_about(
    request: HttpRequest, identity: str, write: Callable[[Proposal], Mapping[str, Any] | Refusal]
) -> HttpResponse:
    """What ``write`` makes of a proposal that the caller may see, or the refusal."""
    found = proposal_seen(request, identity)
    return proposal_response(found if isinstance(found, Refusal) else write(found), dict)


def _proposal(result: Proposal | Refusal, status: int = HTTPStatus.OK) -> HttpResponse:
    def write(proposal: Proposal) -> dict[str, Any]:
        return proposal_json(proposal, timezone.now())

    return proposal_response(result, write, status)
