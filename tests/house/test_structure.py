"""What is asked of the tree as a whole: how its files import one another, their names, the length of functions."""

from __future__ import annotations

import ast
from functools import cache
from itertools import chain
from pathlib import Path

from tests.house.source_trees import tree_of
from tools.import_graph import CONTAINERS, with_diagrams

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/ewtp"
TREES = (SOURCE, ROOT / "tools", ROOT / "bench", ROOT / "tests")
MOST_ARROWS = 20
LONGEST_FUNCTION = 60
# Last words of modules that end like a participle, each with the reason.
NOUNS_LIKE_PARTICIPLES = {
    "seed": "a noun",
    "consolidated": "the United Nations call their list so",
}
# What an adverb after it leaves a participle: `turned_away`.
ADVERBS = {"away", "back", "down", "in", "off", "on", "out", "over", "up"}
# Functions that may be longer, each with the reason.
LONGER_FUNCTIONS: dict[str, str] = {
    "tools/seed/gb_eu.py::_write_reliefs": "a table of law, written as data",
    "bench/world/fused_arrays.py::load_arrays": "a peer: the same columns, filled one after another",
    "bench/world/fused_loop.py::fused_loop": "a peer: everything in one loop is the point of it",
    "tests/core/rulebook/changeset/test_check.py::unsound": "a table of faults, written as data",
}


def modules() -> dict[str, Path]:
    """Every module of the package by its full name."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        parts = ("ewtp", *path.relative_to(SOURCE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: set[str]) -> set[str]:
    """The modules that a module imports, for types only and inside functions too."""
    found: set[str] = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            # What is imported from a package may be one of its modules, or else a name in the package itself.
            found.update(own if (own := f"{base}.{alias.name}") in known else base for alias in node.names)
    return found & known - {name}


@cache
def arrows() -> dict[str, set[str]]:
    """By module, the modules that it imports."""
    found = modules()
    return {name: imported(name, path, set(found)) for name, path in found.items()}


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """The groups of more than one node that can all reach one another, by the algorithm of Tarjan."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for other in graph[node]:
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            place = stack.index(node)
            group = set(stack[place:])
            del stack[place:]
            if len(group) > 1:
                found.append(group)

    for node in graph:
        if node not in order:
            visit(node)
    return found


def functions() -> dict[str, int]:
    """How many lines each function takes, docstring included, by file and name."""
    found: dict[str, int] = {}
    for path in chain.from_iterable(tree.rglob("*.py") for tree in TREES):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                name = f"{path.relative_to(ROOT)}::{node.name}"
                found[name] = max(found.get(name, 0), node.end_lineno - node.lineno + 1)
    return found


def test_no_modules_import_one_another_in_a_circle():
    assert circles(arrows()) == []


def test_a_circle_is_found_where_there_is_one():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles(graph) == [{"b", "c"}]


def test_the_packages_of_a_compiled_rulebook_import_one_another_one_way():
    container = "ewtp.core.compiled."
    graph: dict[str, set[str]] = {}
    for name, others in arrows().items():
        if name.startswith(container):
            package = name.removeprefix(container).partition(".")[0]
            named = {o.removeprefix(container).partition(".")[0] for o in others if o.startswith(container)}
            graph.setdefault(package, set()).update(named - {package})
    assert set(graph) == {"machine", "format", "compile", "patch", "kernel", "table", "market"}
    assert circles(graph) == []
    assert sum(map(len, graph.values())) <= MOST_ARROWS, graph


def participle(stem: str) -> str | None:
    """The last word of a module's name where it ends like a participle."""
    words = stem.split("_")
    if len(words) > 1 and words[-1] in ADVERBS:
        words.pop()
    return words[-1] if words[-1].endswith(("ing", "ed")) else None


def test_a_module_is_named_by_a_noun():
    found: dict[str, str] = {}
    for path in chain.from_iterable(tree.rglob("*.py") for tree in TREES):
        word = participle(path.stem)
        if word is not None and "migrations" not in path.parts:
            found[str(path.relative_to(ROOT))] = word
    assert {path for path, word in found.items() if word not in NOUNS_LIKE_PARTICIPLES} == set()
    assert set(found.values()) == set(NOUNS_LIKE_PARTICIPLES), "a word that is listed is used no more"


def test_a_participle_is_found_before_an_adverb_too():
    assert [participle(stem) for stem in ("turned_away", "test_killed", "reading", "log_in", "row_locks")] == [
        "turned",
        "killed",
        "reading",
        None,
        None,
    ]


def test_no_function_is_long_without_being_listed():
    long = {name: length for name, length in functions().items() if length > LONGEST_FUNCTION}
    assert set(long) == set(LONGER_FUNCTIONS), long


def test_the_pictures_of_the_architecture_are_drawn_from_the_source():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("```mermaid") == len(CONTAINERS)
    assert with_diagrams(text) == text, "run `make graph`"


def test_every_package_of_core_and_of_the_gateways_is_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    core, gateways = (text.split(f"### {title}\n")[1].split("\n### ")[0] for title in ("Core", "Gateways"))
    for folder, section in ((SOURCE / "core", core), (SOURCE / "gateways", gateways)):
        packages = [path.parent.name for path in sorted(folder.glob("*/__init__.py"))]
        assert [name for name in packages if f"`{name}`" not in section] == []
