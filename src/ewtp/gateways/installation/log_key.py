"""The key that signs the log: made at first use, and kept readable by its owner alone."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ewtp.core.log.ed25519 import SEED_BYTES
from ewtp.core.log.note import NoteSigner, is_key_name, read_signer
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.key_file import write_key_once
from ewtp.gateways.installation.sentences import LOG_KEY_UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "log_key"


def log_signer(home: Path) -> NoteSigner | Refusal:
    """The signer whose secret is in ``log_key`` below the home, made if there is none; ``log_key_unreadable``.

    Its name, which is the log's, is the first of ``EWTP_HOSTS`` and ``/log`` when it is made, and stays.
    """
    path = home / FILE_NAME
    try:
        if not path.exists():
            _make(path)
        signer = read_signer(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        signer = None
    return signer or Refusal(LOG_KEY_UNREADABLE, {"path": path})


def _make(path: Path) -> None:
    hosts = load_configuration().hosts
    name = f"{hosts[0] if hosts else 'localhost'}/log"
    signer = NoteSigner(name if is_key_name(name) else "localhost/log", secrets.token_bytes(SEED_BYTES))
    write_key_once(path, signer.text)
