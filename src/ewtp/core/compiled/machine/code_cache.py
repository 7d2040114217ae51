"""The folder of machine code, and the lock on compiling it."""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numba
from llvmlite import binding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HERE = Path(__file__).parents[1]
# The packages whose functions become machine code, so that any change of them counts.
_COMPILED = ("kernel", "machine")
# The package whose constants are frozen into it.
_FROZEN = ("format",)
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def cache_folder(sources: Path = _HERE, fallback: Path | None = None) -> Path | None:
    """The folder for the machine code of these sources, beside them or else below ``fallback``; None for none.

    Every state of the sources has a folder of its own, because a loop inlines functions and constants of many files.
    Numba itself checks only the file that defines the loop, and would keep using machine code that is out of date.
    """
    home = fallback if fallback is not None else Path.home() / ".cache" / "ewtp"
    name = sources_digest(sources)
    for folder in (sources / "__pycache__" / "machine_code" / name, home / "machine_code" / name):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


def make_once(folder: Path, make: Callable[[], None], sources: Path = _HERE) -> None:
    """Call ``make``, which fills the folder, unless that was done; other processes wait for the first one."""
    done = done_mark(folder, sources)
    if done.exists():
        return
    # Whoever can open the lock can hold it and keep everybody waiting, so only the owner can.
    path = folder / "lock"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        # The lock ends when the file is closed, and so when the process is killed.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make()
            done.touch()


def done_mark(folder: Path, sources: Path = _HERE) -> Path:
    """The file whose presence means that the folder has all machine code.

    It depends on numba, on the CPU and on the times of the files of functions, because numba checks these times.
    """
    written = [str(path.stat().st_mtime_ns) for path in _modules(sources, _COMPILED)]
    state = " ".join([numba.__version__, binding.get_host_cpu_name(), *written])
    return folder / f"done-{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def sources_digest(sources: Path) -> str:
    """Identifies machine code by the sources of its functions and by those of its constants, comments apart."""
    parts = [path.read_bytes() for path in _modules(sources, _COMPILED)]
    parts += [_without_words(path.read_text(encoding="utf-8")).encode() for path in _modules(sources, _FROZEN)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _modules(sources: Path, packages: Iterable[str]) -> list[Path]:
    return [path for package in packages for path in sorted((sources / package).rglob("*.py"))]


def _without_words(source: str) -> str:
    """A module as its syntax tree, which has neither comments nor layout, without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return ast.dump(tree)
