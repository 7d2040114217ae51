"""The journal of a batch, in a folder beside its target: a batch killed at any moment resumes from it.

``TARGET.parts`` holds ``answers.data`` and ``refused.data``, the two files so far; ``journal``, one line for each
finished piece; and ``manifest.json``, a record of the inputs of the pieces. Bytes are on disk before the journal names
them; bytes that it does not name are cut off when the folder is opened again. The files become TARGET and
TARGET.refused.parquet once the journal records that all pieces are finished, so the disk holds everything once.
"""

from __future__ import annotations

import base64
import fcntl
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.durable_folder import sync_folder
from ewtp.gateways.installation.private_file import open_private
from ewtp.gateways.parquet.pieces import MAGIC, Encoded, join_footers
from ewtp.gateways.parquet.sentences import BATCH_BROKEN, BATCH_CHANGED, BATCH_RUNNING, TARGET_EXISTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FORM = 1
_MANIFEST = "manifest.json"
_FILES = ("answers", "refused")


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a batch writes."""

    answers: Path

    @property
    def refused(self) -> Path:
        """The side file of refused lines."""
        return Path(f"{self.answers}.refused.parquet")

    @property
    def parts(self) -> Path:
        """The folder of the journal while the batch runs."""
        return Path(f"{self.answers}.parts")


@dataclass(frozen=True, slots=True)
class FinishedPiece:
    """One piece: the number of its lines, its bytes for the two files, and its tally (JSON)."""

    lines: int
    answers: Encoded | None
    refused: Encoded | None
    tally: dict[str, Any]


@dataclass(slots=True)
class BatchJournal:
    """The folder of a batch, locked by one process; ``open_batch_journal`` makes it."""

    targets: Targets
    lines: int = 0
    # All pieces are finished, and the files may already be renamed.
    whole: bool = False
    _ends: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_FILES, len(MAGIC)))
    _open: dict[str, IO[bytes]] = field(default_factory=dict)

    def append(self, piece: FinishedPiece) -> None:
        """Store a piece; it is on disk when this returns. Raises OSError where the disk is full."""
        entry: dict[str, Any] = {"lines": piece.lines, "tally": piece.tally}
        for name, encoded in zip(_FILES, (piece.answers, piece.refused), strict=True):
            if encoded is None:
                continue
            file = self._file(name)
            file.write(encoded.body)
            _to_disk(file)
            footer = base64.b64encode(encoded.footer).decode()
            entry[name] = {"start": self._ends[name], "bytes": len(encoded.body), "footer": footer}
            self._ends[name] += len(encoded.body)
        self._note(entry)
        self.lines += piece.lines

    def tallies(self) -> Iterator[dict[str, Any]]:
        """The tally of each piece, in order."""
        return (entry["tally"] for entry in self._entries() if "tally" in entry)

    def finish(self, nothing: Encoded) -> None:
        """Give the files their names and remove the folder; ``nothing`` is a piece of answers without rows.

        After a kill in the middle of this, calling it again completes it.
        """
        if not self.whole:
            self._close_files(nothing)
            self._note({"whole": True})
            self.whole = True
        side = self._path("refused")
        if side.exists():
            side.replace(self.targets.refused)
        elif not any("refused" in entry for entry in self._entries()):
            # The file belongs to answers that are about to be replaced.
            self.targets.refused.unlink(missing_ok=True)
        if self._path("answers").exists():
            self._path("answers").replace(self.targets.answers)
        sync_folder(self.targets.answers.parent)
        # Without a manifest there is nothing to resume, and the lock is held until nothing else is left.
        self._clear(_MANIFEST, "journal", "lock")
        for name in (_MANIFEST, "journal", "lock"):
            (self.targets.parts / name).unlink(missing_ok=True)
        # Another batch that begins at this moment may be in the folder already.
        with suppress(OSError):
            self.targets.parts.rmdir()
        self.close()

    def close(self) -> None:
        """Release the folder."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _close_files(self, nothing: Encoded) -> None:
        """Write the footers."""
        for name in _FILES:
            kept = [
                (entry[name]["start"], base64.b64decode(entry[name]["footer"]))
                for entry in self._entries()
                if name in entry
            ]
            if not kept and name == "refused":
                self._path(name).unlink(missing_ok=True)
                continue
            file = self._file(name)
            file.write(join_footers(kept or [(len(MAGIC), nothing.footer)]))
            _to_disk(file)

    def _path(self, name: str) -> Path:
        return self.targets.parts / f"{name}.data"

    def _file(self, name: str) -> IO[bytes]:
        """The growing file, cut to the bytes that the journal names."""
        if name not in self._open:
            file = self._open[name] = self._path(name).open("r+b" if self._path(name).exists() else "w+b")
            file.truncate(self._ends[name])
            file.write(MAGIC)
            file.seek(self._ends[name])
        return self._open[name]

    def _journal(self) -> Path:
        return self.targets.parts / "journal"

    def _note(self, entry: dict[str, Any]) -> None:
        if "journal" not in self._open:
            self._open["journal"] = self._journal().open("ab")
        self._open["journal"].write(orjson.dumps(entry) + b"\n")
        _to_disk(self._open["journal"])

    def _entries(self) -> Iterator[dict[str, Any]]:
        if self._journal().exists():
            with self._journal().open("rb") as lines:
                yield from (orjson.loads(line) for line in lines)

    def _take(self, made_from: Mapping[str, Any], *, restart: bool, overwrite: bool) -> Refusal | None:
        """Begin or resume; the lock is held."""
        manifest = self.targets.parts / _MANIFEST
        found = _entry(manifest.read_bytes()) if manifest.exists() and not restart else None
        if found is not None:
            self._recall()
        exists = [path for path in (self.targets.answers, self.targets.refused) if path.exists()]
        # A run killed while the files were renamed left some of them there.
        if exists and not overwrite and not self.whole:
            return Refusal(TARGET_EXISTS, {"path": exists[0]})
        if found is None:
            self._clear("lock")
            _write_whole(manifest, {"form": _FORM, "made_from": made_from})
            return None
        before = found.get("made_from", {}) if found.get("form") == _FORM else {}
        other = sorted(name for name in {*before, *made_from} if before.get(name) != made_from.get(name))
        if other:
            return Refusal(BATCH_CHANGED, {"folder": self.targets.parts, "differ": other}, details=(("differ", other),))
        for name in _FILES:
            path = self._path(name)
            if not self.whole and self._ends[name] > (path.stat().st_size if path.exists() else len(MAGIC)):
                return Refusal(BATCH_BROKEN, {"path": path})
        return None

    def _clear(self, *kept: str) -> None:
        for left in self.targets.parts.iterdir():
            if left.name not in kept:
                left.unlink() if left.is_file() else shutil.rmtree(left)

    def _recall(self) -> None:
        """Read where the journal ends; a last line that was cut off is removed."""
        good = 0
        if not self._journal().exists():
            return
        with self._journal().open("r+b") as file:
            for line in file:
                entry = _entry(line)
                if entry is None:
                    break
                good += len(line)
                self.whole = self.whole or "whole" in entry
                self.lines += entry.get("lines", 0)
                for name in _FILES:
                    if name in entry:
                        self._ends[name] = entry[name]["start"] + entry[name]["bytes"]
            file.truncate(good)


