"""The folder of a witness: its key, and the last checkpoint that it cosigned of each log."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.cosignature import WitnessSigner, read_witness_signer
from ewtp.core.log.ed25519 import SEED_BYTES
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.durable_folder import sync_folder
from ewtp.gateways.installation.key_file import write_key_once
from ewtp.gateways.installation.private_file import open_private
from ewtp.gateways.installation.sentences import WITNESS_FOLDER_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY_NAME = "witness_key"


@dataclass(frozen=True, slots=True)
class WitnessFolder:
    """What a witness keeps at ``path``; OSError where the folder cannot be read or written."""

    path: Path

    def make_key(self, name: str) -> None:
        """Make the folder and its key, unless they are there."""
        self.path.mkdir(parents=True, exist_ok=True)
        write_key_once(self.path / KEY_NAME, WitnessSigner(name, secrets.token_bytes(SEED_BYTES)).text)

    def signer(self) -> WitnessSigner | Refusal:
        """The witness's key; refuses with ``witness_folder_unreadable``."""
        path = self.path / KEY_NAME
        try:
            signer = read_witness_signer(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            signer = None
        return signer or Refusal(WITNESS_FOLDER_UNREADABLE, {"path": path})

    @contextmanager
    def lock_folder(self) -> Iterator[None]:
        """One at a time: two that read the same last checkpoint could cosign two that contradict one another."""
        with open_private(self.path / "lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def seen(self, origin: str) -> Checkpoint | Refusal | None:
        """The last checkpoint of this log that was cosigned; None where there was none yet.

        Refuses with ``witness_folder_unreadable``: a witness that forgets would cosign a log that was rewritten.
        """
        path = self._place(origin)
        try:
            read = read_checkpoint(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            return Refusal(WITNESS_FOLDER_UNREADABLE, {"path": path})
        damaged = isinstance(read, Refusal) or read[0].origin != origin
        return Refusal(WITNESS_FOLDER_UNREADABLE, {"path": path}) if damaged else read[0]  # type: ignore[index]

    def keep(self, origin: str, note: str) -> None:
        """Keep the note of the checkpoint that is cosigned next, so that it survives a power cut."""
        path = self._place(origin)
        draft = path.with_suffix(f".{os.getpid()}.part")
        with draft.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(self.path)

    def _place(self, origin: str) -> Path:
        return self.path / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"
