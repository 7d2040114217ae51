"""Who reported is seen by that organisation alone, and who is asked by the system alone; the database sees to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from ewtp.apps.barriers.actions.barriers import barrier_act, barrier_report
from ewtp.apps.barriers.reading.findings import gather_finding_of_place
from ewtp.apps.barriers.reading.reporters import has_reported
from ewtp.apps.log.store.models import PendingEvent
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.core.barriers.barrier import Barrier, Means
from ewtp.core.barriers.barrier_commands import ClaimResolved
from ewtp.core.barriers.evidence import ReportedFinding
from ewtp.core.organisations.organisation import Organisation
from ewtp.gateways.database.row_security import own_rows, system_rows
from tests.actors import OPERATOR, person
from tests.verified_firms import verify_firm

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
COLUMNS = {"barriers_reporter": "organisation", "barriers_claimreply": "owner_group"}


def founded(name: str, kind: str = "firm", economy: str = "KE") -> Organisation:
    actor = person(name) if kind != "agency" else OPERATOR
    made = organisation_register(name=name, kind=kind, economy=economy, founder=name, actor=actor, now=NOW)
    assert isinstance(made, Organisation)
    return made


@pytest.fixture
def reported(db: None) -> tuple[str, Organisation, Organisation]:  # noqa: ARG001 - it is in the database
    """A barrier that two verified organisations reported and an authority claims to be gone."""
    finding = gather_finding_of_place("610910", "GH", "x")
    assert isinstance(finding, ReportedFinding)
    one, other, agency = founded("ann"), founded("bo"), founded("gra", "agency", "GH")
    for name, each in (("ann", one), ("bo", other)):
        verify_firm(each, NOW)
        actor = person(name, each.id)
        made = barrier_report(
            finding=finding, text="Slow.", language="en", means=Means.API, actor=actor, client="c", now=NOW
        )
        assert isinstance(made, Barrier)
    claimed = barrier_act(
        barrier=finding.matter.id, command=ClaimResolved("Gone."), actor=person("gra", agency.id), now=NOW
    )
    assert isinstance(claimed, Barrier)
    return claimed.id, one, other


def ids(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS[table]} FROM {table}")  # noqa: S608 - a table of the list above
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("table", COLUMNS)
def test_an_organisation_sees_its_own_reports_alone(reported, table):
    _, one, other = reported
    assert ids(table) == set()
    with own_rows(organisation=one.id):
        assert ids(table) == {one.id}
    with system_rows("a test"):
        assert ids(table) == {one.id, other.id}
    assert ids(table) == set()


def test_nobody_writes_a_reporter_by_sql(reported):
    _, one, _ = reported
    with (
        own_rows(organisation=one.id),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        connection.cursor().execute(
            "INSERT INTO barriers_claimreply (barrier_id, owner_group) SELECT id, %s FROM barriers_barrier",
            [one.id],
        )


def test_a_reporter_knows_that_it_reported(reported):
    barrier, one, _ = reported
    assert has_reported(barrier, one.id)
    assert not has_reported(barrier, founded("eve").id)


def test_no_public_event_names_a_reporter(reported):
    _, one, other = reported
    public = [bytes(each.body) for each in PendingEvent.objects.filter(public=True, kind__startswith="barriers:")]
    assert public
    assert not [body for body in public for each in (one.id, other.id, "ann", 'bo"') if each.encode() in body]
    reports = PendingEvent.objects.filter(kind="barriers:report:made")
    assert not reports
    with system_rows("a test"):
        hidden = list(reports.filter(public=False))
    assert [one.id.encode() in bytes(each.body) for each in hidden] == [True, False]
