"""The HTTP API: which router answers which address, and how everything that goes wrong is said."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ewtp.apps.assessment.api import router as assessments
from ewtp.apps.protocol.problems import problem
from ewtp.core.values.refusals import Refusal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

api = NinjaAPI(
    title="eWTP",
    version="1",
    description=(
        "What it takes to sell a product in another economy: cost, papers, savings and what is not known, each with "
        "its source. Amounts are decimal strings; errors are problem documents (RFC 9457) with a stable code."
    ),
    openapi_url="/openapi.json",
    docs_url="/docs",
    urls_namespace="api-v1",
)
api.add_router("", assessments)


@api.exception_handler(ValidationError)
def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter of the wrong shape."""
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ()))
    message = f"{first.get('msg', 'A parameter cannot be read')}; see /api/v1/docs."
    return problem(Refusal("parameter_invalid", message, where=place or None))


@api.exception_handler(HttpError)
def refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses on its own, such as a body that cannot be read."""
    return problem(Refusal("request_refused", f"{error.message or 'The request was refused'}."), error.status_code)


def not_found(_request: HttpRequest, rest: str) -> HttpResponse:
    """An address below the API that leads nowhere."""
    message = f"There is no /api/v1/{rest[:60]}; /api/v1/openapi.json lists what there is."
    return problem(Refusal("address_unknown", message), HTTPStatus.NOT_FOUND)
