"""Measured effects over HTTP: their plans, the figures that operators load, and the results."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.effect_plans import effect_plan_register
from ewtp.apps.proposals.actions.outcomes import LoadReport, outcomes_load
from ewtp.apps.proposals.reading.effect_record import effects_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.surface.effect_json import effect_json
from ewtp.apps.proposals.surface.effect_openapi import EXAMPLES
from ewtp.apps.proposals.surface.openapi import WRITE_PROBLEMS, Identity
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.core.effects.effect_plan import MONTHS_AFTER, MONTHS_BEFORE, REPORTED, TradePair
from ewtp.core.effects.plan_request import MOST_MONTHS, PlanRequest
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.proposals.proposal import Proposal

router = Router(tags=["proposals"])
_LONGEST_ID = 40
_PLAN_FIELDS = ("act", "outcome", "figures", "treated", "donors", "months_before", "months_after")


@router.get(
    "/proposals/{proposal_id}/effect",
    operation_id="effect_read",
    summary="What a proposal's adoptions did, by plans that were registered first",
    openapi_extra=operation(ref("ProposalEffects"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read_effect(request: HttpRequest, proposal_id: Identity) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """Difference in differences with placebos; `why` says what an effect that cannot be told lacks."""
    found = proposal_read(proposal_id)
    return proposal_response(found or _unknown(proposal_id), _effects)


@router.post(
    "/proposals/{proposal_id}/effect",
    operation_id="effect_plan",
    summary="Register another plan of measurement, as the economy's authority or a sponsor",
    openapi_extra=operation(
        ref("ProposalEffects"),
        status=HTTPStatus.CREATED,
        body=ref("NewEffectPlan"),
        examples=EXAMPLES["plan"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def register_plan(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """By the day of effect and before any figure after it; the last plan in time counts, all stay."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, _PLAN_FIELDS)
        asked = PlanRequest(
            outcome=body.text("outcome"),
            figures=body.text("figures", required=False) or REPORTED,
            treated=_pairs(body, "treated"),
            donors=_pairs(body, "donors"),
            months_before=_months(body, "months_before", MONTHS_BEFORE),
            months_after=_months(body, "months_after", MONTHS_AFTER),
        )
        act = body.text("act")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        made = effect_plan_register(
            proposal=proposal_id, act=act, asked=asked, actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(made, _effects, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/outcomes",
    operation_id="outcomes_load",
    summary="Load figures of outcomes, as the operator",
    openapi_extra=operation(
        ref("OutcomeLoad"),
        status=HTTPStatus.CREATED,
        body=ref("NewOutcomes"),
        examples=EXAMPLES["outcomes"],
        problems=(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.OPERATE, own=True)
def load_outcomes(request: HttpRequest) -> HttpResponse:
    """All rows or none. The mean of fewer than five firms is not kept; the latest load of a cell counts."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("title", "rows"))
        title, rows = body.text("title"), body.objects("rows")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        loaded = outcomes_load(title=title, rows=rows, actor=find_acting_caller(request), now=timezone.now())
        return proposal_response(loaded, LoadReport.as_json, HTTPStatus.CREATED)

    return once(request, run)


def _pairs(body: BodyReader, name: str) -> tuple[TradePair, ...]:
    """The trades of a field; one that lacks a name, or has another, makes the field one of another form."""
    found = []
    for each in body.objects(name):
        names = [each.get(field) for field in ("destination", "origins", "products")]
        if len(each) != len(names) or not all(isinstance(text, str) for text in names):
            body.refuse_form(name)
            return ()
        found.append(TradePair(*map(str, names)))
    return tuple(found)


def _months(body: BodyReader, name: str, otherwise: int) -> int:
    return body.whole(name, most=MOST_MONTHS) if body.has(name) else otherwise


def _unknown(proposal: str) -> Refusal:
    return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})


def _effects(proposal: Proposal) -> dict[str, Any]:
    return {"proposal": proposal.id, "items": [effect_json(each, proposal.id) for each in effects_of(proposal)]}
