"""Appeals against results of votes over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.appeals import appeal_lodge, appeal_opinion_state
from ewtp.apps.proposals.reading.appeal_list import appeals_about
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.surface.appeal_json import appeal_json
from ewtp.apps.proposals.surface.appeals_openapi import EXAMPLES
from ewtp.apps.proposals.surface.openapi import WRITE_PROBLEMS, Identity
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.votes.appeal import Appeal

router = Router(tags=["proposals"])
_LONGEST_ID = 40


@router.get(
    "/proposals/{proposal_id}/appeals",
    operation_id="appeals_list",
    summary="The appeals against the results of the votes on a proposal",
    openapi_extra=operation(ref("Appeals"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read_appeals(request: HttpRequest, proposal_id: Identity) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """Who decides each, and what was said; all of it is public at once."""
    if proposal_read(proposal_id) is None:
        return proposal_problem(Refusal(PROPOSAL_UNKNOWN, {"id": proposal_id[:_LONGEST_ID]}))
    now = timezone.now()
    return json_response(orjson.dumps({"items": [appeal_json(each, now) for _, each in appeals_about(proposal_id)]}))


@router.post(
    "/proposals/{proposal_id}/appeals",
    operation_id="appeal_lodge",
    summary="Appeal against the result of a vote",
    openapi_extra=operation(
        ref("Appeal"),
        status=HTTPStatus.CREATED,
        body=ref("NewAppeal"),
        examples=EXAMPLES["appeal"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def lodge(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Within the time after the result; nothing is adopted until five owner groups of other houses have decided."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("matter", "about", "reason"))
        matter, reason = body.text("matter"), body.text("reason")
        about = body.text("about", required=False)
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        made = appeal_lodge(
            proposal=proposal_id,
            matter=matter,
            about=about,
            reason=reason,
            actor=find_acting_caller(request),
            now=timezone.now(),
        )
        return proposal_response(made, _write_appeal, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/appeals/opinions",
    operation_id="appeal_decide",
    summary="Say as a drawn owner group how an appeal is decided",
    openapi_extra=operation(
        ref("Appeal"), body=ref("NewAppealOpinion"), examples=EXAMPLES["opinion"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def state_opinion(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """In public; once three agree, that is the decision. One that is upheld has the vote held again."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("appeal", "verdict", "reason"))
        appeal, verdict, reason = (body.text(name) for name in ("appeal", "verdict", "reason"))
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        made = appeal_opinion_state(
            proposal=proposal_id,
            appeal=appeal,
            verdict=verdict,
            reason=reason,
            actor=find_acting_caller(request),
            now=timezone.now(),
        )
        return proposal_response(made, _write_appeal)

    return once(request, run)


def _write_appeal(appeal: Appeal) -> dict[str, Any]:
    return appeal_json(appeal, timezone.now())
