"""Votes and adoptions over HTTP."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.list_page import DEFAULT_PAGE, Cursor, read_cursor, read_limit
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.adoptions import proposal_adopt, proposal_decline
from ewtp.apps.proposals.actions.alarm_answers import opinion_state
from ewtp.apps.proposals.actions.votes import ballot_cast, vote_close, vote_open
from ewtp.apps.proposals.reading.adoption_list import adoptions_page
from ewtp.apps.proposals.reading.market_outlook import outlook_changes
from ewtp.apps.proposals.reading.sentences import DAY_INVALID, VOTE_UNKNOWN
from ewtp.apps.proposals.reading.vote_power import power_of_vote
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.surface.openapi import (
    ADOPTION_PARAMETERS,
    CHANGE_PARAMETERS,
    EXAMPLES,
    WRITE_PROBLEMS,
    Identity,
)
from ewtp.apps.proposals.surface.proposal_json import adoption_json, change_json, proposal_json
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.apps.proposals.surface.text_fields import day_of_field
from ewtp.apps.proposals.surface.vote_json import tally_json
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.ballot import BallotReceipt

if TYPE_CHECKING:
    from typing import Any

    from ewtp.core.proposals.proposal import Proposal

router = Router(tags=["proposals"])
_LONGEST_ID = 40


@router.post(
    "/proposals/{proposal_id}/open",
    operation_id="vote_open",
    summary="Open the vote on a frozen proposal",
    openapi_extra=operation(
        ref("Proposal"), body=ref("NoFields"), examples=EXAMPLES["nothing"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def open_vote(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The roll is frozen at this moment; its root is in the log."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ())
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        now = timezone.now()
        opened = vote_open(proposal=proposal_id, actor=find_acting_caller(request), now=now)
        return proposal_response(opened, lambda each: proposal_json(each, now))

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/ballots",
    operation_id="ballot_cast",
    summary="Cast the ballot of an organisation",
    openapi_extra=operation(
        ref("BallotReceipt"),
        status=HTTPStatus.CREATED,
        body=ref("NewBallot"),
        examples=EXAMPLES["ballot"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def cast(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The last ballot of an owner group counts. Keep the receipt: the log has its seal alone."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("choice",))
        choice = body.text("choice")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        receipt = ballot_cast(
            proposal=proposal_id, choice=choice, actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(receipt, BallotReceipt.as_json, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/close",
    operation_id="vote_close",
    summary="Close the vote whose time is over, and open its ballots",
    openapi_extra=operation(
        ref("VoteTally"), body=ref("NoFields"), examples=EXAMPLES["nothing"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def close(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The hub does so by itself as well; nothing of the result depends on who does, or when."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ())
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        closed = vote_close(proposal=proposal_id, now=timezone.now())
        return proposal_problem(closed) if isinstance(closed, Refusal) else _tally(proposal_id)

    return once(request, run)


@router.get(
    "/proposals/{proposal_id}/tally",
    operation_id="vote_tally",
    summary="The state of the vote: turnout while it runs, shares afterwards",
    openapi_extra=operation(ref("VoteTally"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read_tally(request: HttpRequest, proposal_id: Identity) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """Recomputed from the entries of the log, as anybody can."""
    return _tally(proposal_id)


def _tally(proposal: str) -> HttpResponse:
    record = vote_of(proposal)
    if record is None:
        return proposal_problem(Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]}))
    return json_response(orjson.dumps(tally_json(record, record.find_figures(timezone.now()))))


@router.get(
    "/proposals/{proposal_id}/power",
    operation_id="vote_power",
    summary="The power of every bloc in the vote, and the alarms of capture",
    openapi_extra=operation(ref("VotePower"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def read_power(request: HttpRequest, proposal_id: Identity) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """Owners, economies, verifiers, cohorts and houses, by the indices of Shapley and Banzhaf."""
    record = vote_of(proposal_id)
    if record is None:
        return proposal_problem(Refusal(VOTE_UNKNOWN, {"id": proposal_id[:_LONGEST_ID]}))
    return json_response(orjson.dumps(power_of_vote(record, timezone.now())))


@router.post(
    "/proposals/{proposal_id}/alarms",
    operation_id="alarm_answer",
    summary="Say how alarms of a kind are answered, as a member of the body that the log drew",
    openapi_extra=operation(
        ref("VotePower"), body=ref("AlarmAnswer"), examples=EXAMPLES["alarm"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def answer_alarm(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """What most of the body agree on is the answer; without one in time the vote lapses."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("alarm", "verdict", "reason", "struck"))
        struck = body.texts("struck") if body.has("struck") else []
        alarm, verdict, reason = (body.text(name) for name in ("alarm", "verdict", "reason"))
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        now = timezone.now()
        refused = opinion_state(
            proposal=proposal_id,
            alarm=alarm,
            verdict=verdict,
            reason=reason,
            struck=struck,
            actor=find_acting_caller(request),
            now=now,
        )
        record = vote_of(proposal_id)
        if refused is not None or record is None:
            return proposal_problem(refused or Refusal(VOTE_UNKNOWN, {"id": proposal_id[:_LONGEST_ID]}))
        return json_response(orjson.dumps(power_of_vote(record, now)))

    return once(request, run)


