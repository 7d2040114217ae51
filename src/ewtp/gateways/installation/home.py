"""The directory of an installation's data, and its signing key."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from ewtp.gateways.configuration import load_configuration

if TYPE_CHECKING:
    from pathlib import Path


def home_path() -> Path:
    """The directory named by ``EWTP_HOME`` (``.ewtp`` below the current directory otherwise), made if missing."""
    home = load_configuration().home
    home.mkdir(parents=True, exist_ok=True)
    return home


def secret_key(home: Path) -> str:
    """The installation's signing key: ``EWTP_SECRET_KEY``, or one made once and kept readable by its owner alone."""
    given = load_configuration().secret_key
    if given:
        return given
    path = home / "secret_key"
    if not path.exists():
        draft = home / f".secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # The link fails when another process was first; then its key is read.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
