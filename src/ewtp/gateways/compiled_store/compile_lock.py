"""Who is compiling: one process of an installation at a time, and the others can see which version."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ewtp.gateways.compiled_store.books import find_compiled_root
from ewtp.gateways.installation.private_file import open_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "compiling"


@contextmanager
def compile_lock(home: Path, digest: str) -> Iterator[None]:
    """Wait until nobody else compiles, and hold that back from others; the lock ends with its process."""
    root = find_compiled_root(home)
    root.mkdir(parents=True, exist_ok=True)
    with open_private(root / _LOCK, "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        file.write(digest)
        file.flush()
        yield


def digest_compiling(home: Path) -> str | None:
    """The digest of the version that is being compiled; None where none is."""
    try:
        with (find_compiled_root(home) / _LOCK).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read() or None
    except (FileNotFoundError, PermissionError):
        # Only the account that the installation belongs to may look.
        pass
    return None
