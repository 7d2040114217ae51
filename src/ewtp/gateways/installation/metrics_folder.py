"""The folder in which the processes of one server count together, so that any of them answers for all."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The name is the library's, which reads it when it is imported.
_SETTING = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared_metrics_folder(home: Path) -> Iterator[None]:
    """Give the processes started from here an empty folder to count in, and remove it at the end.

    Folders of servers of this home that were killed are removed as well. A server locks its own for as long as it runs.
    """
    root = home / "metrics"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        # Nobody removes a folder between its creation and its lock.
        with _lock_folder(root):
            _remove_forsaken(root)
            folder = stack.enter_context(TemporaryDirectory(prefix="server-", dir=root, ignore_cleanup_errors=True))
            stack.enter_context(_lock_folder(folder))
        os.environ[_SETTING] = folder
        try:
            yield
        finally:
            os.environ.pop(_SETTING, None)


def metrics_are_shared() -> bool:
    """Whether this process counts in a folder with others."""
    return _SETTING in os.environ


def _remove_forsaken(root: Path) -> None:
    """Remove the folders that no server has locked."""
    for folder in root.iterdir():
        with suppress(OSError), _lock_folder(folder, fcntl.LOCK_NB):
            shutil.rmtree(folder)


@contextmanager
def _lock_folder(folder: Path | str, waiting: int = 0) -> Iterator[None]:
    """Hold the lock on a folder, which ends with the process; with ``LOCK_NB``, ``BlockingIOError`` if it is held."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | waiting)
        yield
    finally:
        os.close(handle)
