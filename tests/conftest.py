"""Shared by every test: a directory of the run's own, a printed random seed, and marks that keep quick runs quick."""

from __future__ import annotations

import gc
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, settings

from tests.drawn_inputs import FEW_INPUTS, input_count

_OWNER = "EWTP_TEST_OWNER"


def _environment_prepare() -> None:
    """Point everything at a directory made for this run, once; workers inherit it through the environment."""
    if _OWNER in os.environ:
        return
    os.environ[_OWNER] = str(os.getpid())
    os.environ["EWTP_HOME"] = tempfile.mkdtemp(prefix="ewtp-test-")
    os.environ.setdefault("EWTP_TEST_SEED", str(random.SystemRandom().randrange(2**32)))
    for name in [name for name in os.environ if name.startswith("EWTP_") and name not in _KEPT]:
        del os.environ[name]


_KEPT = {_OWNER, FEW_INPUTS, "EWTP_HOME", "EWTP_TEST_SEED", "EWTP_REFERENCE_DATA", "EWTP_SCREENSHOTS"}
_LONGEST_ID = 100
# The fixtures of pytest-django that open the database: whatever else does asks for one of them.
_DATABASE = {"db", "transactional_db", "django_db_setup"}
_environment_prepare()
_RUN_HOME = Path(os.environ["EWTP_HOME"])


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give Hypothesis the run's seed unless the command line gives another, and set Django up where a test needs it."""
    # How long a computer takes to draw an input, or to try it, is not a fault of the program.
    settings.register_profile(
        "run", max_examples=input_count(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("run")
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = os.environ["EWTP_TEST_SEED"]
    if _is_core_alone(config):
        return
    if _has_workers(config):
        # This process runs no test. Until its workers know what to run, the database server has started.
        _server.start()
        return
    config.pluginmanager.import_plugin("tests.django_database")


def _has_workers(config: pytest.Config) -> bool:
    """Whether other processes run the tests, which are not among them."""
    return bool(getattr(config.option, "tx", None)) and "PYTEST_XDIST_WORKER" not in os.environ


def _start_server() -> None:
    """Start the run's server; where it cannot be started, the first test of a database says why."""
    from ewtp.gateways.database.server import database_url  # noqa: PLC0415 - core's tests need no database

    database_url(_RUN_HOME, throwaway=True)


_server = Thread(target=_start_server, name="database server", daemon=True)


def _is_core_alone(config: pytest.Config) -> bool:
    """Core knows no Django, so its tests start without it."""
    root = Path(__file__).parent / "core"
    places = [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]
    return bool(places) and all(place == root or root in place.parents for place in places)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case of a long text by its beginning: names travel between processes with every report."""
    if isinstance(val, str | bytes) and len(val) > _LONGEST_ID:
        return f"{val[:_LONGEST_ID]!r} of {len(val)}"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a database; keep what needs the whole seed on one worker, and what needs machine code on one.

    Both are made once. A test with a group of its own stays there: it has processes of its own, which share nothing
    with this one. Workers are given groups first. The slow ones among the other tests come next, for whichever came
    last would keep one worker busy while the others have nothing left.
    """
    slow: set[pytest.Item] = set()
    for item in items:
        if _uses_database(item):
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("xdist_group"):
            continue
        name = next((mark for mark in ("seed", "kernel") if item.get_closest_marker(mark)), None)
        if name is None and item.get_closest_marker("whole_file") is not None and not hasattr(item, "callspec"):
            # Tests of one module read the same official file, which a process keeps.
            name = f"files of {item.nodeid.partition('::')[0]}"
        if name is not None:
            item.add_marker(pytest.mark.xdist_group(name))
        elif any(item.get_closest_marker(mark) for mark in ("server", "whole_file")):
            slow.add(item)
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item not in slow)


def _uses_database(item: pytest.Item) -> bool:
    """Whether the test says so, asks for a fixture that does, or is one of Django's own kind."""
    if item.get_closest_marker("django_db") is not None or hasattr(getattr(item, "cls", None), "databases"):
        return True
    return not _DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was imported and collected, which stays until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _machine_code_is_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that needs machine code and does not say so: the fast run leaves those out by their mark.

    Such a test finds no compiled form either, whatever other tests of the run have compiled in the same directory.
    """
    if request.node.get_closest_marker("kernel") is not None:
        return
    dispatcher = sys.modules.get("numba.core.dispatcher")
    if dispatcher is not None:
        monkeypatch.setattr(dispatcher.Dispatcher, "_compile_for_args", _refuse_compilation)
    compiled = sys.modules.get("ewtp.apps.assessment.reading.compiled_state")
    if compiled is not None:
        monkeypatch.setattr(compiled, "home_path", _home_without_compiled_forms)


def _home_without_compiled_forms() -> Path:
    """The test's own directory; in place of the run's, where other tests compile, one that is empty."""
    home = Path(os.environ["EWTP_HOME"])
    return home / "nothing compiled" if home == _RUN_HOME else home


def _refuse_compilation(*_: object, **__: object) -> None:
    pytest.fail("this test compiles machine code: mark it with pytest.mark.kernel")


def pytest_report_header() -> str:
    """Print the seed, with which the same run can be had again."""
    return f"seed: EWTP_TEST_SEED={os.environ['EWTP_TEST_SEED']}"


def pytest_unconfigure() -> None:
    """Stop the run's server and remove the run's directory, also when a test failed; only the run's owner does."""
    if os.environ.get(_OWNER) == str(os.getpid()):
        if _server.ident is not None:
            _server.join()
        if (_RUN_HOME / "postgres").exists():
            from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - core's tests need no database

            database_stop(_RUN_HOME)
        shutil.rmtree(os.environ["EWTP_HOME"], ignore_errors=True)


@pytest.fixture
def seeded() -> random.Random:
    """Random numbers that the printed seed repeats."""
    return random.Random(os.environ["EWTP_TEST_SEED"])
