"""Whether the kernel's machine code is there already: making it takes a minute, which no question should wait for."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from ewtp.core.compiled.machine.code_cache import cache_folder

if TYPE_CHECKING:
    from pathlib import Path


@lru_cache(maxsize=1)
def machine_code_folder() -> Path | None:
    """Where the machine code of this program is kept; None where none can be kept."""
    return cache_folder()


def machine_code_is_kept() -> bool:
    """Whether every function that questions and tables need was compiled here before, by the same compiler."""
    folder = machine_code_folder()
    return folder is not None and (folder / _mark()).exists()


def mark_machine_code() -> None:
    """Note that every such function has been called, so that its machine code is kept."""
    folder = machine_code_folder()
    if folder is not None:
        (folder / _mark()).touch()


@lru_cache(maxsize=1)
def _mark() -> str:
    return f"complete-{version('numba')}-{platform.python_version()}-{platform.machine()}"
