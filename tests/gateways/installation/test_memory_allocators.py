"""The command tells the allocators what to do before they start, unless the operator has."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from ewtp.gateways.installation.memory_allocators import keep_used_memory, share_memory_pools

if TYPE_CHECKING:
    import pytest

NAME = "MIMALLOC_PURGE_DELAY"
SAYING = (
    "import os, sys; from ewtp.web.command_line.main import main; "
    "main(['--help'], standalone_mode=False); "
    f"print(os.environ.get('{NAME}'), 'pyarrow' in sys.modules)"
)


def test_what_an_operator_says_goes_before(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(NAME, "7")
    keep_used_memory()
    assert _said() == "7 False"


def test_the_command_says_it_before_arrow_is_loaded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(NAME, raising=False)
    assert _said() == "10000 False"


def test_processes_that_answer_share_few_pools(monkeypatch: pytest.MonkeyPatch):
    # Set and taken away, so that what is set here is gone at the end.
    monkeypatch.setenv("MALLOC_ARENA_MAX", "7")
    monkeypatch.delenv("MALLOC_ARENA_MAX")
    share_memory_pools()
    assert _inherited() == "2"
    monkeypatch.setenv("MALLOC_ARENA_MAX", "5")
    share_memory_pools()
    assert _inherited() == "5"


def _inherited() -> str:
    asking = [sys.executable, "-c", "import os; print(os.environ['MALLOC_ARENA_MAX'])"]
    return subprocess.run(asking, check=True, capture_output=True, text=True).stdout.strip()


def _said() -> str:
    done = subprocess.run([sys.executable, "-c", SAYING], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]
