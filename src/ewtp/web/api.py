"""The HTTP API: the routes of all apps, and the error responses that they share."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ewtp.apps.assessment.surface.api import router as assessments
from ewtp.apps.barriers.surface.api import router as barriers
from ewtp.apps.barriers.surface.phone_api import router as phones
from ewtp.apps.batches.surface.api import router as batches
from ewtp.apps.classification.surface.api import router as classification
from ewtp.apps.distances.surface.api import router as distances
from ewtp.apps.http.surface.problems import problem
from ewtp.apps.hubs.surface.api import router as hubs
from ewtp.apps.log_view.surface.api import router as log
from ewtp.apps.markets.surface.api import router as markets
from ewtp.apps.organisations.surface.api import router as organisations
from ewtp.apps.organisations.surface.members_api import router as members
from ewtp.apps.proposals.surface.api import router as proposals
from ewtp.apps.proposals.surface.appeals_api import router as appeals
from ewtp.apps.proposals.surface.authorities_api import router as authorities
from ewtp.apps.proposals.surface.effect_api import router as effects
from ewtp.apps.proposals.surface.replays_api import router as replays
from ewtp.apps.proposals.surface.secret_api import router as secret_ballots
from ewtp.apps.proposals.surface.votes_api import router as votes
from ewtp.apps.rulebook.surface.api import router as rulebook
from ewtp.apps.rulebook.surface.origin_api import router as origin
from ewtp.apps.updates.surface.api import router as updates
from ewtp.core.values.refusal import Refusal
from ewtp.web.api_description import complete_description
from ewtp.web.sentences import (
    ADDRESS_UNKNOWN,
    BODY_TOO_LARGE,
    INTERNAL_ERROR,
    PARAMETER_INVALID,
    REQUEST_REFUSED_BECAUSE,
)
from ewtp.web.unavailability import is_unavailable, unavailable_problem

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja.openapi.schema import OpenAPISchema

    from ewtp.apps.accounts.reading.scopes import Scope

_LOG = logging.getLogger("ewtp.api")
_NO_RESPONSE = HttpResponse()


class Api(NinjaAPI):
    """The framework's API with a description that is complete."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with the schemas of all apps and the responses that all routes share."""
        schema = super().get_openapi_schema(**options)
        complete_description(schema, self.declarations())
        return schema

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the framework's
        """One for all requests: every route answers with a response of its own."""
        return _NO_RESPONSE

    def declarations(self) -> dict[str, tuple[Scope | None, bool, bool]]:
        """What each route declares, by its operation's name: scope, and whether it is ``own`` and for ``visitors``."""
        return {
            str(operation.operation_id): (
                vars(operation.view_func)["needed_scope"],
                vars(operation.view_func)["own"],
                vars(operation.view_func)["visitors"],
            )
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        }


api = Api(
    title="eWTP",
    version="1",
    description=(
        "What it takes to sell a product in another economy: cost, papers, savings and what is not known, each with "
        "its source. Amounts are decimal strings; errors are problem documents (RFC 9457) with a stable code."
    ),
    servers=[{"url": "/"}],
    openapi_url="/openapi.json",
    docs_url="/docs",
    urls_namespace="api-v1",
)
api.add_router("", assessments)
api.add_router("", markets)
api.add_router("", classification)
api.add_router("", rulebook)
api.add_router("", origin)
api.add_router("", updates)
api.add_router("", batches)
api.add_router("", distances)
api.add_router("", hubs)
api.add_router("", organisations)
api.add_router("", members)
api.add_router("", barriers)
api.add_router("", phones)
api.add_router("", proposals)
api.add_router("", replays)
api.add_router("", votes)
api.add_router("", effects)
api.add_router("", authorities)
api.add_router("", appeals)
api.add_router("", secret_ballots)
api.add_router("", log)


@api.exception_handler(ValidationError)
def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Refuse a parameter of the wrong form."""
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ()))
    reason = first.get("msg", "A parameter cannot be read")
    return problem(Refusal(PARAMETER_INVALID, {"reason": reason}, where=place or None))


@api.exception_handler(HttpError)
def refuse_request(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Refuse what the framework refuses by itself, such as a body that cannot be read."""
    return problem(
        Refusal(REQUEST_REFUSED_BECAUSE, {"reason": error.message or "The request was refused"}), error.status_code
    )


@api.exception_handler(RequestDataTooBig)
def too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """Refuse a body that is larger than any question."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return problem(Refusal(BODY_TOO_LARGE, {"most": most}), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log an exception, which is a bug, with its traceback; the caller learns only that there was one.

    Where the database is away or busy, or the log is damaged, nothing of the request was kept, and that is the answer.
    """
    if is_unavailable(error):
        return unavailable_problem(request, error)
    _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(Refusal(INTERNAL_ERROR), HTTPStatus.INTERNAL_SERVER_ERROR)


@csrf_exempt
def not_found(_request: HttpRequest, rest: str) -> HttpResponse:
    """Refuse an address below the API that no route serves."""
    return problem(Refusal(ADDRESS_UNKNOWN, {"address": f"/api/v1/{rest[:60]}"}), HTTPStatus.NOT_FOUND)
