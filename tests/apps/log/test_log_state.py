"""The tables alone show whether the log is what was signed."""

from __future__ import annotations

import pytest
from django.db import connection

from ewtp.apps.log.actions import sequencer
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.log_state import LogState, log_state
from ewtp.gateways.database.roles import owner_work
from tests.apps.log.thing_events import NOW, append

pytestmark = pytest.mark.django_db
REPLICA = "SET LOCAL session_replication_role = replica;"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(sequencer, "home_path", lambda: tmp_path)


def test_a_sound_log_is_signed_and_says_what_waits():
    assert log_state() == LogState(0, 0, signed=True)
    append(1, 2)
    assert log_state() == LogState(0, 2, signed=True)
    sequence_events(now=NOW)
    append(3)
    assert log_state() == LogState(3, 1, signed=True)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM log_logleaf WHERE index = 1",
        "UPDATE log_logleaf SET hash = sha256(hash) WHERE index = 1",
        "UPDATE log_logcheckpoint SET note = replace(note, 'localhost', 'elsewhere')",
        "UPDATE log_logcheckpoint SET note = 'nothing'",
    ],
)
def test_a_log_that_was_changed_is_noticed(statement):
    append(1, 2)
    sequence_events(now=NOW)
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute(f"{REPLICA} {statement}")
    assert log_state() == LogState(3, 0, signed=False)
