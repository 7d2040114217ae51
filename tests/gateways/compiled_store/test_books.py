"""Compiled rulebooks on disk: one process makes them at a time, and what nobody needs is removed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from ewtp.core.compiled.machine.code_cache import make_once
from ewtp.gateways.compiled_store import folder_cleanup, machine_code
from ewtp.gateways.compiled_store.books import find_compiled_folder, find_compiled_root, is_compiled
from ewtp.gateways.compiled_store.compile_lock import compile_lock, digest_compiling
from ewtp.gateways.compiled_store.folder_cleanup import remove_unused_code, remove_unused_compiled

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LONG_AGO, LATELY = NOW - timedelta(days=90), NOW - timedelta(minutes=5)


def folder(path: Path, last_used: datetime) -> Path:
    path.mkdir(parents=True)
    (path / "names.json").write_text("{}")
    os.utime(path, (last_used.timestamp(), last_used.timestamp()))
    return path


def test_others_see_which_version_is_being_compiled(tmp_path: Path):
    assert digest_compiling(tmp_path) is None
    with compile_lock(tmp_path, "one"):
        assert digest_compiling(tmp_path) == "one"
    assert digest_compiling(tmp_path) is None
    with compile_lock(tmp_path, "another"):
        assert digest_compiling(tmp_path) == "another"


def test_a_second_compiler_waits_for_the_first(tmp_path: Path):
    entered, done = Event(), []

    def second() -> None:
        with compile_lock(tmp_path, "second"):
            done.append(entered.is_set())

    with compile_lock(tmp_path, "first"):
        thread = Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        entered.set()
    thread.join(10)
    assert done == [True]


def test_compiled_forms_that_no_version_needs_are_removed(tmp_path: Path):
    latest = folder(find_compiled_folder(tmp_path, "latest"), LONG_AGO)
    batch = folder(find_compiled_folder(tmp_path, "in-use"), LATELY)
    old = folder(find_compiled_folder(tmp_path, "old"), LONG_AGO)
    other_edition = folder(find_compiled_root(tmp_path) / "latest-0-0", LONG_AGO)
    draft = folder(find_compiled_root(tmp_path) / f".{latest.name}.4711", LONG_AGO)
    with compile_lock(tmp_path, "latest"):
        assert remove_unused_compiled(tmp_path, ["latest"], NOW - timedelta(days=1)) == 3
    assert is_compiled(latest)
    assert is_compiled(batch)
    assert not any(path.exists() for path in (old, other_edition, draft))
    assert {path.name for path in find_compiled_root(tmp_path).iterdir()} == {latest.name, batch.name, "compiling"}


def test_machine_code_of_programs_that_are_no_longer_run_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    current, old, other = (folder(tmp_path / name, age) for name, age in zip("abc", (LONG_AGO, LONG_AGO, LATELY)))  # noqa: B905 - three and three
    monkeypatch.setattr(folder_cleanup, "machine_code_folder", lambda: current)
    assert remove_unused_code(NOW - timedelta(days=30)) == 1
    assert [path.exists() for path in (current, old, other)] == [True, False, True]
    monkeypatch.setattr(folder_cleanup, "machine_code_folder", lambda: None)
    assert remove_unused_code(NOW) == 0


def test_machine_code_is_kept_once_all_of_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine_code, "machine_code_folder", lambda: tmp_path)
    assert not machine_code.machine_code_is_kept()
    make_once(tmp_path, lambda: None)
    assert machine_code.machine_code_is_kept()
    monkeypatch.setattr(machine_code, "machine_code_folder", lambda: None)
    assert not machine_code.machine_code_is_kept()
