"""The folder that machine code is kept in, and the lock on making it."""

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
# Whose functions become machine code, so that any change of them counts.
_COMPILED = ("kernel", "machine")
# Whose constants are frozen into it.
_FROZEN = ("format",)
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def cache_folder(sources: Path = _HERE, fallback: Path | None = None) -> Path | None:
    """Where the machine code of these sources is kept, beside them or else at ``fallback``; None for nowhere.

    Every state of the sources has a folder of its own, since a loop takes in functions and constants of many files.
    Numba by itself looks only at the file that defines the loop, and would keep using machine code that is out of date.
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
    """Have ``make`` fill the folder unless that was done; processes that want it at once wait for the first one.

    It is done again for another numba or processor, and once the files of functions were written again: numba goes by
    their times.
    """
    written = [str(path.stat().st_mtime_ns) for path in _modules(sources, _COMPILED)]
    state = " ".join([numba.__version__, binding.get_host_cpu_name(), *written])
    done = folder / f"done-{hashlib.sha256(state.encode()).hexdigest()[:16]}"
    if done.exists():
        return
    with (folder / "lock").open("w") as lock:
        # The lock goes when the file is closed, also where the process is killed.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make()
            done.touch()


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
