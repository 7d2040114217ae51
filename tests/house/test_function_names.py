"""A function is named by a verb and a noun, never by a participle alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.source_trees import tree_of

SOURCE = Path(__file__).parents[2] / "src/ewtp"
_PARTICIPLE = re.compile(
    "[a-z]+(?:ed|ing)|bound|built|chosen|drawn|found|given|held|kept|known|laid|left|lost|made|meant|met|paid|put|said|"
    "sent|shown|sold|split|spoken|spread|stood|sworn|taken|told|torn|understood|won|written"
)
# Words that only end like one.
_NO_PARTICIPLE = re.compile(
    "ceiling|embed|everything|exceed|feed|heading|mapping|need|nothing|proceed|ring|screening|seed|setting|speed|string"
)


def is_participle(name: str) -> bool:
    """Whether the name is one word that ends like a participle; a decorator that hides it makes no difference."""
    word = name.strip("_")
    return _NO_PARTICIPLE.fullmatch(word) is None and _PARTICIPLE.fullmatch(word) is not None


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function is read like a field, which says what something is."""
    return any(isinstance(each, ast.Name) and each.id.endswith("property") for each in node.decorator_list)


def is_fixed(path: Path, name: str) -> bool:
    """Whether others fixed the name: Python, or a migration that installations have run and that nobody edits."""
    return name.startswith("__") or "migrations" in path.parts


def test_no_function_is_named_by_a_participle_alone():
    found = {
        f"{path.relative_to(SOURCE)} {node.name}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_participle(node.name) and not is_property(node) and not is_fixed(path, node.name)
    }
    assert found == set(), "name these by a verb and a noun"


def test_a_participle_is_known_by_its_form():
    names = ("_joined", "written", "answering", "join_texts", "kept_rows", "seed", "ring")
    assert [is_participle(name) for name in names] == [True, True, True, False, False, False, False]
