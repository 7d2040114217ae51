"""What every test shares: a home of its own, one database server for the whole run, and a seed that is printed."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.db import connection

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.server import database_stop, database_url

_OWNER = "EWTP_TEST_OWNER"


def _environment_prepare() -> None:
    """Point everything at a directory made for this run, once; workers inherit it through the environment."""
    if _OWNER in os.environ:
        return
    os.environ[_OWNER] = str(os.getpid())
    os.environ["EWTP_HOME"] = tempfile.mkdtemp(prefix="ewtp-test-")
    os.environ.setdefault("EWTP_TEST_SEED", str(random.SystemRandom().randrange(2**32)))
    os.environ["DJANGO_SETTINGS_MODULE"] = "ewtp.web.settings"
    for name in [name for name in os.environ if name.startswith("EWTP_") and name not in _KEPT]:
        del os.environ[name]


_KEPT = {_OWNER, "EWTP_HOME", "EWTP_TEST_SEED", "EWTP_REFERENCE_DATA"}
_environment_prepare()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give Hypothesis the run's seed unless the command line gives another, and set Django up."""
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = os.environ["EWTP_TEST_SEED"]
    django.setup()
    _append_only_tables_empty(config)


def _append_only_tables_empty(config: pytest.Config) -> None:
    """Let the end of a test empty the tables whose triggers forbid that to everybody else."""
    operations_class = type(connection.ops)
    empty = operations_class.execute_sql_flush
    patch = pytest.MonkeyPatch()
    patch.setattr(
        operations_class,
        "execute_sql_flush",
        # A replica applies what its source allowed already, so its triggers rest; LOCAL ends with the transaction.
        lambda operations, statements: empty(operations, ["SET LOCAL session_replication_role = replica", *statements]),
    )
    config.add_cleanup(patch.undo)


def pytest_report_header() -> str:
    """Print the seed, with which the same run can be had again."""
    return f"seed: EWTP_TEST_SEED={os.environ['EWTP_TEST_SEED']}"


def pytest_unconfigure() -> None:
    """Stop the server and remove its data, also when a test failed; only the process that made them does."""
    if os.environ.get(_OWNER) != str(os.getpid()):
        return
    home = Path(os.environ["EWTP_HOME"])
    database_stop(home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Start the server when the first test asks for a database; each worker has its own database in it."""
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    url = database_url(Path(os.environ["EWTP_HOME"]), throwaway=True)
    if isinstance(url, Refusal):
        pytest.fail(url.message)


@pytest.fixture
def seeded() -> random.Random:
    """Random numbers that the printed seed repeats."""
    return random.Random(os.environ["EWTP_TEST_SEED"])
