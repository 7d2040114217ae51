"""Files that hold a secret key: written once, for their owner alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ewtp.gateways.installation.durable_folder import sync_folder

if TYPE_CHECKING:
    from pathlib import Path


def write_key_once(path: Path, text: str) -> None:
    """Write a key to a file, which other accounts cannot read, unless it is there; OSError where it cannot be."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # The link fails when another process was first; then its key is read.
        os.link(draft, path)
        sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
