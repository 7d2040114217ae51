"""Shared parts of the API's description: schemas, tags, tokens, and problems that any route can give."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ewtp.apps.accounts.reading.scopes import PUBLIC_SCOPES
from ewtp.apps.assessment.surface import openapi as assessment
from ewtp.apps.barriers.surface import openapi as barriers
from ewtp.apps.batches.surface import openapi as batches
from ewtp.apps.classification.surface import openapi as classification
from ewtp.apps.distances.surface import openapi as distances
from ewtp.apps.http.surface import schemas
from ewtp.apps.http.surface.operations import problem_response
from ewtp.apps.hubs.surface import openapi as hubs
from ewtp.apps.log_view.surface import openapi as log
from ewtp.apps.markets.surface import openapi as markets
from ewtp.apps.organisations.surface import openapi as organisations
from ewtp.apps.proposals.surface import appeals_openapi as appeals
from ewtp.apps.proposals.surface import authorities_openapi as authorities
from ewtp.apps.proposals.surface import effect_openapi as effects
from ewtp.apps.proposals.surface import openapi as proposals
from ewtp.apps.proposals.surface import secret_openapi as secret_ballots
from ewtp.apps.rulebook.surface import openapi as rulebook
from ewtp.apps.rulebook.surface import origin_openapi as origin
from ewtp.apps.updates.surface import openapi as updates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.accounts.reading.scopes import Scope

_TOKEN = "token"  # noqa: S105 - the name of a scheme
_TAGS = {
    "assessments": "What goods cost in another economy, what they need, and what is not known.",
    "barriers": "What stops trade: reported by those who meet it, and what authorities do about it.",
    "markets": "Every destination for a product, or every origin for a market, ranked.",
    "origin": "Where goods made in several economies originate, without a preference.",
    "hs": "Tariff codes for a product in words.",
    "organisations": "Who acts: organisations, members, tokens and verifications, each organisation its own alone.",
    "proposals": "Changes of the rules: proposed, amended, replayed, voted on in four houses, adopted by economies.",
    "log": "What was done here, in an order that anybody can check.",
    "rulebook": "The rules that answers are given from, with their sources.",
}


def complete_description(description: dict[str, Any], declared: Mapping[str, tuple[Scope | None, bool, bool]]) -> None:
    """Complete the framework's description; ``declared`` is what operations declare, by name."""
    components = description["components"]
    for app in (
        schemas,
        assessment,
        markets,
        classification,
        rulebook,
        origin,
        updates,
        batches,
        distances,
        hubs,
        organisations,
        barriers,
        proposals,
        effects,
        authorities,
        appeals,
        secret_ballots,
        log,
    ):
        components["schemas"].update(app.COMPONENTS)
    components["securitySchemes"] = {
        _TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made by `ewtp token create`; it opens what its scopes name.",
        }
    }
    description["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items()]
    for path in description["paths"].values():
        for operation in path.values():
            _complete(operation, *declared[operation["operationId"]])


def _complete(operation: dict[str, Any], scope: Scope | None, own: bool, visitors: bool) -> None:  # noqa: FBT001 - as it was declared
    statuses = [HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS]
    if scope is not None:
        statuses += [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS]
        operation["security"] = [{}] if visitors or (scope in PUBLIC_SCOPES and not own) else []
        operation["security"].append({_TOKEN: [scope.value]})
    if "requestBody" in operation:
        statuses += [HTTPStatus.LENGTH_REQUIRED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE]
        statuses.append(HTTPStatus.REQUEST_TIMEOUT)
    responses = operation["responses"]
    # Responses are known by numbers where an app gave them and the framework's own have no content.
    framework = [status for status, response in responses.items() if "content" not in response]
    for status in framework:
        del responses[status]
    responses.update({int(status): problem_response(status) for status in statuses})
    operation["responses"] = dict(sorted(responses.items()))
