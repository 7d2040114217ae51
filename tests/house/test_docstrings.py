"""Every name in a dataclass's docstring exists: it is a field, a method, a name of the module, or a value of a field.

Names stand in double backquotes. A value is one of an enumeration or a ``Literal`` that a field has, or is written as
Python writes it, in quotation marks.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.source_trees import tree_of

SOURCE = Path(__file__).parents[2] / "src/ewtp"
_QUOTED = re.compile(r"``([^`]+)``")
# ``name``, ``name.attribute``, ``name[...]`` and ``name(...)`` are names; ``150.00 EUR`` or ``--json`` is not.
_NAME = re.compile(r"([A-Za-z_]\w*)(?:\.\w+)*(?:[\[(].*[\])])?\Z", re.DOTALL)


@dataclass(frozen=True)
class Module:
    """A module's source, and every name that it defines or imports."""

    path: str
    tree: ast.Module
    names: frozenset[str]


def module(path: str, tree: ast.Module) -> Module:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            found.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            found.update(n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))
    return Module(path, tree, frozenset(found))


def modules() -> list[Module]:
    return [module(str(p.relative_to(SOURCE)), tree_of(p)) for p in sorted(SOURCE.rglob("*.py"))]


def dataclasses_of(found: Module) -> list[ast.ClassDef]:
    classes = (node for node in ast.walk(found.tree) if isinstance(node, ast.ClassDef))
    return [
        node
        for node in classes
        if any(ast.unparse(d).startswith(("dataclass", "immutable")) for d in node.decorator_list)
    ]


def members(node: ast.ClassDef) -> set[str]:
    """Fields, methods, properties and constants of a class, and its own name."""
    found = {node.name}
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found.add(statement.target.id)
        elif isinstance(statement, ast.FunctionDef):
            found.add(statement.name)
        elif isinstance(statement, ast.Assign):
            found.update(target.id for target in statement.targets if isinstance(target, ast.Name))
    return found


def texts_in(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def is_literal_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal"


def values_by_type(found: list[Module]) -> dict[str, set[str]]:
    """The values of every enumeration of texts and of every ``Literal`` that has a name."""
    values: dict[str, set[str]] = {}
    for each in found:
        for node in ast.walk(each.tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                constants = [s.value for s in node.body if isinstance(s, ast.Assign)]
                values[node.name] = set().union(*map(texts_in, constants))
            elif isinstance(node, ast.Assign) and is_literal_type(node.value):
                for target in node.targets:
                    values[ast.unparse(target)] = texts_in(node.value)
    return values


def unknown_names(found: Module, values: dict[str, set[str]]) -> list[str]:
    """The names in the docstrings of the module's dataclasses that lead nowhere."""
    wrong = []
    for node in dataclasses_of(found):
        known = members(node) | found.names | set(dir(builtins))
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                known |= texts_in(statement.annotation)
                for name in ast.walk(statement.annotation):
                    known |= values.get(name.id, set()) if isinstance(name, ast.Name) else set()
        for quoted in _QUOTED.findall(ast.get_docstring(node) or ""):
            matched = _NAME.match(quoted)
            if matched is not None and matched[1] not in known:
                wrong.append(f"{found.path}:{node.lineno} {node.name}: ``{quoted}``")
    return wrong


def test_every_name_in_the_docstring_of_a_dataclass_exists():
    found = modules()
    assert len([node for each in found for node in dataclasses_of(each)]) > 100
    values = values_by_type(found)
    assert [name for each in found for name in unknown_names(each, values)] == []


@pytest.mark.parametrize(
    ("named", "exists"),
    [
        ("``title``", True),
        ("``kind`` is ``duty``", True),
        ("``Kind.DUTY``, ``key()``, ``parse`` and ``None``", True),
        ('``"150.00 EUR"``, ``US-AU``', True),
        ("``rounding`` is left to the territory", False),
        ("``units`` are stated", False),
        ("``schedules[0]``", False),
        ("``toll``", False),
    ],
)
def test_a_name_that_is_neither_field_nor_value_is_found(named: str, *, exists: bool):
    source = f"""
from elsewhere import parse
class Kind(StrEnum):
    DUTY = "duty"
@dataclass(frozen=True)
class Measure:
    {named!r}
    title: str
    kind: Kind
    def key(self): pass
"""
    found = module("example.py", ast.parse(source))
    wrong = unknown_names(found, values_by_type([found]))
    assert (not wrong) == exists
