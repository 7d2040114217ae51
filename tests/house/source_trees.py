"""The syntax trees of source files; those of the package are read once in a process, for several tests look at all."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.seed_book import kept

_PACKAGE = Path(__file__).parents[2] / "src" / "ewtp"


def tree_of(path: Path) -> ast.Module:
    """The tree of a file, which nobody changes."""
    tree = _package_trees().get(path)
    return _tree(path) if tree is None else tree


@cache
def _package_trees() -> dict[Path, ast.Module]:
    with kept():
        return {path: _tree(path) for path in _PACKAGE.rglob("*.py")}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
