"""Compiled rulebooks in a folder: one file an array, memory-mapped when read, so that all processes share them."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import numpy as np
import orjson

from ewtp.core.compiled.format.tables import CompiledBook, Tables, names_from_json

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = "names.json"


def compiled_folder(home: Path, digest: str) -> Path:
    """Where the compiled form of a version is kept."""
    return home / "compiled" / digest


def write_compiled(book: CompiledBook, folder: Path, like: tuple[CompiledBook, Path] | None = None) -> None:
    """Save the book; a reader sees the whole of it or nothing, also when two processes save it at once.

    ``like`` is a book saved before and its folder: arrays that are the very same share their files with it.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, array in book.tables._asdict().items():
        target = draft / f"{name}.npy"
        if like is None or getattr(like[0].tables, name) is not array or not _linked(like[1] / target.name, target):
            np.save(target, array)
    (draft / _NAMES).write_bytes(orjson.dumps(book.names.as_json()))
    try:
        draft.rename(folder)
    except OSError:
        # Another process saved the same version first, or an older form of it is in the way.
        if read_compiled(folder) is None:
            shutil.rmtree(folder)
            draft.rename(folder)
    shutil.rmtree(draft, ignore_errors=True)


def _linked(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except OSError:
        # Not every file system has links, and the other folder may be gone by now.
        return False
    return True


def read_compiled(folder: Path) -> CompiledBook | None:
    """The book saved in a folder; None where there is none, or one of another edition of the form."""
    try:
        names = names_from_json(orjson.loads((folder / _NAMES).read_bytes()))
    except FileNotFoundError:
        return None
    if names is None:
        return None
    # Copy-on-write pages are shared until written, which nobody does, and have the type the kernel is compiled for.
    arrays = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in Tables._fields]
    return CompiledBook(names, Tables(*arrays))