@router.get(
    "/adoptions",
    operation_id="adoptions_list",
    summary="What economies adopted, newest first",
    openapi_extra=operation(
        ref("AdoptionPage"), parameters=ADOPTION_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def adoptions(request: HttpRequest) -> HttpResponse:
    """By article; from their day on they are in every answer, which cites the act."""
    asked = QueryReader(request.GET, ADOPTION_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    found, following = adoptions_page(territory=asked.text("territory"), before=cursor.after, limit=limit)
    items = [adoption_json(adoption, proposal) for proposal, adoption in found]
    return json_response(orjson.dumps({"items": items, "next": Cursor(None, following).text() if following else None}))


@router.get(
    "/adoptions/changes",
    operation_id="outlook_changes",
    summary="What proposals change in a market around a day, and answers do not count",
    openapi_extra=operation(
        ref("OutlookChanges"), parameters=CHANGE_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
    ),
)
@needs(Scope.READ)
def changes(request: HttpRequest) -> HttpResponse:
    """Adoptions that are coming, ending, over or wait for others; what passed and what is proposed."""
    asked = QueryReader(request.GET, CHANGE_PARAMETERS)
    day = asked.take(day_of_field(asked.text("date"), "date")) if asked.text("date") else None
    if asked.refusal is not None:
        return problem(asked.refusal)
    now, hs = timezone.now(), asked.text("hs").replace(".", "").replace(" ", "")
    found = outlook_changes(asked.text("economy"), [hs], day or now.date(), now)
    return json_response(orjson.dumps({"items": [change_json(each) for each in found]}))


@router.post(
    "/adoptions",
    operation_id="adoption_create",
    summary="Give effect to articles of a proposal, or decline it, as an economy's authority",
    openapi_extra=operation(
        ref("Proposal"),
        status=HTTPStatus.CREATED,
        body=ref("NewAdoption"),
        examples=EXAMPLES["adoption"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def adopt(request: HttpRequest) -> HttpResponse:
    """The act cited is the economy's own publication; answers name it from that day on."""
    return once(request, lambda: _adopt(request))


def _adopt(request: HttpRequest) -> HttpResponse:
    optional = ("title", "publisher", "reference", "url", "published", "declines", "signed")
    body = BodyReader(request.body, ("proposal", "territory", "articles", "effective", *optional))
    proposal, territory = body.text("proposal"), body.text("territory")
    texts = {name: body.text(name, required=False) for name in (*optional, "effective")}
    articles = body.texts("articles") if body.has("articles") else []
    if body.refusal is not None:
        return proposal_problem(body.refusal)
    actor, now = find_acting_caller(request), timezone.now()
    if texts["declines"]:
        reason, signed = texts["declines"], texts["signed"]
        return _answer_created(
            proposal_decline(proposal=proposal, territory=territory, reason=reason, actor=actor, now=now, signed=signed)
        )
    days = {name: day_of_field(texts[name], name) for name in ("effective", "published")}
    wrong = [each for each in days.values() if isinstance(each, Refusal)]
    effective, published = days["effective"], days["published"]
    if wrong or not isinstance(effective, date) or isinstance(published, Refusal):
        return proposal_problem(Refusal.join(wrong or [Refusal(DAY_INVALID, where="effective")]))
    cited = ActCited(territory, texts["title"], texts["publisher"], texts["reference"], published, texts["url"])
    return _answer_created(
        proposal_adopt(
            proposal=proposal,
            articles=articles,
            effective=effective,
            cited=cited,
            actor=actor,
            now=now,
            signed=texts["signed"],
        )
    )


def _answer_created(result: Proposal | Refusal) -> HttpResponse:
    def write(proposal: Proposal) -> dict[str, Any]:
        return proposal_json(proposal, timezone.now())

    return proposal_response(result, write, HTTPStatus.CREATED)
