"""What was fetched, as it came: contents by their digest, and of each look what it found, where and when.

Below ``EWTP_HOME/fetched/SOURCE``: ``DIGEST.gz`` is a content, ``looks/MOMENT.json`` a look. The newest contents that
were taken in are kept, and all others for a month, so that what was refused can be looked at.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.gateways.installation.durable_folder import sync_folder
from ewtp.gateways.installation.home import home_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ewtp.gateways.publishers.publisher_files import FetchedFile

FETCHED_FOLDER = "fetched"
_KEPT_LANDINGS = 24
_KEPT_OTHERS = timedelta(days=30)


def archive_files(source: str, files: Sequence[FetchedFile]) -> None:
    """Store the contents of files, each once."""
    folder = home_path() / FETCHED_FOLDER / source
    (folder / "looks").mkdir(parents=True, exist_ok=True)
    for file in files:
        path = folder / f"{file.digest}.gz"
        if not path.exists():
            # The same content has the same bytes packed, whenever it is fetched.
            _write(path, gzip.compress(file.content, mtime=0))
    sync_folder(folder)


def archive_look(source: str, files: Sequence[FetchedFile], outcome: str, at: datetime) -> None:
    """Note what a look found and what came of it, and forget what need not be kept any longer."""
    folder = home_path() / FETCHED_FOLDER / source
    noted = {
        "source": source,
        "at": at.isoformat(),
        "outcome": outcome,
        "files": [
            {
                "name": each.name,
                "address": each.address,
                "digest": each.digest,
                "bytes": len(each.content),
                "headers": dict(each.headers),
            }
            for each in files
        ],
    }
    looks = folder / "looks"
    _write(looks / f"{at:%Y%m%dT%H%M%S.%fZ}.json", json.dumps(noted, indent=1, sort_keys=True).encode())
    sync_folder(looks)
    _forget(folder, at)


@contextmanager
def unpack_files(files: Sequence[FetchedFile]) -> Iterator[Path]:
    """A folder with the files by name, for whoever reads files; it is gone afterwards."""
    root = home_path() / FETCHED_FOLDER
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=root) as name:
        for each in files:
            (Path(name) / each.name).write_bytes(each.content)
        yield Path(name)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _forget(folder: Path, now: datetime) -> None:
    """Remove looks that are neither recent nor among the last that were taken in, and contents that no look has."""
    looks = [(path, json.loads(path.read_bytes())) for path in sorted((folder / "looks").glob("*.json"), reverse=True)]
    landed = [path for path, look in looks if look["outcome"] == "landed"][:_KEPT_LANDINGS]
    kept: set[str] = set()
    for path, look in looks:
        if path in landed or now - datetime.fromisoformat(look["at"]) < _KEPT_OTHERS:
            kept |= {each["digest"] for each in look["files"]}
        else:
            path.unlink()
    for path in folder.glob("*.gz"):
        if path.stem not in kept:
            path.unlink()
