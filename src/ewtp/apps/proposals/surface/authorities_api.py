"""Keys of authorities, adoptions that are withdrawn or renewed, and what small firms send back, over HTTP."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import PathEx, Router
from ninja.params import P

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.adoption_endings import adoption_withdraw
from ewtp.apps.proposals.actions.adoption_renewals import adoption_renew
from ewtp.apps.proposals.actions.authority_keys import authority_key_back, authority_key_set
from ewtp.apps.proposals.actions.votes import send_back_cast
from ewtp.apps.proposals.reading.authority_key_list import authority_keys
from ewtp.apps.proposals.reading.sentences import DAY_INVALID, VOTE_UNKNOWN
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.surface.authorities_openapi import EXAMPLES
from ewtp.apps.proposals.surface.openapi import WRITE_PROBLEMS, Identity
from ewtp.apps.proposals.surface.proposal_json import proposal_json
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.apps.proposals.surface.text_fields import day_of_field
from ewtp.apps.proposals.surface.vote_json import tally_json
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.proposals.authority_key import AuthorityKey
    from ewtp.core.proposals.proposal import Proposal

router = Router(tags=["proposals"])
_LONGEST_ID = 40
Economy = PathEx[str, P(description="The code of an economy.", example="KE")]


@router.get(
    "/authority-keys",
    operation_id="authority_keys",
    summary="The keys with which authorities of economies sign",
    openapi_extra=operation(ref("AuthorityKeys")),
)
@needs(Scope.READ)
def read_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """Their history is in the log."""
    return json_response(orjson.dumps({"items": [_key_json(each) for each in authority_keys()]}))


@router.post(
    "/authority-keys",
    operation_id="authority_key_set",
    summary="Register the key of an authority, or replace it",
    openapi_extra=operation(
        ref("AuthorityKey"),
        status=HTTPStatus.CREATED,
        body=ref("NewAuthorityKey"),
        examples=EXAMPLES["key"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def set_key(request: HttpRequest) -> HttpResponse:
    """Without `key` the hub makes one and holds it. 422 with the `statement` to sign where a signature is missing."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("economy", "key", "signed"))
        economy, key, signed = (body.text(name, required=name == "economy") for name in ("economy", "key", "signed"))
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        made = authority_key_set(
            economy=economy, key=key, signed=signed, actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(made, _key_json, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/authority-keys/{economy}/backings",
    operation_id="authority_key_back",
    summary="Say as a government which key an authority has that lost its own",
    openapi_extra=operation(
        ref("AuthorityKey"), body=ref("NewKeyBacking"), examples=EXAMPLES["backing"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def back_key(request: HttpRequest, economy: Economy) -> HttpResponse:
    """The word of a third government replaces the key."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("key", "signed"))
        key, signed = body.text("key"), body.text("signed", required=False)
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        made = authority_key_back(
            economy=economy, key=key, signed=signed, actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(made, _key_json)

    return once(request, run)


@router.post(
    "/adoptions/withdrawal",
    operation_id="adoption_withdraw",
    summary="Withdraw an adoption, with notice, as the economy's authority",
    openapi_extra=operation(
        ref("Proposal"), body=ref("AdoptionWithdrawal"), examples=EXAMPLES["withdrawal"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def withdraw(request: HttpRequest) -> HttpResponse:
    """The law is in effect again after its last day; what was adopted stays listed."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("proposal", "act", "last_day", "reason", "signed"))
        texts = {name: body.text(name) for name in ("proposal", "act", "last_day", "reason")}
        signed = body.text("signed", required=False)
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        try:
            last_day = date.fromisoformat(texts.pop("last_day"))
        except ValueError:
            return proposal_problem(Refusal(DAY_INVALID, where="last_day"))
        now = timezone.now()
        made = adoption_withdraw(**texts, last_day=last_day, signed=signed, actor=find_acting_caller(request), now=now)
        return proposal_response(made, _proposal_json)

    return once(request, run)


@router.post(
    "/adoptions/renewal",
    operation_id="adoption_renew",
    summary="Renew an adoption that would end by itself, as the economy's authority",
    openapi_extra=operation(
        ref("Proposal"), body=ref("AdoptionRenewal"), examples=EXAMPLES["renewal"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def renew(request: HttpRequest) -> HttpResponse:
    """Once, in the last 120 days, for as many days as were voted on at most; later its articles are proposed again."""

    def run() -> HttpResponse:
        cited = ("title", "publisher", "reference")
        body = BodyReader(request.body, ("proposal", "act", "last_day", *cited, "published", "url", "signed"))
        texts = {name: body.text(name) for name in ("proposal", "act", "last_day", *cited)}
        others = {name: body.text(name, required=False) for name in ("published", "url", "signed")}
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        last_day, published = (
            day_of_field(texts["last_day"], "last_day"),
            day_of_field(others["published"], "published"),
        )
        wrong = [each for each in (last_day, published) if isinstance(each, Refusal)]
        if wrong or not isinstance(last_day, date) or isinstance(published, Refusal):
            return proposal_problem(Refusal.join(wrong))
        made = adoption_renew(
            proposal=texts["proposal"],
            act=texts["act"],
            last_day=last_day,
            cited=ActCited("", texts["title"], texts["publisher"], texts["reference"], published, others["url"]),
            actor=find_acting_caller(request),
            now=timezone.now(),
            signed=others["signed"],
        )
        return proposal_response(made, _proposal_json)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/send-back",
    operation_id="proposal_send_back",
    summary="Say as a small firm whether what passed is sent back",
    openapi_extra=operation(
        ref("VoteTally"), body=ref("SendBack"), examples=EXAMPLES["send_back"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def send_back(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Within the time after the count, once; the small firms' own majority and quorum decide."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("choice", "reason"))
        choice, reason = body.text("choice"), body.text("reason", required=False)
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        now = timezone.now()
        refused = send_back_cast(
            proposal=proposal_id, choice=choice, reason=reason, actor=find_acting_caller(request), now=now
        )
        record = vote_of(proposal_id)
        if refused is not None or record is None:
            return proposal_problem(refused or Refusal(VOTE_UNKNOWN, {"id": proposal_id[:_LONGEST_ID]}))
        return json_response(orjson.dumps(tally_json(record, record.find_figures(now))))

    return once(request, run)


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    return proposal_json(proposal, timezone.now())


def _key_json(key: AuthorityKey) -> dict[str, Any]:
    return {
        "economy": key.economy,
        "key": key.key,
        "hosted": key.hosted,
        "since": key.at.isoformat(),
        "backings": [{"key": backed, "by": by} for backed, by in key.backings],
    }
