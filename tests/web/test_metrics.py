"""``/metrics`` as a Prometheus server reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from ewtp.apps.assessment.reading.compiled_state import CompiledState
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.values.refusal import Refusal
from ewtp.web.metrics import UNMATCHED, route_template
from tests.actors import OPERATOR
from tests.apps.conftest import write_seed

ASKED = "ewtp_http_requests_total"
TIMED = "ewtp_http_request_duration_seconds"


def scrape(client):
    """Every sample, by its name and labels."""
    response = client.get("/metrics")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = list(text_string_to_metric_families(response.content.decode()))
    assert all(
        family.documentation.endswith(".") and family.type in {"counter", "gauge", "histogram"} for family in families
    )
    return {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}


def count(samples, name, **labels):
    return samples.get((name, *sorted(labels.items())), 0)


@pytest.fixture
def rulebook(db, tmp_path):  # noqa: ARG001 - the rulebook is in the database
    write_seed(tmp_path, "12%")
    loaded = seed_load(root=tmp_path, actor=OPERATOR, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert not isinstance(loaded, Refusal)
    read_cached_book().forget()
    yield
    read_cached_book().forget()


@pytest.mark.usefixtures("rulebook")
def test_requests_are_counted_by_route_method_and_status(client):
    before = scrape(client)
    for query in ("q=tea", "q=tea", "q=tea&limit=none"):
        client.get(f"/api/v1/hs?{query}")
    client.head("/api/v1/hs?q=tea")
    client.get("/api/v1/assessments/a1")
    after = scrape(client)

    def added(route, status, method="GET"):
        labels = {"route": route, "status": status, "method": method}
        return count(after, ASKED, **labels) - count(before, ASKED, **labels)

    assert (added("/api/v1/hs", "200"), added("/api/v1/hs", "422")) == (2, 1)
    assert added("/api/v1/hs", "200", "HEAD") == 1
    assert added("/api/v1/assessments/{assessment_id}", "404") == 1
    assert added("/metrics", "200") == 1
    labels = {"route": "/api/v1/hs", "method": "GET"}
    assert count(after, f"{TIMED}_count", **labels) - count(before, f"{TIMED}_count", **labels) == 3
    assert count(after, f"{TIMED}_sum", **labels) > count(before, f"{TIMED}_sum", **labels)
    assert count(after, f"{TIMED}_bucket", **labels, le="+Inf") == count(after, f"{TIMED}_count", **labels)


@pytest.mark.django_db
def test_strangers_cannot_add_labels(client):
    before = scrape(client)
    for number in range(20):
        client.get(f"/nowhere/{number}")
        client.get(f"/api/v1/nowhere/{number}")
        client.generic(f"BREW{number}", "/api/v1/hs")
        client.get("/readyz", headers={"host": f"host{number}.example"})
    new = {key[1:] for key in scrape(client).keys() - before.keys() if key[0] == ASKED}
    routes = {dict(labels)["route"] for labels in new}
    assert routes <= {UNMATCHED, "/api/v1/hs", "/metrics", "/readyz"}
    assert {dict(labels)["method"] for labels in new} <= {"GET", "other"}
    assert len(new) <= 5


@pytest.mark.parametrize(
    ("route", "template"),
    [
        ("api/v1/assessments/<assessment_id>", "/api/v1/assessments/{assessment_id}"),
        ("answers/<slug:assessment_id>.pdf", "/answers/{assessment_id}.pdf"),
        ("", "/"),
        ("^api/v1/(?P<rest>.*)$", UNMATCHED),
    ],
)
def test_a_route_is_named_by_its_template(route, template):
    assert route_template(route) == template


@pytest.mark.usefixtures("rulebook")
def test_the_rulebook_has_a_version_an_age_and_perhaps_a_compiled_form(client, monkeypatch):
    version = latest_version()
    assert version is not None
    samples = scrape(client)
    assert count(samples, "ewtp_database_up") == 1
    assert count(samples, "ewtp_rulebook_info", version=version.label) == 1
    since = (datetime.now(UTC) - version.published_at).total_seconds()
    assert since - 60 < count(samples, "ewtp_rulebook_age_seconds") <= since
    assert samples[("ewtp_rulebook_compiled",)] == 0
    monkeypatch.setattr("ewtp.web.metrics.read_compiled_state", lambda _: CompiledState.READY)
    assert scrape(client)[("ewtp_rulebook_compiled",)] == 1


def test_a_database_that_is_away_is_a_figure_and_not_an_error(monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr("ewtp.web.metrics.latest_version", away)
    monkeypatch.setattr("ewtp.web.metrics.outbox_backlog", away)
    samples = scrape(Client())
    assert samples[("ewtp_database_up",)] == 0
    assert not any("rulebook" in key[0] or "outbox" in key[0] for key in samples)
    assert samples[("ewtp_disk_free_bytes",)] > 0


@pytest.mark.django_db
def test_the_outbox_has_its_figures(client):
    assert [scrape(client)[f"ewtp_outbox_{name}",] for name in ("waiting", "dead", "late_seconds")] == [0, 0, 0]
    due = timezone.now() - timedelta(minutes=2)
    messages_enqueue(topic="tea", payloads=[{}, {}], now=due)
    OutboxMessage.objects.filter(pk=OutboxMessage.objects.latest("pk").pk).update(next_try=None, reason={"code": "x"})
    samples = scrape(client)
    assert [samples[f"ewtp_outbox_{name}",] for name in ("waiting", "dead")] == [1, 1]
    assert 120 <= samples[("ewtp_outbox_late_seconds",)] < 180
