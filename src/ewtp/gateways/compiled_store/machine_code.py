"""Whether the kernel's machine code is there already: compiling it takes a minute, too long for a question to wait."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ewtp.core.compiled.machine.code_cache import cache_folder, done_mark

if TYPE_CHECKING:
    from pathlib import Path


@lru_cache(maxsize=1)
def machine_code_folder() -> Path | None:
    """Where the machine code of this program is kept; None where none can be kept."""
    return cache_folder()


def machine_code_is_kept() -> bool:
    """Whether all machine code of this program was compiled here before, by the same compiler."""
    folder = machine_code_folder()
    return folder is not None and done_mark(folder).exists()
