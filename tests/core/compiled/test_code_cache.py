"""Machine code is kept apart for every state of what it is made from, and for nothing else."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

import ewtp.core.compiled.machine.code_cache as made
from ewtp.core.compiled.machine.code_cache import cache_folder

COMPILED = Path(made.__file__).parents[1]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources, to be changed."""
    return Path(shutil.copytree(COMPILED, tmp_path / "compiled", ignore=shutil.ignore_patterns("__pycache__")))


def appended(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("name", ["market/texts.py", "compile/compiler.py", "table/frames.py", "patch/patch.py"])
def test_a_change_outside_of_the_kernel_keeps_the_folder(sources, name):
    before = cache_folder(sources)
    appended(sources / name, "\nMORE = 1\n")
    assert cache_folder(sources) == before


@pytest.mark.parametrize("name", ["kernel/loop.py", "machine/fixed_point.py"])
def test_any_change_of_the_kernel_has_another_folder(sources, name):
    before = cache_folder(sources)
    appended(sources / name, "\n# A word.\n")
    assert cache_folder(sources) != before


def test_words_about_the_format_keep_the_folder(sources):
    before = cache_folder(sources)
    path = sources / "format/outcome_flag.py"
    text = path.read_text(encoding="utf-8")
    documentation = ast.get_docstring(ast.parse(text), clean=False)
    assert documentation is not None
    path.write_text(text.replace(documentation, "Other words.") + "# A word.\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    assert cache_folder(sources) == before


def test_a_changed_constant_has_another_folder(sources):
    before = cache_folder(sources)
    path = sources / "format/opcode.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("SPAN_OF_YEAR = 10_000", "SPAN_OF_YEAR = 1_000"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    assert cache_folder(sources) != before


def test_where_nothing_can_be_kept_beside_the_sources_it_is_kept_elsewhere(sources, tmp_path):
    (sources / "__pycache__").write_text("a file where the folder would be")
    found = cache_folder(sources, tmp_path / "elsewhere")
    assert found is not None
    assert found.parent == tmp_path / "elsewhere/machine_code"


def test_where_nothing_can_be_kept_there_is_no_folder(sources, tmp_path):
    (sources / "__pycache__").write_text("a file where the folder would be")
    (tmp_path / "elsewhere").write_text("here too")
    assert cache_folder(sources, tmp_path / "elsewhere") is None


@pytest.mark.parametrize("package", ["kernel", "machine"])
def test_what_becomes_machine_code_is_made_from_nothing_else(package):
    allowed = {"kernel", "machine", "format"}
    for path in (COMPILED / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ewtp."):
                parts = (node.module or "").split(".")
                assert parts[:3] == ["ewtp", "core", "compiled"], (path.name, node.module)
                assert parts[3] in allowed, (path.name, node.module)


def test_every_function_of_machine_code_is_in_the_kernel_or_the_machine():
    for path in COMPILED.rglob("*.py"):
        if path.parent.name not in {"kernel", "machine"}:
            text = path.read_text(encoding="utf-8")
            assert "machine.jit" not in text, path
            assert "numba" not in text, path
