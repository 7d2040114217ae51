"""One name, one meaning: no two types share a name; functions, and modules of a family, only for a reason."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.house.source_trees import tree_of

SOURCE = Path(__file__).parents[2] / "src/ewtp"
_TYPE_NAME = re.compile(r"_*[A-Z]\w*[a-z]\w*")
# A model is the table of the value of core that has its name.
MODELS = "store/models.py"
# Classes that may share a name, each with the reason.
_PLAIN = "takes the other one's place in the program inside a bundle"
SHARED_CLASSES = {
    "Meta": "Django finds a model's options under this name",
    "HouseGame": _PLAIN,
}
# Modules whose functions have the names of the addresses, commands and calls that they answer.
ADDRESSED = (
    "surface/api.py",
    "surface/pages.py",
    "web/pages.py",
    "web/components/*.py",
    "web/command_line/*.py",
    "library/*.py",
)
# Functions that may share a name, each with the reason.
SHARED_FUNCTIONS = {
    "read": "the importer of an official file, one in each module of a format",
}
# Modules of one family (core, apps, gateways, web) that may share a name, each with the reason.
SHARED_MODULES = {
    "api": "the routes of an app, and their assembly",
    "apps": "Django finds an app's configuration under this name",
    "duties": "the scalar and the compiled form of one step",
    "exchange_rates": "one official file of rates, and the package that has others",
    "finder": "the market finder: scalar, compiled, and with the rulebook read for it",
    "idempotency": "the stored keys, and the header that has them",
    "lines": "the same lines, from Parquet and from Spark",
    "models": "Django finds the tables of an app under this name",
    "openapi": "the schemas of an app's routes",
    "pages": "the pages of an app",
    "presentation": "the texts and figures of an app's pages",
    "quantity": "the scalar and the compiled form of one step",
    "sentences": "what a package can say",
    "tokens": "an app's actions and its reading of the same thing",
}


def modules() -> list[Path]:
    return [path.relative_to(SOURCE) for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def class_places() -> dict[str, list[str]]:
    """By name of a class without leading underscores, the modules that define one."""
    found = defaultdict(list)
    for path in modules():
        for node in ast.walk(tree_of(SOURCE / path)):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(path.as_posix())
    return found


def type_alias(node: ast.AST) -> str | None:
    """The name that a statement gives to a type which is written out, such as ``Row = dict[str, str]``."""
    if isinstance(node, ast.AnnAssign):
        target: ast.expr | None = node.target if "TypeAlias" in ast.unparse(node.annotation) else None
    else:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    written_out = isinstance(getattr(node, "value", None), ast.Subscript | ast.BinOp | ast.Constant)
    named = isinstance(target, ast.Name) and _TYPE_NAME.fullmatch(target.id)
    return target.id if named and written_out and isinstance(target, ast.Name) else None


def type_places() -> dict[str, list[str]]:
    """By name of a class or a type alias without leading underscores, the modules that define one."""
    found = class_places()
    for path in modules():
        for node in ast.walk(tree_of(SOURCE / path)):
            alias = type_alias(node)
            if alias is not None:
                found[alias.lstrip("_")].append(path.as_posix())
    return found


def test_a_type_alias_is_told_from_a_constant():
    source = "Row = dict[str, str]\n_Span = int | None\nKey: TypeAlias = 'Id'\nMOST = 3\nnow = f[x]\nT = TypeVar('T')"
    assert [type_alias(node) for node in ast.parse(source).body] == ["Row", "_Span", "Key", None, None, None]


def test_no_two_types_share_a_name():
    shared = {}
    for name, places in type_places().items():
        values = [place for place in places if not place.endswith(MODELS)]
        # Of several models of one name only one can be the table of the value.
        if len(values) > 1 or len(places) - len(values) > 1:
            shared[name] = places
    assert set(shared) - set(SHARED_CLASSES) == set(), shared
    assert set(SHARED_CLASSES) == set(shared), "a name that is listed has one meaning now"


def test_no_two_modules_of_a_family_share_a_name_without_a_reason():
    found = defaultdict(list)
    for path in modules():
        if path.name != "__init__.py":
            found[path.parts[0], path.stem].append(path.as_posix())
    shared = {stem: places for (_, stem), places in sorted(found.items()) if len(places) > 1}
    assert set(shared) - set(SHARED_MODULES) == set(), shared
    assert set(SHARED_MODULES) == set(shared), "a name that is listed has one meaning now"


def function_places() -> dict[str, list[str]]:
    """By name of a public function of a module, the modules that define one, apart from those in ``ADDRESSED``."""
    found = defaultdict(list)
    for path in modules():
        if not any(path.match(pattern) for pattern in ADDRESSED):
            for node in tree_of(SOURCE / path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    found[node.name].append(path.as_posix())
    # The signatures of an overloaded function are one function.
    return {name: list(dict.fromkeys(places)) for name, places in found.items()}


def test_no_two_functions_share_a_name_without_a_reason():
    shared = {name: places for name, places in sorted(function_places().items()) if len(places) > 1}
    assert set(shared) - set(SHARED_FUNCTIONS) == set(), shared
    assert set(SHARED_FUNCTIONS) == set(shared), "a name that is listed has one meaning now"
