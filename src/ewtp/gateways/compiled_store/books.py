"""Compiled rulebooks in a folder: one file an array, memory-mapped when read, so that all processes share them."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import orjson

from ewtp.core.compiled.format.tables import EDITION, CompiledBook, Tables, names_from_json
from ewtp.gateways.compiled_store import market_texts
from ewtp.gateways.compiled_store.folder_digests import (
    is_sound,
    read_digests,
    remove_damaged,
    save_folder,
    write_digested,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.compiled.market.texts import MarketTexts

_NAMES = "names.json"
# Part of the name of the folder: what is in it beside the tables and the texts.
_EDITION = 2


def find_compiled_root(home: Path) -> Path:
    """The folder that has a folder for each compiled version."""
    return home / "compiled"


def find_compiled_folder(home: Path, digest: str) -> Path:
    """Where the compiled form of a version is kept, in the editions of the form that this program reads."""
    return find_compiled_root(home) / f"{digest}-{EDITION}-{market_texts.EDITION}-{_EDITION}"


def write_compiled(
    book: CompiledBook, texts: MarketTexts, folder: Path, like: tuple[CompiledBook, Path] | None = None
) -> None:
    """Save a book and its texts; a reader sees the whole of them or nothing, also when two processes save them at once.

    ``like`` is a book saved before and its folder: arrays that are the very same share their files with it.
    """
    save_folder(folder, partial(_write_files, book, texts, like))


def _write_files(
    book: CompiledBook, texts: MarketTexts, like: tuple[CompiledBook, Path] | None, draft: Path
) -> dict[str, str]:
    """Write the files of a book into an empty folder; their digests, by name."""
    digests = {}
    for name, array in book.tables._asdict().items():
        target = draft / f"{name}.npy"
        shared = None
        if like is not None and getattr(like[0].tables, name) is array:
            shared = _share_file(like[1], target)
        digests[target.name] = shared or write_digested(target, partial(np.save, arr=array))
    digests |= market_texts.write_market_texts(texts, draft)
    names = orjson.dumps(book.names.as_json())
    digests[_NAMES] = write_digested(draft / _NAMES, lambda file: file.write(names))
    return digests


def _share_file(folder: Path, target: Path) -> str | None:
    """Link the file of the same name in another book's folder; its digest, None where it cannot be shared.

    The digest is the one that it was written with: read again, damage would count as its content.
    """
    digest = (read_digests(folder) or {}).get(target.name)
    if digest is None:
        return None
    try:
        target.hardlink_to(folder / target.name)
    except OSError:
        # Not every file system has links, and the other folder may be gone by now.
        return None
    return digest


def is_compiled(folder: Path) -> bool:
    """Whether a book is saved in a folder, sound or not."""
    return folder.exists()


def read_compiled(folder: Path) -> CompiledBook | None:
    """The book saved in a folder; None where there is none.

    A book that was damaged on the disk is reported in the log and removed, so that it is compiled again.
    """
    if not is_sound(folder):
        if folder.exists():
            remove_damaged(folder, "compiled rulebook")
        return None
    try:
        names = names_from_json(orjson.loads((folder / _NAMES).read_bytes()))
        # Copy-on-write pages are shared until written, which nobody does, and have the type the kernel is compiled for.
        arrays = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in Tables._fields]
    except FileNotFoundError:
        # It was removed at this moment.
        return None
    if names is None:
        return None
    # Whoever clears folders sees by this that the book is still in use.
    with suppress(OSError):
        os.utime(folder)
    return CompiledBook(names, Tables(*arrays))
