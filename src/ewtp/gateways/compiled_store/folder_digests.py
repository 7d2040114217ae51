"""The digests of a folder's files, kept in the folder: a file that changed since it was written is noticed.

Damage by a disk, a copy or a slip is meant; whoever may write the files may write their digests too.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from ewtp.gateways.installation.durable_folder import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

NAME = "digests.json"
# Hashing holds no lock of the interpreter, and a disk answers several readers at once.
_THREADS = 4
# How many damaged files a message names.
_MOST_NAMED = 5
_LOG = logging.getLogger(__name__)


class DigestedFile:
    """A file that is being written, and the digest of what was written to it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._hash = hashlib.sha256()

    def write(self, content: bytes) -> int:
        """Write and count in; the length of what was written."""
        self._hash.update(content)
        return self._file.write(content)

    def close(self) -> str:
        """Bring the file to the disk; the digest of the whole of it, in hexadecimal digits."""
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
        return self._hash.hexdigest()


def write_digested(path: Path, write: Callable[[Any], object]) -> str:
    """Have ``write`` fill a new file that is given to it, and bring it to the disk; the file's digest."""
    file = DigestedFile(path)
    write(file)
    return file.close()


def write_digests(folder: Path, digests: Mapping[str, str]) -> None:
    """Save the digests of a folder's files, by name; this is the last file of it to be written."""
    body = orjson.dumps(digests, option=orjson.OPT_SORT_KEYS)
    write_digested(folder / NAME, lambda file: file.write(body + b"\n" + _own_digest(body)))
    sync_folder(folder)


def save_folder(folder: Path, write: Callable[[Path], Mapping[str, str]]) -> None:
    """Save a folder whose files ``write`` puts into an empty one, returning their digests by name.

    A reader sees the whole of it or nothing, also when two processes save it at once.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        write_digests(draft, write(draft))
        # Another process may have saved the same folder first, which is as good.
        with suppress(OSError):
            draft.rename(folder)
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def remove_damaged(folder: Path, content: str) -> None:
    """Report in the log that a folder was damaged, and remove it; ``content`` names what it holds."""
    damaged = ", ".join(find_damaged_files(folder)[:_MOST_NAMED])
    _LOG.warning("The %s in %s is damaged (%s): it is removed, and compiled again.", content, folder, damaged)
    # Nobody shall find half of it; who has it open keeps it.
    condemned = folder.with_name(f".damaged.{folder.name}.{os.getpid()}")
    with suppress(OSError):
        folder.rename(condemned)
    shutil.rmtree(condemned, ignore_errors=True)


def read_digests(folder: Path) -> dict[str, str] | None:
    """The digests that were saved in a folder; None where there are none, or they are damaged themselves."""
    try:
        body, _, own = (folder / NAME).read_bytes().partition(b"\n")
    except OSError:
        return None
    if own != _own_digest(body):
        return None
    digests: dict[str, str] = orjson.loads(body)
    return digests


def find_damaged_files(folder: Path) -> tuple[str, ...]:
    """The names of the files that are missing or differ from their digests, which may be damaged themselves."""
    digests = read_digests(folder)
    if digests is None:
        return (NAME,)
    with ThreadPoolExecutor(_THREADS) as threads:
        found = threads.map(lambda name: _digest(folder / name), digests)
        return tuple(name for (name, digest), now in zip(digests.items(), found, strict=True) if now != digest)


def is_sound(folder: Path) -> bool:
    """Whether every file is as it was written; files that did not change since the last look are not read again."""
    try:
        return _is_sound(folder, _signature(folder))
    except (FileNotFoundError, NotADirectoryError):
        return False


@lru_cache(maxsize=64)
def _is_sound(folder: Path, signature: tuple[tuple[str, int, int, int], ...]) -> bool:
    del signature
    return not find_damaged_files(folder)


def _signature(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What a file system changes with a file: its number, its size, and the time of its last change."""
    found = []
    for entry in os.scandir(folder):
        state = entry.stat(follow_symlinks=False)
        found.append((entry.name, state.st_ino, state.st_size, state.st_ctime_ns))
    return tuple(sorted(found))


def _digest(path: Path) -> str:
    """The digest of a file; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _own_digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
