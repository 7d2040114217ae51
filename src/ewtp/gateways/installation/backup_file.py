"""A backup: one file with a copy of the database, the keys of the installation, and a manifest with their digests.

The file is a zip archive without compression, since the copy of the database is compressed already. ``manifest.json``
is its last member: ``edition`` of the format, ``version`` of the program, ``created``, ``migrations`` of the database,
and ``files``, the SHA-256 of every other member by name.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.log_key import FILE_NAME as LOG_KEY
from ewtp.gateways.installation.sentences import BACKUP_DAMAGED, BACKUP_NEWER, BACKUP_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EDITION = 1
DATABASE = "database.dump"
MANIFEST = "manifest.json"
# Files below the home that nothing can make again.
KEYS = ("secret_key", LOG_KEY)
_CHUNK = 1 << 20


@dataclass(slots=True)
class BackupWriter:
    """A backup being written; ``digests`` has the SHA-256 of each member by name."""

    archive: zipfile.ZipFile
    digests: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def member(self, name: str) -> Iterator[_MemberWriter]:
        """A member to write to, of any length."""
        with self.archive.open(name, "w", force_zip64=True) as file:
            digested = _MemberWriter(file)
            yield digested
        self.digests[name] = digested.digest.hexdigest()


class _MemberWriter:
    """Something to write to that knows the digest of what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self.digest.update(piece)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup states of itself; ``migrations`` are those of its database, ``version`` that of the program."""

    version: str
    created: str
    migrations: tuple[str, ...]
    files: dict[str, str]


@contextmanager
def backup_written(path: Path, version: str, created: str, migrations: tuple[str, ...]) -> Iterator[BackupWriter]:
    """Write a backup under its name once it is complete and on the disk; nothing is left of one that fails.

    Others cannot read it, since it has the keys.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                writer = BackupWriter(archive)
                yield writer
                manifest = {"edition": EDITION, "version": version, "created": created}
                manifest |= {"migrations": list(migrations), "files": writer.digests}
                archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest | Refusal:
    """The manifest of a backup whose every member is as it was written.

    Refuses with ``backup_unreadable``, ``backup_newer`` or ``backup_damaged``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            body = json.loads(archive.read(MANIFEST))
            if int(body["edition"]) > EDITION:
                return Refusal(BACKUP_NEWER, {"path": path, "version": str(body["version"])})
            found = Manifest(body["version"], body["created"], tuple(body["migrations"]), dict(body["files"]))
            for name, digest in found.files.items():
                if _digest(archive, name) != digest:
                    return Refusal(BACKUP_DAMAGED, {"path": path, "part": name})
    except zipfile.BadZipFile as error:
        # The archive has sums of its own, which may notice first.
        return Refusal(BACKUP_UNREADABLE, {"path": path, "reason": str(error)})
    except (OSError, KeyError, TypeError, ValueError, EOFError) as error:
        return Refusal(BACKUP_UNREADABLE, {"path": path, "reason": _reason(error)})
    return found


@contextmanager
def backup_member(path: Path, name: str) -> Iterator[IO[bytes]]:
    """A member of a backup that ``read_manifest`` has read."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield file


def write_keys(path: Path, home: Path, manifest: Manifest) -> None:
    """Put the keys of a backup into a home, each in place of the one that is there."""
    for name in KEYS:
        if name in manifest.files:
            draft = home / f".{name}.{os.getpid()}"
            with (
                backup_member(path, name) as key,
                os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            ):
                file.write(key.read())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(home / name)


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
