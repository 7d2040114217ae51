"""Barriers over HTTP: anybody reads and reports them, authorities answer, and reporters say whether they are gone."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.accounts.surface.client_address import client_of
from ewtp.apps.barriers.actions.barriers import barrier_act, barrier_reopen, barrier_report
from ewtp.apps.barriers.reading.barrier_list import BarrierFilter, barrier_read, barriers_now, open_among
from ewtp.apps.barriers.surface.barrier_json import barrier_json, summaries_json
from ewtp.apps.barriers.surface.barrier_statuses import barrier_refused
from ewtp.apps.barriers.surface.openapi import EXAMPLES, LIST_PARAMETERS, STAGES, BarrierId
from ewtp.apps.barriers.surface.submissions import (
    answer_command,
    claim_command,
    read_reported_finding,
    read_support,
    reply_command,
)
from ewtp.apps.http.surface.access import admit_caller, find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.list_page import DEFAULT_PAGE, Cursor, read_cursor, read_limit
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.core.barriers.barrier import Means
from ewtp.core.barriers.sentences import BARRIER_UNKNOWN, STAGE_UNKNOWN
from ewtp.core.values.actor import VISITOR
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.barriers.barrier import Barrier
    from ewtp.core.barriers.barrier_commands import BarrierCommand

router = Router(tags=["barriers"])
_ACT_PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_LONGEST_LANGUAGE = 20


@router.get(
    "/barriers",
    operation_id="barriers_list",
    summary="What stops trade, in the order of the first report",
    openapi_extra=operation(
        ref("BarrierPage"), parameters=LIST_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def barriers(request: HttpRequest) -> HttpResponse:
    """The stage of each is that of the moment of the request."""
    asked = QueryReader(request.GET, LIST_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    asked.read(
        "stage", lambda text: text if text in STAGES else Refusal(STAGE_UNKNOWN, {"stages": [*STAGES]}, where="stage")
    )
    if asked.refusal is not None:
        return problem(asked.refusal)
    wanted = BarrierFilter(*(asked.text(name).replace("\0", "") for name in ("economy", "product", "agency", "stage")))
    found = barriers_now(wanted, timezone.now())
    rest = [each for each in found if each.number > cursor.after]
    page = rest[:limit]
    body = {
        "items": summaries_json(page),
        "median_age_days": open_among(found).median_days,
        "next": Cursor(None, page[-1].number).text() if len(rest) > limit else None,
    }
    return json_response(orjson.dumps(body))


@router.post(
    "/barriers",
    operation_id="barrier_report",
    summary="Report what stops you, in one sentence of any language",
    openapi_extra=operation(
        ref("Barrier"),
        status=HTTPStatus.CREATED,
        body=ref("NewBarrierReport"),
        examples=EXAMPLES["report"],
        problems=(*_ACT_PROBLEMS, HTTPStatus.GONE),
    ),
)
@needs(Scope.WRITE, visitors=True)
def report(request: HttpRequest) -> HttpResponse:
    """With an `answer` its evidence is attached by itself: rule, papers, agencies, promised days and cost.

    Reports on the same rule, product and economy are reports of one barrier. A token counts for its organisation, once
    for all that one owner has; without a token the report is kept and not counted. Who reports is never shown.
    """
    return once(request, lambda: _report(request))


def _report(request: HttpRequest) -> HttpResponse:
    body = BodyReader(request.body, ("text", "language", "answer", "line", "measure", "product", "economy"))
    finding = read_reported_finding(body)
    if isinstance(finding, Refusal):
        return barrier_refused(finding)
    acting = admit_caller(request).acting
    made = barrier_report(
        finding=finding,
        text=body.text("text"),
        language=body.text("language", required=False)[:_LONGEST_LANGUAGE],
        means=Means.API,
        actor=acting or VISITOR,
        client=client_of(request),
        now=timezone.now(),
    )
    response = _result(made, HTTPStatus.CREATED)
    if not isinstance(made, Refusal):
        response.headers["Location"] = f"/api/v1/barriers/{made.id}"
    return response


@router.get(
    "/barriers/{barrier_id}",
    operation_id="barrier_read",
    summary="One barrier with its reports, clocks and history",
    openapi_extra=operation(ref("Barrier"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read(request: HttpRequest, barrier_id: BarrierId) -> HttpResponse:
    """It names authorities, never a reporter."""
    del request
    found = barrier_read(barrier_id, timezone.now()) if "\0" not in barrier_id else None
    if found is None:
        return barrier_refused(Refusal(BARRIER_UNKNOWN, {"id": barrier_id[:40]}))
    return json_response(orjson.dumps(barrier_json(found)))


@router.post(
    "/barriers/{barrier_id}/answer",
    operation_id="barrier_answer",
    summary="Answer for an authority: will change, disagree, or not ours",
    openapi_extra=operation(
        ref("Barrier"), body=ref("BarrierAnswer"), examples=EXAMPLES["answer"], problems=_ACT_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def answer(request: HttpRequest, barrier_id: BarrierId) -> HttpResponse:
    """For an agency of the economy, or of the union that made the rule."""
    return once(request, lambda: _act(request, barrier_id, answer_command, ("kind", "reason", "promised")))


@router.post(
    "/barriers/{barrier_id}/claim",
    operation_id="barrier_claim",
    summary="Claim for an authority that a barrier is gone",
    openapi_extra=operation(
        ref("Barrier"), body=ref("BarrierClaim"), examples=EXAMPLES["claim"], problems=_ACT_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def claim(request: HttpRequest, barrier_id: BarrierId) -> HttpResponse:
    """Its reporters then have 30 days to say whether it is; the claim alone resolves nothing."""
    return once(request, lambda: _act(request, barrier_id, claim_command, ("reason",)))


@router.post(
    "/barriers/{barrier_id}/confirmation",
    operation_id="barrier_confirmation",
    summary="Say as a reporter whether a barrier is gone",
    openapi_extra=operation(
        ref("Barrier"), body=ref("BarrierConfirmation"), examples=EXAMPLES["confirmation"], problems=_ACT_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def confirmation(request: HttpRequest, barrier_id: BarrierId) -> HttpResponse:
    """The last word of an owner group counts, until two thirds of those who answer settle it."""
    return once(request, lambda: _act(request, barrier_id, reply_command, ("resolved",)))


@router.post(
    "/barriers/{barrier_id}/reopening",
    operation_id="barrier_reopening",
    summary="Reopen a barrier as a reporter, with new evidence",
    openapi_extra=operation(
        ref("Barrier"), body=ref("BarrierReopening"), examples=EXAMPLES["reopening"], problems=_ACT_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def reopen_barrier(request: HttpRequest, barrier_id: BarrierId) -> HttpResponse:
    """At any time after an answer; the clocks restart, and the age keeps counting."""
    return once(request, lambda: _reopen(request, barrier_id))


def _reopen(request: HttpRequest, barrier_id: str) -> HttpResponse:
    body = BodyReader(request.body, ("text", "language", "answer", "measure"))
    finding = read_support(body)
    if isinstance(finding, Refusal):
        return barrier_refused(finding)
    made = barrier_reopen(
        barrier=barrier_id,
        finding=finding,
        text=body.text("text"),
        language=body.text("language", required=False)[:_LONGEST_LANGUAGE],
        means=Means.API,
        actor=find_acting_caller(request),
        now=timezone.now(),
    )
    return _result(made)


def _act(
    request: HttpRequest,
    barrier_id: str,
    read_command: Callable[[BodyReader], BarrierCommand | Refusal],
    fields: tuple[str, ...],
) -> HttpResponse:
    command = read_command(BodyReader(request.body, fields))
    if isinstance(command, Refusal):
        return barrier_refused(command)
    return _result(
        barrier_act(barrier=barrier_id, command=command, actor=find_acting_caller(request), now=timezone.now())
    )


def _result(made: Barrier | Refusal, status: int = HTTPStatus.OK) -> HttpResponse:
    if isinstance(made, Refusal):
        return barrier_refused(made)
    found = barrier_read(made.id, timezone.now())
    if found is None:
        msg = f"{made.id} was changed and is not there"
        raise ValueError(msg)
    return json_response(orjson.dumps(barrier_json(found)), status)
