"""Compiled rulebooks in a folder: one file an array, memory-mapped when read, so that all processes share them."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import orjson

from ewtp.core.compiled.format.tables import EDITION, CompiledBook, Tables, names_from_json
from ewtp.gateways.compiled_store import market_texts

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.compiled.market.texts import MarketTexts

_NAMES = "names.json"


def compiled_root(home: Path) -> Path:
    """The folder that has a folder for each compiled version."""
    return home / "compiled"


def compiled_folder(home: Path, digest: str) -> Path:
    """Where the compiled form of a version is kept, in the editions of the form that this program reads."""
    return compiled_root(home) / f"{digest}-{EDITION}-{market_texts.EDITION}"


def write_compiled(
    book: CompiledBook, texts: MarketTexts, folder: Path, like: tuple[CompiledBook, Path] | None = None
) -> None:
    """Save a book and its texts; a reader sees the whole of them or nothing, also when two processes save them at once.

    ``like`` is a book saved before and its folder: arrays that are the very same share their files with it.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, array in book.tables._asdict().items():
        target = draft / f"{name}.npy"
        if like is None or getattr(like[0].tables, name) is not array or not _linked(like[1] / target.name, target):
            np.save(target, array)
    market_texts.write_market_texts(texts, draft)
    (draft / _NAMES).write_bytes(orjson.dumps(book.names.as_json()))
    # Another process may have saved the same version first, which is as good.
    with suppress(OSError):
        draft.rename(folder)
    shutil.rmtree(draft, ignore_errors=True)


def _linked(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except OSError:
        # Not every file system has links, and the other folder may be gone by now.
        return False
    return True


def is_compiled(folder: Path) -> bool:
    """Whether a book is saved in a folder."""
    return (folder / _NAMES).exists()


def read_compiled(folder: Path) -> CompiledBook | None:
    """The book saved in a folder; None where there is none."""
    try:
        names = names_from_json(orjson.loads((folder / _NAMES).read_bytes()))
    except FileNotFoundError:
        return None
    if names is None:
        return None
    # Whoever clears folders sees by this that the book is still in use.
    with suppress(OSError):
        os.utime(folder)
    # Copy-on-write pages are shared until written, which nobody does, and have the type the kernel is compiled for.
    arrays = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in Tables._fields]
    return CompiledBook(names, Tables(*arrays))
