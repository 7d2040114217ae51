"""The folder that machine code is kept in."""

from __future__ import annotations

import ast
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
