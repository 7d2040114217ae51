"""The owner of the database need not be a superuser: policies hold, or the right that is missing is named."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.address import Address, read_address
from ewtp.gateways.database.server import database_stop, database_url
from tests.apps.batches.batch_lines import command
from tests.apps.conftest import write_seed
from tests.house.snippets import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server
DATABASE_PAGE = Path(__file__).parents[3] / "docs/operate/database.md"


class Server:
    """A server of its own, on which no role of the program was made yet."""

    def __init__(self, home: Path) -> None:
        url = database_url(home / "server", throwaway=True)
        assert not isinstance(url, Refusal), url.message
        address = read_address(url)
        assert isinstance(address, Address)
        self.home, self.address = home, address

    def execute(self, statement: str, **changed: str) -> Any:
        """Execute a statement, as the superuser unless another ``user`` is named."""
        with psycopg.connect(self.at(**changed), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def at(self, **changed: str) -> str:
        return Address.of(**{**dict(self.address.parameters), **changed}).url()

    def run(self, owner: str, *words: str) -> Any:
        """What a command prints with the database of an owner."""
        environment = {**os.environ, "DATABASE_URL": self.at(user=owner, dbname=owner), "EWTP_HOME": str(self.home)}
        environment["EWTP_RULEBOOK"] = str(self.home / "seed")
        ran = subprocess.run(
            command(*words, "--json"), env=environment, check=False, capture_output=True, text=True, timeout=120
        )
        assert ran.returncode in {0, 2}, ran.stderr
        return json.loads(ran.stdout)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    write_seed(tmp_path / "seed", "12%")
    (tmp_path / "server").mkdir()
    try:
        yield Server(tmp_path)
    finally:
        database_stop(tmp_path / "server")


def execute_page(server: Server) -> None:
    """What docs/operate/database.md has an administrator execute, and what the owner may do then; all is undone."""
    (page,) = [block for block in blocks(DATABASE_PAGE.read_text()) if block.text.startswith("CREATE ROLE")]
    server.execute("DROP DATABASE ewtp", dbname="postgres")
    for statement in page.text.split(";\n"):
        if statement:
            server.execute(statement, dbname="postgres")
    for role in ("ewtp_application", "ewtp_system"):
        server.execute(f"SET ROLE {role}", user="ewtp_owner")
    server.execute("CREATE TABLE kept (id int)", user="ewtp_owner")
    assert server.execute("SELECT 'a' > 'B'", user="ewtp_owner") == [(True,)]
    server.execute("DROP DATABASE ewtp", dbname="postgres")
    server.execute("DROP ROLE ewtp_owner, ewtp_application, ewtp_system", dbname="postgres")
    server.execute("CREATE DATABASE ewtp", dbname="postgres")


def test_an_owner_who_is_no_superuser(server: Server) -> None:
    execute_page(server)
    for name, rights in (("plain", ""), ("maker", "CREATEROLE"), ("guest", "")):
        server.execute(f"CREATE ROLE {name} LOGIN {rights}")
        server.execute(f"CREATE DATABASE {name} OWNER {'postgres' if name == 'guest' else name}")
    register = ("organisation", "create", "Amina", "--kind", "firm", "--economy", "KE")
    # Nobody made the roles, and this owner cannot.
    refused = server.run("plain", *register)["error"]
    assert (refused["code"], refused["params"]["roles"]) == (
        "database_roles_missing",
        ["ewtp_application", "ewtp_system"],
    )
    # This one can, and is bound by the policies like everybody else.
    made = server.run("maker", *register)
    assert server.run("maker", "organisation", "list") == [made]
    count = "SELECT count(*) FROM organisations_organisation"
    own = f"SELECT set_config('ewtp.organisation', '{made['id']}', false)"
    for role, setting, expected in (
        ("ewtp_application", "SELECT 1", 0),
        ("ewtp_application", own, 1),
        ("ewtp_system", "SELECT 1", 1),
    ):
        with psycopg.connect(server.at(user="maker", dbname="maker"), autocommit=True) as connection:
            connection.execute(f"SET ROLE {role}")
            connection.execute(setting)
            row = connection.execute(count).fetchone()
            assert row == (expected,), (role, setting)
    # Roles that are there and were made by somebody else have to be granted.
    server.execute("GRANT ewtp_application TO plain")
    assert server.run("plain", *register)["error"]["params"]["roles"] == ["ewtp_system"]
    server.execute("GRANT ewtp_application, ewtp_system TO guest")
    lacking = server.run("guest", *register)["error"]
    assert (lacking["code"], lacking["params"]["right"]) == ("database_right_missing", "CREATE ON SCHEMA public")
