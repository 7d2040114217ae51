"""A request with an ``Idempotency-Key`` that is killed between any two of its steps is done once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.http.store.models import IdempotencyRecord
from ewtp.apps.log.store.models import LogEntry, PendingEvent
from ewtp.apps.organisations.reading.organisation_list import organisations_page
from ewtp.core.values.actor import Scope
from ewtp.gateways.database.row_security import system_rows
from tests.actors import OPERATOR
from tests.apps.jobs.test_worker_kill import steps_of

pytestmark = pytest.mark.server
# The claim of the key, the organisation with its rows and its event, the answer, and both sides of the commit.
FEWEST_STEPS = 10


@pytest.mark.django_db(transaction=True)
def test_a_request_killed_at_every_step_is_done_once(tmp_path, monkeypatch):
    made = token_create(name="t", scopes=[Scope.OPERATE], now=datetime(2026, 6, 30, tzinfo=UTC), actor=OPERATOR)
    assert isinstance(made, NewToken)
    monkeypatch.setenv("KILLED_REQUEST_TOKEN", made.secret)
    killed = steps_of("tests.apps.http.killed_request", tmp_path)
    assert killed >= FEWEST_STEPS
    expected = Counter(f"step {step}" for step in range(killed + 1))
    found, _ = organisations_page(OPERATOR, after=0, limit=1_000)
    assert Counter(each.name for each in found) == expected
    kind = "organisations:organisation:registered"
    with system_rows("a test"):
        events = [
            subject
            for model in (PendingEvent, LogEntry)
            for subject in model.objects.filter(kind=kind).values_list("subject", flat=True)
        ]
        assert sorted(events) == sorted(each.id for each in found)
        assert Counter(IdempotencyRecord.objects.filter(status=201).values_list("key", flat=True)) == expected
        assert IdempotencyRecord.objects.count() == killed + 1
