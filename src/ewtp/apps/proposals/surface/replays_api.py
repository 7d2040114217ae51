"""Replays of a proposal over HTTP, and what it would change for the caller's own lines."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import PathEx, Router
from ninja.params import P

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.replays import replay_ask, replay_state
from ewtp.apps.proposals.reading.own_shipments import shipments_compared
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.replay_reports import replay_waiting, reports_held
from ewtp.apps.proposals.reading.sentences import REPLAY_UNKNOWN
from ewtp.apps.proposals.surface.api import answer_about
from ewtp.apps.proposals.surface.openapi import WRITE_PROBLEMS, Identity
from ewtp.apps.proposals.surface.proposal_json import proposal_json
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.apps.proposals.surface.replay_json import (
    RECORD_FIELDS,
    SHIPMENT_FIELDS,
    read_replay_record,
    read_shipment_fields,
    shipments_json,
    simulation_json,
)
from ewtp.apps.proposals.surface.replay_openapi import REPLAY_EXAMPLES
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.proposals.proposal import Proposal

router = Router(tags=["proposals"])
Result = PathEx[str, P(description="The digest of a replay's report, which `GET /proposals/{id}/simulation` lists.")]
_SHOWN = 12


@router.post(
    "/proposals/{proposal_id}/simulation",
    operation_id="proposal_replay",
    summary="Have this installation replay the latest version, or state a replay made elsewhere",
    openapi_extra=operation(
        ref("Proposal"),
        status=HTTPStatus.ACCEPTED,
        body=ref("NewReplay"),
        examples=REPLAY_EXAMPLES["replay"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def simulate(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Without fields a worker replays it; with the file that `ewtp batch --publish` writes the caller states its own.

    A replay of the same change, rulebook, rates, lines and currency by another organisation confirms this one, or
    contradicts it, in public.
    """

    def run() -> HttpResponse:
        body = BodyReader(request.body, RECORD_FIELDS)
        record, actor, now = read_replay_record(body), find_acting_caller(request), timezone.now()
        if isinstance(record, Refusal):
            return proposal_problem(record)
        if record is None:
            made = replay_ask(proposal=proposal_id, actor=actor, now=now)
        else:
            made = replay_state(proposal=proposal_id, record=record, actor=actor, now=now)
        return proposal_response(made, lambda found: proposal_json(found, now), HTTPStatus.ACCEPTED)

    return once(request, run)


@router.get(
    "/proposals/{proposal_id}/simulation",
    operation_id="proposal_replays",
    summary="The replays of the latest version, with their reports, and whether one is being made",
    openapi_extra=operation(ref("Simulation"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def simulation(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Figures from fewer than five firms are withheld; the first sentences are in `summary`."""

    def write(found: Proposal) -> Mapping[str, Any]:
        reports = reports_held(each.record.result for each in found.replays_of_version())
        return simulation_json(found, reports, replay_waiting(found.id))

    return answer_about(request, proposal_id, write)


@router.get(
    "/proposals/{proposal_id}/simulation/{result}",
    operation_id="proposal_replay_report",
    summary="One published report, as `ewtp batch --confirm` takes it",
    openapi_extra=operation(ref("PublishedReplay"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read_published_replay(request: HttpRequest, proposal_id: Identity, result: Result) -> HttpResponse:
    """The report of a replay that this installation made, with what it was computed of; of any version."""

    def write(found: Proposal) -> Mapping[str, Any] | Refusal:
        made = next((each for each in found.replays if each.record.result == result), None)
        report = None if made is None else reports_held([result]).get(result)
        if made is None or report is None:
            return Refusal(REPLAY_UNKNOWN, {"digest": result[:_SHOWN]})
        return {**made.record.as_json(), "report": report}

    return answer_about(request, proposal_id, write)


@router.post(
    "/proposals/{proposal_id}/shipments",
    operation_id="proposal_shipments",
    summary="What the proposal would change for your own lines; nothing of them is kept",
    openapi_extra=operation(
        ref("ShipmentEffects"),
        body=ref("Shipments"),
        examples=REPLAY_EXAMPLES["shipments"],
        problems=(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.READ)
def shipments(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Each line is answered under the law in force without the proposal and with it, for the caller alone.

    No answer is kept for a repeat of the request, since that would keep the lines.
    """

    def write(found: Proposal) -> Mapping[str, Any] | Refusal:
        lines = read_shipment_fields(BodyReader(request.body, SHIPMENT_FIELDS))
        if isinstance(lines, Refusal):
            return lines
        effects = shipments_compared(text_stored(found.version.content.digest), lines)
        return effects if isinstance(effects, Refusal) else shipments_json(effects, found)

    return answer_about(request, proposal_id, write)
