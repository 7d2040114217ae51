"""Members, tokens and verifications of organisations over HTTP."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from django.utils import timezone
from ninja import PathEx, Router
from ninja.params import P  # noqa: TC002 - likewise

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.accounts.reading.tokens import organisation_tokens, token_list
from ewtp.apps.http.surface.access import find_acting_caller, needs
from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.http.surface.idempotency import once
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.http.surface.sentences import FIELD_MISSING
from ewtp.apps.organisations.actions.organisation_tokens import organisation_token_create, organisation_token_revoke
from ewtp.apps.organisations.actions.organisations import (
    member_invite,
    organisation_change,
    organisation_verify,
    verification_revoke,
)
from ewtp.apps.organisations.surface.invitation_mail import invitation_mail
from ewtp.apps.organisations.surface.openapi import EXAMPLES, ORGANISATION_PARAMETER
from ewtp.apps.organisations.surface.organisation_json import (
    invitation_json,
    members_json,
    token_json,
    verification_json,
)
from ewtp.apps.organisations.surface.statuses import (
    find_meant_organisation,
    own_response,
    refusal_response,
    result_response,
)
from ewtp.core.organisations.commands import ChangeRole, RemoveMember
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from typing import Any

    from ewtp.apps.organisations.actions.organisations import NewInvitation

router = Router(tags=["organisations"])
_PARAMETERS = (ORGANISATION_PARAMETER,)
_READ_PROBLEMS = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
_WRITE_PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@router.get(
    "/members",
    operation_id="members_list",
    summary="Who belongs to the organisation, and who is invited",
    openapi_extra=operation(ref("Members"), parameters=_PARAMETERS, problems=_READ_PROBLEMS),
)
@needs(Scope.READ, own=True)
def members(request: HttpRequest) -> HttpResponse:
    """Persons are known by an identifier that tells nothing about them."""
    return own_response(request, members_json)


@router.post(
    "/members",
    operation_id="member_invite",
    summary="Invite somebody by e-mail",
    openapi_extra=operation(
        ref("Invitation"),
        status=HTTPStatus.CREATED,
        body=ref("NewInvitation"),
        examples=EXAMPLES["invitation"],
        problems=_WRITE_PROBLEMS,
    ),
)
@needs(Scope.ADMINISTER, own=True)
def invite(request: HttpRequest) -> HttpResponse:
    """The address that takes it on goes to that person by mail, and is not in the answer."""
    return once(request, lambda: _invite(request))


def _invite(request: HttpRequest) -> HttpResponse:
    body = BodyReader(request.body, ("email", "role", "organisation"))
    email, role = body.text("email"), body.text("role")
    organisation = find_meant_organisation(request, body.text("organisation", required=False))
    if body.refusal is not None:
        return refusal_response(body.refusal)
    made = member_invite(
        organisation=organisation,
        email=email,
        role=role,
        actor=find_acting_caller(request),
        now=timezone.now(),
        compose=invitation_mail(f"{request.scheme}://{request.get_host()}"),
    )
    return result_response(made, _invitation_json, HTTPStatus.CREATED)


def _invitation_json(made: NewInvitation) -> dict[str, Any]:
    return invitation_json(next(each for each in made.organisation.invitations if each.id == made.id))


@router.patch(
    "/members/{person}",
    operation_id="member_change",
    summary="Change the role of a member, or end the membership",
    openapi_extra=operation(
        ref("Members"),
        parameters=_PARAMETERS,
        body=ref("MemberChange"),
        examples=EXAMPLES["member"],
        problems=_WRITE_PROBLEMS,
    ),
)
@needs(Scope.ADMINISTER, own=True)
def member_change(
    request: HttpRequest,
    person: PathEx[str, P(description="The id of a person, which `GET /members` lists.")],
) -> HttpResponse:
    """An organisation keeps at least one owner, and a token neither makes nor removes one."""
    return once(request, lambda: _member_change(request, person))


def _member_change(request: HttpRequest, person: str) -> HttpResponse:
    asked, body = QueryReader(request.GET, _PARAMETERS), BodyReader(request.body, ("role",))
    ends = body.has("role") and not body.text("role", required=False)
    role = "" if ends else body.text("role")
    refusals = [each for each in (asked.refusal, body.refusal) if each is not None]
    if refusals:
        return refusal_response(Refusal.join(refusals))
    changed = organisation_change(
        organisation=find_meant_organisation(request, asked.text("organisation")),
        command=RemoveMember(person) if ends else ChangeRole(person, role),
        actor=find_acting_caller(request),
        now=timezone.now(),
    )
    return result_response(changed, members_json)


@router.get(
    "/tokens",
    operation_id="tokens_list",
    summary="The tokens of the organisation, without their secrets",
    openapi_extra=operation(ref("TokenList"), problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)),
)
@needs(Scope.READ, own=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """Oldest first, those revoked included; `last_used` is true to the hour. The operator gets all of them."""
    asked = QueryReader(request.GET, ())
    if asked.refusal is not None:
        return problem(asked.refusal)
    actor = find_acting_caller(request)
    found = token_list() if actor.is_operator else organisation_tokens(actor)
    return json_response(orjson.dumps({"items": [token_json(each) for each in found]}))


@router.post(
    "/tokens",
    operation_id="token_create",
    summary="Make a token that acts for the organisation",
    openapi_extra=operation(
        ref("TokenSecret"),
        status=HTTPStatus.CREATED,
        body=ref("NewToken"),
        examples=EXAMPLES["token"],
        problems=_WRITE_PROBLEMS,
    ),
)
@needs(Scope.ADMINISTER, own=True)
def token_make(request: HttpRequest) -> HttpResponse:
    """A token gives no scope that it lacks itself. The secret is in this answer alone."""
    return once(request, lambda: _token_make(request))


def _token_make(request: HttpRequest) -> HttpResponse:
    body = BodyReader(request.body, ("name", "scopes", "organisation"))
    name, scopes = body.text("name"), body.texts("scopes")
    organisation = find_meant_organisation(request, body.text("organisation", required=False))
    if body.refusal is not None:
        return refusal_response(body.refusal)
    made = organisation_token_create(
        name=name, scopes=scopes, organisation=organisation, actor=find_acting_caller(request), now=timezone.now()
    )
    return result_response(made, lambda new: {"token": token_json(new.token), "secret": new.secret}, HTTPStatus.CREATED)


@router.patch(
    "/tokens/{prefix}",
    operation_id="token_revoke",
    summary="Revoke a token",
    openapi_extra=operation(
        ref("Token"), body=ref("TokenChange"), examples=EXAMPLES["token_change"], problems=_WRITE_PROBLEMS
    ),
)
@needs(Scope.ADMINISTER, own=True)
def token_change(
    request: HttpRequest,
    prefix: PathEx[str, P(description="The prefix of a token, which `GET /tokens` lists.")],
) -> HttpResponse:
    """Within five seconds it opens nothing any more, and never again."""
    return once(request, lambda: _token_change(request, prefix))


def _token_change(request: HttpRequest, prefix: str) -> HttpResponse:
    body = BodyReader(request.body, ("revoked",))
    if not body.is_true("revoked"):
        body.refuse_form("revoked")
    if body.refusal is not None:
        return refusal_response(body.refusal)
    actor = find_acting_caller(request)
    gone = organisation_token_revoke(prefix=prefix, organisation=actor.on_behalf_of, actor=actor, now=timezone.now())
    return result_response(gone, token_json)


@router.get(
    "/verifications-of-organisations",
    operation_id="verifications_list",
    summary="What was verified about the organisation, by whom, on what evidence, until when",
    openapi_extra=operation(ref("VerificationList"), parameters=_PARAMETERS, problems=_READ_PROBLEMS),
)
@needs(Scope.READ, own=True)
def verifications(request: HttpRequest) -> HttpResponse:
    """In the order in which they were stated; those that ended are listed too."""
    return own_response(
        request, lambda found: {"items": [verification_json(each, found.id) for each in found.verifications]}
    )


@router.post(
    "/verifications-of-organisations",
    operation_id="verification_state",
    summary="State that something about another organisation was verified",
    openapi_extra=operation(
        ref("OrganisationVerification"),
        status=HTTPStatus.CREATED,
        body=ref("NewVerification"),
        examples=EXAMPLES["verification"],
        problems=_WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def verification_state(request: HttpRequest) -> HttpResponse:
    """For the operator, and for an agency of the organisation's economy whose own identity is verified."""
    return once(request, lambda: _verification_state(request))


