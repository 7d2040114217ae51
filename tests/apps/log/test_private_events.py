"""An event that is not public is seen by the organisation that it is about alone: by SQL in the application's role."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.apps.organisations.reading.history import organisation_history
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import own_rows, system_rows
from tests.actors import OPERATOR, person
from tests.apps.log.thing_events import NOW, append

pytestmark = pytest.mark.django_db
TABLES = ("log_pendingevent", "log_logentry")


def subjects(table: str) -> set[str]:
    """Of the events that are not public, whom the present rows are about."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject FROM {table} WHERE NOT public")  # noqa: S608 - a table of the list above
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("table", TABLES)
def test_an_event_is_seen_by_whom_it_is_about(table: str) -> None:
    made = []
    for name in ("ann", "bo"):
        done = organisation_register(name=name, kind="firm", economy="KE", founder=name, actor=person(name), now=NOW)
        assert isinstance(done, Organisation)
        made.append(done.id)
    append(1)
    if table == "log_logentry":
        assert not isinstance(sequence_events(now=NOW), Refusal)
    assert subjects(table) == set()
    for each in made:
        with own_rows(organisation=each):
            assert subjects(table) == {each}
    with system_rows("a test"):
        assert subjects(table) == {*made, "t-1"}
    for name, own in zip(("ann", "bo"), made, strict=True):
        told = organisation_history(person(name, own), own)
        assert told is not None
        assert {each.subject for each in told} == {own}
    assert organisation_history(person("ann", made[0]), made[1]) is None
    assert organisation_history(OPERATOR, made[1])


def test_what_is_public_is_seen_by_everybody_and_nobody_changes_the_log() -> None:
    append(1)
    assert not isinstance(sequence_events(now=NOW), Refusal)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM log_logentry")
        assert cursor.fetchall() == [("log:key:introduced",)]
        # The application may not erase what it sees; the row is not there for it to change.
        cursor.execute("UPDATE log_logentry SET erased_reason = 'x'")
        assert cursor.rowcount == 0
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO log_logentry (index, kind, subject, actor, at, public, erased_reason, erased_at)"
            " VALUES (9, 'x', '', '', now(), false, '', now()) RETURNING index"
        )