def open_batch_journal(
    targets: Targets,
    made_from: Mapping[str, Any],
    *,
    restart: bool,
    overwrite: bool,
) -> BatchJournal | Refusal:
    """The journal of a batch, new or as an earlier run left it; ``restart`` discards the earlier run.

    ``made_from`` maps each input of the pieces, named in words that fit into a sentence, to JSON that identifies its
    state. Refuses with ``batch_running``, ``target_exists`` unless ``overwrite``, ``batch_changed`` where the
    folder was made from something else, ``batch_broken``. Raises OSError where nothing can be written.
    """
    lock = _lock(targets.parts)
    if lock is None:
        return Refusal(BATCH_RUNNING, {"path": targets.answers})
    parts = BatchJournal(targets)
    parts._open["lock"] = lock  # noqa: SLF001 - made here
    refused = parts._take(made_from, restart=restart, overwrite=overwrite)  # noqa: SLF001 - made here
    if refused is not None:
        if not (targets.parts / _MANIFEST).exists():
            shutil.rmtree(targets.parts)
        parts.close()
        return refused
    return parts


def _lock(folder: Path) -> IO[bytes] | None:
    while True:
        folder.mkdir(exist_ok=True)
        path = folder / "lock"
        file = open_private(path, "ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        except BlockingIOError:
            file.close()
            return None
        except FileNotFoundError:
            # The batch that held it ended and removed its folder at this moment.
            pass
        file.close()


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return read if isinstance(read, dict) and line.endswith(b"\n") else None


def _write_whole(path: Path, value: Any) -> None:
    """Write JSON atomically."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(orjson.dumps(value) + b"\n")
        _to_disk(file)
    draft.replace(path)
    sync_folder(path.parent)


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
