"""The key that signs the log: made at first use, and kept readable by its owner alone."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ewtp.core.log.ed25519 import SEED_BYTES
from ewtp.core.log.note import NoteSigner, is_key_name, read_signer
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.durable_folder import sync_folder
from ewtp.gateways.installation.key_file import write_key_once
from ewtp.gateways.installation.sentences import LOG_KEY_UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "log_key"
# A key that is to replace the other one, until the checkpoint with both signatures is stored.
NEXT_NAME = "log_key.next"


def log_signer(home: Path, *, make: bool = True) -> NoteSigner | Refusal:
    """The signer whose secret is in ``log_key`` below the home; ``log_key_unreadable``.

    If there is none it is made, unless a log is there already that another key signed. Its name, which is the log's, is
    the first of ``EWTP_HOSTS`` and ``/log`` when it is made, and stays.
    """
    path = home / FILE_NAME
    try:
        if make and not path.exists():
            _make(path)
    except OSError:
        return Refusal(LOG_KEY_UNREADABLE, {"path": path})
    return _read(path) or Refusal(LOG_KEY_UNREADABLE, {"path": path})


def next_log_signer(home: Path, *, name: str | None = None) -> NoteSigner | Refusal | None:
    """The signer that is to replace the other one, made for the log of this ``name``; ``log_key_unreadable``.

    Without a name none is made, and None returned where there is none.
    """
    path = home / NEXT_NAME
    try:
        if name is not None:
            write_key_once(path, NoteSigner(name, secrets.token_bytes(SEED_BYTES)).text)
        elif not path.exists():
            return None
    except OSError:
        return Refusal(LOG_KEY_UNREADABLE, {"path": path})
    return _read(path) or Refusal(LOG_KEY_UNREADABLE, {"path": path})


def promote_next_key(home: Path) -> None:
    """Put the key that is to replace the other one in its place; the secret of the other one is gone."""
    (home / NEXT_NAME).replace(home / FILE_NAME)
    sync_folder(home)


def _read(path: Path) -> NoteSigner | None:
    try:
        return read_signer(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _make(path: Path) -> None:
    hosts = load_configuration().hosts
    name = f"{hosts[0] if hosts else 'localhost'}/log"
    signer = NoteSigner(name if is_key_name(name) else "localhost/log", secrets.token_bytes(SEED_BYTES))
    write_key_once(path, signer.text)
