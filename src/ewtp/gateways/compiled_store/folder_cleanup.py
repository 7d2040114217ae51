"""Folders that nothing needs any more: compiled forms of old versions, machine code of old programs."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from ewtp.gateways.compiled_store.books import find_compiled_folder, find_compiled_root
from ewtp.gateways.compiled_store.machine_code import machine_code_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path


def remove_unused_compiled(home: Path, needed: Iterable[str], before: datetime) -> int:
    """Remove compiled forms of other versions than the digests ``needed``, of other editions, and unfinished drafts.

    What was written or read since ``before`` stays: a batch may still be answering from it. Returns how many folders
    were removed. Only one process may do this at a time, as the holder of the compile lock is.
    """
    root = find_compiled_root(home)
    kept = {find_compiled_folder(home, digest).name for digest in needed}
    folders = [folder for folder in root.iterdir() if folder.is_dir() and folder.name not in kept]
    return sum(_remove_older(folder, before) for folder in folders)


def remove_unused_code(before: datetime) -> int:
    """Remove machine code of other states of the program that nobody used since ``before``; how many folders."""
    current = machine_code_folder()
    if current is None:
        return 0
    os.utime(current)
    folders = [folder for folder in current.parent.iterdir() if folder.is_dir() and folder != current]
    return sum(_remove_older(folder, before) for folder in folders)


def _remove_older(folder: Path, before: datetime) -> int:
    with suppress(OSError):
        if folder.stat().st_mtime < before.timestamp():
            # Nobody shall find half of it.
            condemned = folder.with_name(f".removed.{folder.name}.{os.getpid()}")
            folder.rename(condemned)
            shutil.rmtree(condemned, ignore_errors=True)
            return 1
    return 0
