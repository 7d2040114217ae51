"""An organisation sees its own things alone: by SQL in the application's role, by reading, and by writing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.organisations.actions.organisations import (
    NewInvitation,
    member_invite,
    organisation_register,
    organisation_verify,
)
from ewtp.apps.organisations.reading.organisation_list import memberships_of, organisation_read, organisations_page
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.organisations.role import Role
from ewtp.core.values.actor import Actor, ActorKind, Scope
from ewtp.gateways.database.roles import APPLICATION_ROLE
from ewtp.gateways.database.row_security import own_rows, system_rows
from tests.actors import OPERATOR, person, program
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
SOURCE = Path(__file__).parents[3] / "src/ewtp"
DOCUMENT = Path(__file__).parents[3] / "docs/operate/security.md"
# Every place that works in the system's role, each with the number of times.
SYSTEM_WORK = {
    "apps/accounts/actions/tokens.py": 1,
    "apps/accounts/reading/tokens.py": 2,
    "apps/barriers/actions/barriers.py": 1,
    "apps/barriers/reading/reporters.py": 1,
    "apps/barriers/store/migrations/0003_states_as_groups.py": 1,
    "apps/http/actions/idempotency.py": 1,
    "apps/http/actions/repeat_storage.py": 1,
    "apps/log/actions/sequencer.py": 3,
    "apps/log/reading/entry_list.py": 1,
    "apps/log/reading/event_trail.py": 2,
    "apps/log/reading/log_bundle.py": 1,
    "apps/log/reading/log_place.py": 1,
    "apps/log/reading/log_state.py": 1,
    "apps/organisations/actions/organisations.py": 8,
    "apps/organisations/reading/organisation_list.py": 4,
    "apps/organisations/reading/owner_group.py": 1,
    "apps/organisations/reading/organisation_names.py": 1,
    "apps/organisations/reading/public_facts.py": 1,
    "apps/organisations/store/migrations/0006_identifier_keys.py": 1,
    "apps/organisations/store/projection.py": 1,
    "apps/proposals/actions/votes.py": 1,
    "apps/proposals/reading/ballot_count.py": 1,
    "apps/proposals/reading/electorate.py": 1,
    "gateways/database/row_security.py": 1,
}
TABLES = {
    "accounts_apitoken": "organisation",
    "organisations_organisation": "id",
    "organisations_member": "organisation_id",
    "organisations_invitation": "organisation_id",
    "organisations_identifier": "organisation_id",
    "organisations_verification": "organisation_id",
}


# Their tests are beside their rows: ``tests/apps/barriers/test_own_reports.py``, and the story of a proposal.
TABLES_OF_REPORTERS = ("barriers_reporter", "barriers_claimreply")
TABLES_OF_VOTERS = ("proposals_ballot",)
# Likewise: ``tests/apps/log/test_private_events.py`` and ``tests/apps/http/test_own_repeats.py``.
TABLES_OF_EVENTS = ("log_pendingevent", "log_logentry")
TABLES_OF_CALLERS = ("http_idempotencyrecord",)


def founded(name: str, founder: str) -> Organisation:
    made = organisation_register(name=name, kind="firm", economy="KE", founder=founder, actor=person(founder), now=NOW)
    assert isinstance(made, Organisation)
    return made


@shared_rows
def two(folder: Path) -> tuple[Organisation, Organisation]:  # noqa: ARG001 - writers get one
    """Two organisations with a row in every table."""
    from ewtp.apps.organisations.actions.organisations import organisation_change  # noqa: PLC0415 - beside its use
    from ewtp.core.organisations.commands import AddIdentifier  # noqa: PLC0415 - beside its use

    made = founded("One", "ann"), founded("Two", "bo")
    for each, owner in zip(made, ("ann", "bo"), strict=True):
        actor = person(owner, each.id)
        invited = member_invite(organisation=each.id, email="cy@example.org", role="viewer", actor=actor, now=NOW)
        assert isinstance(invited, NewInvitation)
        command = AddIdentifier("company_number", "C1")
        assert isinstance(
            organisation_change(organisation=each.id, command=command, actor=actor, now=NOW), Organisation
        )
        stated = organisation_verify(
            organisation=each.id,
            subject="identity",
            evidence="x",
            digest="a" * 64,
            until=datetime(2027, 1, 1, tzinfo=UTC).date(),
            actor=OPERATOR,
            now=NOW,
        )
        assert isinstance(stated, Organisation)
        token = token_create(name="t", scopes=[Scope.READ], now=NOW, actor=actor, organisation=each.id)
        assert isinstance(token, NewToken)
    return made


def ids(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TABLES[table]} FROM {table}")  # noqa: S608 - a table of the list above
        return {row[0] for row in cursor.fetchall()}


def test_the_application_does_not_own_its_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (APPLICATION_ROLE, False, False)
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        others = {*TABLES_OF_REPORTERS, *TABLES_OF_VOTERS, *TABLES_OF_EVENTS, *TABLES_OF_CALLERS}
        assert {row[0] for row in cursor.fetchall()} == {*TABLES, *others}


def test_the_documents_say_of_every_table_whose_rows_they_are():
    section = DOCUMENT.read_text(encoding="utf-8").partition("## Whose rows a query sees")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in section.splitlines() if line.startswith("| `")]
    policies = {name: policy for names, policy, _ in rows for name in re.findall(r"`(\w+\*?)`", names)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
        )
        tables = dict(cursor.fetchall())
    said = {table: [policies[name] for name in policies if fnmatchcase(table, name)] for table in tables}
    assert said == {table: ["yes" if walled else "no"] for table, walled in tables.items()}
    assert not [name for name in policies if not any(fnmatchcase(table, name) for table in tables)]


@pytest.mark.parametrize("table", TABLES)
def test_without_a_setting_there_are_no_rows(two, table):
    assert ids(table) == set()
    with system_rows("a test"):
        assert ids(table) == {each.id for each in two}
    assert ids(table) == set()


@pytest.mark.parametrize("table", TABLES)
def test_an_organisation_sees_its_own_rows_alone(two, table):
    one, other = two
    with own_rows(organisation=one.id):
        assert ids(table) == {one.id}
        with own_rows(organisation=other.id):
            assert ids(table) == {other.id}
        assert ids(table) == {one.id}
    assert ids(table) == set()


@pytest.mark.parametrize("table", TABLES)
def test_an_organisation_changes_its_own_rows_alone(two, table):
    one, other = two
    column = TABLES[table]
    with own_rows(organisation=one.id), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {column} WHERE {column} = %s", [other.id])  # noqa: S608 - likewise
        assert cursor.rowcount == 0
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [other.id])  # noqa: S608 - likewise
        assert cursor.rowcount == 0


def test_a_row_cannot_be_given_to_another():
    one, other = founded("One", "ann"), founded("Two", "bo")
    with (
        own_rows(organisation=one.id),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        connection.cursor().execute("UPDATE organisations_member SET organisation_id = %s", [other.id])


def test_nobody_verifies_herself_by_sql(two):
    one, _ = two
    statement = "UPDATE organisations_verification SET until = '2099-01-01'"
    with own_rows(organisation=one.id), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0
    with (
        own_rows(organisation=one.id),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        connection.cursor().execute(
            "INSERT INTO organisations_verification (id, organisation_id, subject, by, by_organisation, evidence,"
            " digest, at, until) VALUES ('ver', %s, 'size', 'me', '', 'x', %s, now(), '2099-01-01')",
            [one.id, "a" * 64],
        )


def test_the_settings_end_with_the_transaction(two):
    one, _ = two
    sentinel = RuntimeError("undone")
    with pytest.raises(RuntimeError, match="undone"), own_rows(organisation=one.id, person="ann"):
        raise sentinel
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('ewtp.organisation', true), current_setting('role')")
        setting, role = cursor.fetchone()
    assert (setting or "", role) == ("", APPLICATION_ROLE)


def test_a_person_sees_her_memberships(two):
    one, other = two
    assert [(each.organisation, each.role) for each in memberships_of("ann")] == [(one.id, Role.OWNER)]
    assert memberships_of("") == memberships_of("eve") == ()
    assert organisation_read(person("ann", one.id), other.id) is None
    found = organisation_read(program(one.id, Scope.READ), one.id)
    assert found is not None
    assert found.name == "One"


def test_the_operator_pages_through_all(two):
    first, following = organisations_page(OPERATOR, after=0, limit=1)
    second, end = organisations_page(OPERATOR, after=following, limit=1)
    assert ([each.id for each in (*first, *second)], end) == ([each.id for each in two], 0)
    own, _ = organisations_page(Actor(ActorKind.TOKEN, "t", two[1].id), after=0, limit=9)
    assert [each.id for each in own] == [two[1].id]


def test_every_place_that_works_as_the_system_is_listed():
    found = {}
    for path in SOURCE.rglob("*.py"):
        count = len(re.findall(r"(?<!def )\bsystem_rows\(", path.read_text(encoding="utf-8")))
        if count:
            found[path.relative_to(SOURCE).as_posix()] = count
    assert found == SYSTEM_WORK
