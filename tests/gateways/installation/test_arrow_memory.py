"""The command sets the delay of the allocator before Arrow is imported, unless the operator has set one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from ewtp.gateways.installation.arrow_memory import keep_used_memory

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


def _said() -> str:
    done = subprocess.run([sys.executable, "-c", SAYING], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]