def _verification_state(request: HttpRequest) -> HttpResponse:
    body = BodyReader(request.body, ("organisation", "subject", "evidence", "sha256", "until"))
    organisation, subject = body.text("organisation"), body.text("subject")
    evidence, digest, written = body.text("evidence"), body.text("sha256"), body.text("until")
    until = _day(written)
    if until is None and body.refusal is None:
        body.refuse_form("until")
    if body.refusal is not None or until is None:
        return refusal_response(body.refusal or Refusal(FIELD_MISSING, {"field": "until"}, where="until"))
    stated = organisation_verify(
        organisation=organisation,
        subject=subject,
        evidence=evidence,
        digest=digest,
        until=until,
        actor=find_acting_caller(request),
        now=timezone.now(),
    )
    return result_response(
        stated, lambda after: verification_json(after.verifications[-1], after.id), HTTPStatus.CREATED
    )


@router.patch(
    "/verifications-of-organisations/{verification_id}",
    operation_id="verification_revoke",
    summary="Revoke a verification",
    openapi_extra=operation(
        ref("OrganisationVerification"),
        body=ref("VerificationChange"),
        examples=EXAMPLES["verification_change"],
        problems=_WRITE_PROBLEMS,
    ),
)
@needs(Scope.WRITE, own=True)
def verification_change(
    request: HttpRequest,
    verification_id: PathEx[str, P(description="Its id, which `GET /verifications-of-organisations` lists.")],
) -> HttpResponse:
    """For the operator, and for the authority that stated it; it stays listed with its end and the reason."""
    return once(request, lambda: _verification_change(request, verification_id))


def _verification_change(request: HttpRequest, verification: str) -> HttpResponse:
    body = BodyReader(request.body, ("revoked", "reason"))
    if not body.is_true("revoked"):
        body.refuse_form("revoked")
    reason = body.text("reason")
    if body.refusal is not None:
        return refusal_response(body.refusal)
    changed = verification_revoke(
        verification=verification, reason=reason, actor=find_acting_caller(request), now=timezone.now()
    )
    return result_response(
        changed,
        lambda after: verification_json(
            next(each for each in after.verifications if each.id == verification), after.id
        ),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-06-30") else None
    except ValueError:
        return None
