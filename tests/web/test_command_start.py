"""What a command loads before it answers: a question asked in a terminal does not wait for what it does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ewtp.apps.accounts.store.models import User
from ewtp.gateways.database.migration_records import is_migrated
from ewtp.web.command_line.main import main
from tests.apps.batches.batch_lines import environment
from tests.apps.conftest import write_seed
from tests.second_factor import give_second_factor

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# Each takes a tenth of a second or more to import.
HEAVY = {"numpy", "pyarrow", "numba", "openpyxl", "ninja", "pydantic", "rich", "snowballstemmer", "typst", "yaml"}
_RUN = """
import json, sys
from ewtp.web.command_line.main import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    status = ended.code
print(json.dumps([status, sorted(sys.modules)]), file=sys.stderr)
"""
_IMPORTED = """
import ast, importlib, pathlib, sys
from ewtp.web.command_line.main import COMMANDS, WITH_PAGES
from ewtp.web.django_setup import set_up_django
assert set_up_django(with_pages=False) is None
for name in COMMANDS.keys() - WITH_PAGES:
    getattr(importlib.import_module(COMMANDS[name][0]), name)
# What is imported only inside a function has to be there as well, unless it is an extra that may be missing.
seen = set()
while waiting := {name for name in sys.modules if name.startswith("ewtp.")} - seen:
    for name in sorted(waiting):
        seen.add(name)
        tree = ast.parse(pathlib.Path(sys.modules[name].__file__).read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for found in (node for node in ast.walk(function) if isinstance(node, ast.ImportFrom)):
                try:
                    importlib.import_module(found.module)
                except ModuleNotFoundError as error:
                    assert error.name not in ("ewtp", "allauth"), (name, found.module)
"""
_FACTORS = """
import sys
from ewtp.web.django_setup import set_up_django
assert set_up_django(with_pages=sys.argv[1] == "pages") is None
from ewtp.apps.accounts.reading.operators import second_factor_of
print([second_factor_of(person) for person in sys.argv[2:]])
"""
_ASKED = "assess --from ZA --to GB --hs 610910 --value 1000 --currency GBP --json"


def test_an_answer_in_json_loads_nothing_heavy(transactional_db: None, tmp_path: Path) -> None:  # noqa: ARG001 - the command connects to the same database
    write_seed(tmp_path, "12%")
    command = [sys.executable, "-c", _RUN, *_ASKED.split()]
    where = environment(tmp_path)
    first = subprocess.run(command, env=where, capture_output=True, text=True, check=True)
    again = subprocess.run(command, env=where, capture_output=True, text=True, check=True)
    assert json.loads(first.stdout) == json.loads(again.stdout)
    status, loaded = json.loads(again.stderr.splitlines()[-1])
    assert status == 0
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_every_command_that_starts_without_pages_can_do_without_them(tmp_path: Path) -> None:
    where = environment(tmp_path)
    ended = subprocess.run([sys.executable, "-c", _IMPORTED], env=where, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2_000:]


@pytest.mark.parametrize("settings", ["pages", "none"])
def test_who_has_a_second_factor_is_known_under_all_settings(
    transactional_db: None,  # noqa: ARG001 - the process connects to the same database
    tmp_path: Path,
    settings: str,
) -> None:
    people = [User.objects.create_user(username=name, email=f"{name}@example.org") for name in ("ann", "bo")]
    give_second_factor(people[0])
    command = [sys.executable, "-c", _FACTORS, settings, *(each.person for each in people), "nobody"]
    ended = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert ended.stdout == "[True, False, False]\n", ended.stderr[-2_000:]


def test_a_command_that_a_test_starts_chooses_its_settings_as_for_an_operator(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["rulebook", "list"])
    assert "DJANGO_SETTINGS_MODULE" not in environment(tmp_path)


def test_a_migration_that_is_not_recorded_is_seen(db: None) -> None:  # noqa: ARG001 - looks at the tables
    assert is_migrated(connection)
    MigrationRecorder(connection).record_unapplied("rulebook", "0001_initial")
    assert not is_migrated(connection)
