"""Two addresses that a load balancer asks: whether the process lives, and whether it can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from ewtp.apps.assessment.reading.compiled_state import compiled_state
from ewtp.apps.rulebook.reading.versions import latest_version

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not; with the rulebook and whether it is compiled.

    Answers do not wait for the compiled rulebook: until it is ready, market questions take seconds.
    """
    try:
        version = latest_version()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    rulebook = {"version": version.label, "compiled": compiled_state(version.ref)} if version else None
    return JsonResponse({"ready": True, "database": True, "rulebook": rulebook})
