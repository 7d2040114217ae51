"""The product behind its own gate, with two empty addresses added for benchmarks to compare with."""

from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from ewtp.web.wsgi import application

THREADS = 2


@csrf_exempt
def empty(request: HttpRequest) -> HttpResponse:
    """Reads the body and answers with nothing: what the server and its middleware cost on their own."""
    return HttpResponse(b"{}" if request.body else b"", content_type="application/json")


# The addresses can be read once the application above has set Django up.
# The one is a page; the other has the fewer middleware of the API.
import_module("ewtp.web.urls").urlpatterns[:0] = [path("empty", empty), path("api/v1/empty", empty)]

import_module("ewtp.web.garbage_collection").collect_rarely()
# The gate counts what it turns away, so it is loaded once the site is.
_gate = import_module("ewtp.web.gate.request_gate")
gate = _gate.RequestGate(
    application, import_module("ewtp.web.gate.gate_limits").GateLimits(), threads=THREADS, proxied=False
)
