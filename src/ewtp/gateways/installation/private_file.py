"""Files that their owner alone may open: whoever can open a lock can hold it, and so keep every command waiting."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_OWNER_ALONE = 0o600


def open_private(path: Path, mode: str) -> IO[Any]:
    """Open a file with ``mode`` as ``open`` does; other accounts can read and lock it no longer, if they ever could."""
    file: IO[Any] = open(path, mode, opener=_open_for_owner)  # noqa: SIM115 - the caller closes; Path takes no opener
    # A file of an earlier version may be open to all; one of another account is not ours to change.
    if os.fstat(file.fileno()).st_uid == os.geteuid():
        os.fchmod(file.fileno(), _OWNER_ALONE)
    return file


def _open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ALONE)
