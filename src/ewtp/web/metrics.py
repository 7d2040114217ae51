"""Metrics for an operator's Prometheus: requests and how long they took, the rulebook's version and age, the database.

Every label has a bounded set of values: routes are templates, methods are the common ones, and what leads nowhere
shares one label. Processes of one server count into files that they share, so any of them answers for all.
"""

from __future__ import annotations

import os
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ewtp.apps.assessment.reading.compiled_state import CompiledState, read_compiled_state
from ewtp.apps.jobs.reading.backlog import outbox_backlog
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.apps.updates.reading.source_list import look_figures
from ewtp.gateways.installation.metrics_folder import metrics_are_shared, reserve_count_files
from ewtp.web.health import free_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from prometheus_client import Metric

    from ewtp.apps.rulebook.reading.versions import VersionInfo

UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

# When a series began is of no use to anybody here, and would double the number of lines.
disable_created_metrics()  # type: ignore[no-untyped-call]
# A server may start its processes from one that has this module already.
os.register_at_fork(after_in_child=reserve_count_files)
reserve_count_files()
_process_registry = CollectorRegistry()
_requests = Counter(
    "ewtp_http_requests",
    "Requests answered, by route, method and status.",
    ["route", "method", "status"],
    registry=_process_registry,
)
_durations = Histogram(
    "ewtp_http_request_duration_seconds",
    "Time from a request to its answer, by route and method.",
    ["route", "method"],
    buckets=_SECONDS,
    registry=_process_registry,
)
_turned_away = Counter(
    "ewtp_http_turned_away",
    "Requests refused before they reached the site, by the code of the refusal.",
    ["code"],
    registry=_process_registry,
)


def count_turned_away(code: str) -> None:
    """Count a request that was refused before it reached the site."""
    _turned_away.labels(code).inc()


class MetricsMiddleware:
    """Counts every request and how long it took; belongs outside of everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and count it."""
        begun = time.perf_counter()
        # Others may change the method on the way.
        method = request.method if request.method in _METHODS else "other"
        response = self.get_response(request)
        route = _route(request)
        _requests.labels(route, method, response.status_code).inc()
        _durations.labels(route, method).observe(time.perf_counter() - begun)
        return response


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Every metric in Prometheus' text format, version 0.0.4."""
    counted = _process_registry
    if metrics_are_shared():
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    installation = CollectorRegistry()
    installation.register(_InstallationCollector())
    installation.register(_BacklogCollector())
    content = generate_latest(counted) + generate_latest(installation)
    return HttpResponse(content, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None:
        return route_template(match.route)
    return settings.STATIC_URL if request.path.startswith(settings.STATIC_URL) else UNMATCHED


@lru_cache(maxsize=1_000)
def route_template(route: str) -> str:
    """A route as people write it, ``/answers/{assessment_id}``; the catch-all route counts as unmatched."""
    if route.startswith("^"):
        return UNMATCHED
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


class _BacklogCollector(Collector):
    """What waits to be done, and the space to do it in."""

    def collect(self) -> Iterator[Metric]:
        """Without the outbox while the database is away."""
        yield GaugeMetricFamily("ewtp_disk_free_bytes", "Space left on the disk of the installation.", free_bytes())
        try:
            backlog, looks = outbox_backlog(), look_figures()
        except (DatabaseError, InterfaceError):
            return
        late = (timezone.now() - backlog.oldest_due).total_seconds() if backlog.oldest_due else 0.0
        yield GaugeMetricFamily("ewtp_outbox_waiting", "Messages that wait to be delivered.", backlog.waiting)
        yield GaugeMetricFamily("ewtp_outbox_dead", "Messages that were given up.", backlog.dead)
        yield GaugeMetricFamily(
            "ewtp_outbox_late_seconds", "How long the oldest message that waits has been due.", max(late, 0.0)
        )
        failed = GaugeMetricFamily(
            "ewtp_source_failed", "Whether the last look for a source failed.", labels=["source"]
        )
        answered = GaugeMetricFamily(
            "ewtp_source_answered_seconds", "Time since the publisher of a source last answered.", labels=["source"]
        )
        for look in looks:
            failed.add_metric([look.source], float(look.failed))
            if look.answered_at is not None:
                answered.add_metric([look.source], (timezone.now() - look.answered_at).total_seconds())
        yield failed
        yield answered


class _InstallationCollector(Collector):
    """The figures read from the installation at the moment of the request."""

    def collect(self) -> Iterator[Metric]:
        """The database, and the latest version of the rulebook where there is one."""
        version: VersionInfo | None = None
        up = 1.0
        try:
            version = latest_version()
        except (DatabaseError, InterfaceError):
            up = 0.0
        yield GaugeMetricFamily("ewtp_database_up", "Whether the database answers.", up)
        if version is None:
            return
        info = GaugeMetricFamily("ewtp_rulebook_info", "The latest version of the rulebook.", labels=["version"])
        info.add_metric([version.label], 1.0)
        yield info
        age = timezone.now() - version.published_at
        yield GaugeMetricFamily(
            "ewtp_rulebook_age_seconds", "Time since the latest version was published.", age.total_seconds()
        )
        compiled = read_compiled_state(version.ref) is CompiledState.READY
        yield GaugeMetricFamily(
            "ewtp_rulebook_compiled", "Whether the latest version is compiled for batches and markets.", float(compiled)
        )
