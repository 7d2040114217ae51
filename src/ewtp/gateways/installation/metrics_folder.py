"""The folder in which the processes of one server count together, so that any of them answers for all."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The name is the library's, which reads it when it is imported.
_SETTING = "PROMETHEUS_MULTIPROC_DIR"
# The kinds of metrics that processes share, as the library names their files, and room for every label of each kind.
_KINDS = ("counter", "histogram")
_RESERVED_BYTES = 4 * 1024 * 1024
_LOG = logging.getLogger("ewtp.metrics")


@contextmanager
def open_shared_metrics_folder(home: Path) -> Iterator[None]:
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


def reserve_count_files() -> None:
    """Take the space on the disk for what this process will count, before it counts anything.

    The library maps files with holes in them into memory. On a full disk the system ends a process that writes into
    such a hole, so the space is taken while the process starts; where there is none, it counts for itself alone.
    """
    if not metrics_are_shared():
        return
    folder = Path(os.environ[_SETTING])
    try:
        for kind in _KINDS:
            with (folder / f"{kind}_{os.getpid()}.db").open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, _RESERVED_BYTES)
    except OSError as error:
        # Imported before the folder is there, the library would take every process for one that counts alone.
        from prometheus_client import values  # noqa: PLC0415 - see above

        _LOG.warning("process %d counts for itself alone: %s", os.getpid(), error)
        for kind in _KINDS:
            (folder / f"{kind}_{os.getpid()}.db").unlink(missing_ok=True)
        del os.environ[_SETTING]
        values.ValueClass = values.MutexValue


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
