"""The status of each refusal that proposals and votes give over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse

Result = TypeVar("Result")
_STATUSES = {
    "json_unreadable": HTTPStatus.BAD_REQUEST,
    "proposal_unknown": HTTPStatus.NOT_FOUND,
    "vote_unknown": HTTPStatus.NOT_FOUND,
    "replay_unknown": HTTPStatus.NOT_FOUND,
    "amendment_unknown": HTTPStatus.NOT_FOUND,
    "author_needed": HTTPStatus.FORBIDDEN,
    "sponsor_needed": HTTPStatus.FORBIDDEN,
    "authority_needed": HTTPStatus.FORBIDDEN,
    "proposal_participant_needed": HTTPStatus.FORBIDDEN,
    "ballot_organisation_needed": HTTPStatus.FORBIDDEN,
    "not_on_the_roll": HTTPStatus.FORBIDDEN,
    "answering_body_needed": HTTPStatus.FORBIDDEN,
    "alarm_not_open": HTTPStatus.CONFLICT,
    "adoption_appealed": HTTPStatus.CONFLICT,
    "appeal_body_needed": HTTPStatus.FORBIDDEN,
    "appeal_lodged_before": HTTPStatus.CONFLICT,
    "appeal_not_open": HTTPStatus.CONFLICT,
    "appeal_organisation_needed": HTTPStatus.FORBIDDEN,
    "appeal_too_late": HTTPStatus.CONFLICT,
    "appeal_unknown": HTTPStatus.NOT_FOUND,
    "secret_election_unknown": HTTPStatus.NOT_FOUND,
    "credential_authority_needed": HTTPStatus.FORBIDDEN,
    "trustee_needed": HTTPStatus.FORBIDDEN,
    "secret_election_needed": HTTPStatus.CONFLICT,
    "secret_election_unwanted": HTTPStatus.CONFLICT,
    "credentials_missing": HTTPStatus.CONFLICT,
    "decryption_closed": HTTPStatus.CONFLICT,
    "secret_ballots_extra_missing": HTTPStatus.CONFLICT,
    "proposal_stage": HTTPStatus.CONFLICT,
    "amendment_not_open": HTTPStatus.CONFLICT,
    "amendment_conflicts": HTTPStatus.CONFLICT,
    "ballot_too_late": HTTPStatus.CONFLICT,
    "vote_not_over": HTTPStatus.CONFLICT,
    "replay_missing": HTTPStatus.CONFLICT,
    "replay_of_own_group": HTTPStatus.CONFLICT,
    "replay_unconfirmed": HTTPStatus.CONFLICT,
    "adoption_twice": HTTPStatus.CONFLICT,
    "adoption_over": HTTPStatus.CONFLICT,
    "adoption_renewed_before": HTTPStatus.CONFLICT,
    "adoption_without_sunset": HTTPStatus.CONFLICT,
    "renewal_too_soon": HTTPStatus.CONFLICT,
    "act_followed": HTTPStatus.CONFLICT,
    "effect_planner_needed": HTTPStatus.FORBIDDEN,
    "authority_key_own": HTTPStatus.FORBIDDEN,
    "send_back_closed": HTTPStatus.CONFLICT,
    "adoption_law_moved": HTTPStatus.CONFLICT,
}


def proposal_problem(refusal: Refusal) -> HttpResponse:
    """The refusal as a problem document with its status; a proposal named in a field is a fault of the field."""
    in_field = HTTPStatus.UNPROCESSABLE_ENTITY if refusal.where == "rival_of" else None
    return problem(refusal, in_field or _STATUSES.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY))


def proposal_response(
    result: Result | Refusal, write: Callable[[Result], Mapping[str, Any]], status: int = HTTPStatus.OK
) -> HttpResponse:
    """What ``write`` makes of a result, or the refusal."""
    if isinstance(result, Refusal):
        return proposal_problem(result)
    return json_response(orjson.dumps(write(result)), status)
