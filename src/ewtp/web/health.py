"""Two addresses that a load balancer asks: whether the process lives, and whether it can answer."""

from __future__ import annotations

import shutil
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from ewtp.apps.assessment.reading.compiled_state import read_compiled_state
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.gateways.database.migration_records import is_migrated
from ewtp.gateways.database.write_probe import takes_changes
from ewtp.web.unavailability import RETRY_SECONDS

if TYPE_CHECKING:
    from django.http import HttpRequest

# PostgreSQL's own journal takes some of this at once; below it, the next write may fail.
LEAST_FREE_BYTES = 100_000_000


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers, has every table and takes a change, and the disk has space; 503 with what is not.

    Answers do not wait for the compiled rulebook: until it is ready, market questions take seconds.
    """
    space = free_bytes() >= LEAST_FREE_BYTES
    found: dict[str, Any] = {"database": False, "tables": False, "writable": False, "disk": space}
    try:
        found["tables"] = is_migrated(connection)
        version = latest_version() if found["tables"] else None
        found["database"] = True
        found["writable"] = found["tables"] and takes_changes(connection)
        found["rulebook"] = (
            {"version": version.label, "compiled": read_compiled_state(version.ref)} if version else None
        )
    except (DatabaseError, InterfaceError):
        found["tables"] = False
    ready = found["database"] and found["tables"] and found["writable"] and found["disk"]
    if ready:
        return JsonResponse({"ready": True, **found})
    response = JsonResponse({"ready": False, **found}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def free_bytes() -> int:
    """How much space the disk of ``EWTP_HOME`` has, to whoever runs this."""
    return shutil.disk_usage(settings.HOME).free
