"""Votes by secret ballot over HTTP: prepared by the operator and a credential authority, counted by trustees."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation, problem_response
from ewtp.apps.http.surface.problems import json_response
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.proposals.actions.secret_ballots import decryption_give, secret_ballot_cast
from ewtp.apps.proposals.actions.secret_elections import credentials_issue, secret_election_prepare
from ewtp.apps.proposals.reading.election_record import (
    archive_of,
    election_json,
    election_of,
    groups_today,
    secret_groups,
)
from ewtp.apps.proposals.reading.sentences import SECRET_ELECTION_UNKNOWN
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.surface.openapi import WRITE_PROBLEMS, Identity
from ewtp.apps.proposals.surface.proposal_statuses import proposal_problem, proposal_response
from ewtp.apps.proposals.surface.secret_openapi import EXAMPLES
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.ballot import SecretReceipt

if TYPE_CHECKING:
    from typing import Any

    from ewtp.apps.proposals.store.secret_models import PreparedElection

router = Router(tags=["proposals"])
_LONGEST_ID = 40
_BYTES_TYPE = "application/octet-stream"


@router.get(
    "/proposals/{proposal_id}/election",
    operation_id="election_read",
    summary="The secret ballot on a proposal: trustees, authority, the election, groups without a credential",
    openapi_extra=operation(ref("SecretElection"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def election_now(request: HttpRequest, proposal_id: Identity) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """`ewtp vote credentials` and `ewtp vote ballot` read this answer."""
    row = election_of(proposal_id)
    if row is None:
        return proposal_problem(Refusal(SECRET_ELECTION_UNKNOWN, {"id": proposal_id[:_LONGEST_ID]}))
    return json_response(orjson.dumps(_election(row)))


@router.post(
    "/proposals/{proposal_id}/election",
    operation_id="election_prepare",
    summary="Prepare the secret ballot of small firms, as the operator",
    openapi_extra=operation(
        ref("SecretElection"),
        status=HTTPStatus.CREATED,
        body=ref("NewSecretElection"),
        examples=EXAMPLES["election"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.OPERATE, own=True)
def prepare_election(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """Four trustees are named, one of each house; the fifth is the one that the log draws, and a refusal names it."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("authority", "members", "trustees"))
        authority, members = body.text("authority"), body.texts("members")
        trustees = body.read_array("trustees")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        prepared = secret_election_prepare(
            proposal=proposal_id,
            authority=authority,
            members=members,
            trustees=trustees,
            hub=request.get_host(),
            actor=find_acting_caller(request),
            now=timezone.now(),
        )
        return proposal_response(prepared, _election, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/credentials",
    operation_id="credentials_issue",
    summary="Give the owner groups of small firms their public keys, as the credential authority",
    openapi_extra=operation(
        ref("SecretElection"), body=ref("NewCredentials"), examples=EXAMPLES["credentials"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def issue_credentials(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """The site never sees the credentials themselves: it could cast ballots with them."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("credentials",))
        keys = body.read_object("credentials")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        issued = credentials_issue(
            proposal=proposal_id, credentials=keys, actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(issued, _election)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/secret-ballots",
    operation_id="secret_ballot_cast",
    summary="Cast a ballot that was encrypted elsewhere",
    openapi_extra=operation(
        ref("SecretReceipt"),
        status=HTTPStatus.CREATED,
        body=ref("NewSecretBallot"),
        examples=EXAMPLES["secret_ballot"],
        problems=WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def cast_secretly(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """A later one of the same owner group replaces it. The tracker finds it in the archive."""

    def run() -> HttpResponse:
        body = BodyReader(request.body, ("ballot",))
        ballot = body.text("ballot")
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        receipt = secret_ballot_cast(
            proposal=proposal_id, ballot=ballot.encode(), actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(receipt, SecretReceipt.as_json, HTTPStatus.CREATED)

    return once(request, run)


@router.post(
    "/proposals/{proposal_id}/decryptions",
    operation_id="decryption_give",
    summary="Give the partial decryption of a trustee",
    openapi_extra=operation(
        ref("DecryptionCount"), body=ref("NewDecryption"), examples=EXAMPLES["decryption"], problems=WRITE_PROBLEMS
    ),
)
@needs(Scope.WRITE, own=True)
def give_decryption(request: HttpRequest, proposal_id: Identity) -> HttpResponse:
    """As `ewtp vote decrypt` prints it. The third one gives the count of the house."""

    def run() -> HttpResponse:
        names = ("decryption_factors", "decryption_proofs")
        body = BodyReader(request.body, names)
        share = {name: body.read_array(name) for name in names}
        if body.refusal is not None:
            return proposal_problem(body.refusal)
        given = decryption_give(
            proposal=proposal_id, share=share, actor=find_acting_caller(request), now=timezone.now()
        )
        return proposal_response(given, lambda count: {"decryptions": count})

    return once(request, run)


@router.get(
    "/proposals/{proposal_id}/archive",
    operation_id="election_archive",
    summary="The archive of the secret ballot, as Belenios has it",
    openapi_extra={
        "responses": {
            200: {"description": "OK", "content": {_BYTES_TYPE: {"schema": ref("ElectionArchive")}}},
            404: problem_response(HTTPStatus.NOT_FOUND),
        }
    },
)
@needs(Scope.READ)
def read_archive(request: HttpRequest, proposal_id: Identity) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """`ewtp vote verify` and `belenios-tool election verify` check it; trustees decrypt from it."""
    archive = archive_of(proposal_id, timezone.now())
    if archive is None:
        return proposal_problem(Refusal(SECRET_ELECTION_UNKNOWN, {"id": proposal_id[:_LONGEST_ID]}))
    return HttpResponse(archive, content_type=_BYTES_TYPE)


def _election(row: PreparedElection) -> dict[str, Any]:
    """The election with the groups that need a credential: those on the roll, or that would be today."""
    vote = None if row.vote_id is None else vote_of(row.proposal_id)
    groups = groups_today(timezone.now()) if vote is None else secret_groups(vote.roll)
    return election_json(row, groups)
