"""Django and the run's one database server, for tests of what remembers and of what assembles; core's need neither."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import owner_work, role_take_on
from ewtp.gateways.database.server import database_url
from tests.raw_members import refuse_raw_members
from tests.shared_rows import begin_rows, end_rows, order_by_rows, want_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, and let the end of a test empty every table quickly, also those whose triggers forbid it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "ewtp.web.settings"
    django.setup()
    # A command that a test starts has to choose its settings itself, as it does for an operator.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    # Hashing that keeps guesses slow takes a quarter of a second at every sign-in, and proves nothing here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    patch = pytest.MonkeyPatch()
    patch.setattr(type(connection.ops), "sql_flush", _list_flush_statements)
    refuse_raw_members(patch)
    config.add_cleanup(patch.undo)


# Truncating makes new files of every table and index, most of which are empty: two tenths of a second at each end of a
# test. Few rows are quicker deleted; many would leave their space behind.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY[{tables}] LOOP
    IF pg_relation_size(name::regclass) > 1000000 THEN EXECUTE 'TRUNCATE ' || name || ' CASCADE';
    ELSIF pg_relation_size(name::regclass) > 0 THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
END $$
"""


def _list_flush_statements(operations: Any, _style: Any, tables: Iterable[str], **_options: Any) -> list[str]:
    """The statements that empty the tables; numbers of rows continue, as they do where Django empties them.

    A replica applies what its source allowed already, so its triggers rest, also those of foreign keys; LOCAL ends with
    the transaction. Tables are emptied by their owner.
    """
    names = ", ".join(f"'{operations.quote_name(table)}'" for table in tables)
    return ["SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica", _EMPTY.format(tables=names)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Start the server when the first test asks for a database; each worker has its own database in it."""
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    url = database_url(Path(os.environ["EWTP_HOME"]), throwaway=True)
    if isinstance(url, Refusal):
        pytest.fail(url.message)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # noqa: ARG001 - the tables are made first
    """Work as the application, once its owner has made the tables."""
    with django_db_blocker.unblock():
        role_take_on(connection)
    begin_rows(django_db_blocker)
    yield
    end_rows()
    with django_db_blocker.unblock(), owner_work(connection), connection.cursor() as cursor:
        # Nobody can remove a database that is in use, and a session that some test left open would fail the whole run.
        # A session is told to end and does so a little later, so each is waited for, five seconds at most.
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests of the same rows together, after pytest-django has put those that commit behind the others."""
    order_by_rows(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin in the settings' language, and have the rows that a test shares with others."""
    # A request made by a test leaves its language behind in the thread, and the next test would be read in it.
    translation.deactivate()
    want_rows(item)


@pytest.fixture
def table_owner(db: None) -> Iterator[None]:  # noqa: ARG001 - there has to be a database
    """Work as the owner of the tables, who alone may change or truncate them."""
    with owner_work(connection):
        yield
