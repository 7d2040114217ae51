"""The program that comes inside a bundle, put together from the modules that check one here, word for word.

Where a module of ours imports a package that is not in the standard library, another module takes its place that has
the same names: what is inlined is decided by the imports, and nothing is written twice.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAIN = "ewtp.gateways.verifier.verifier_main"
_PLAIN = "ewtp.gateways.verifier."
# What takes the place of what; where it is another package's, under the name of that.
_REPLACED = {
    "orjson": f"{_PLAIN}plain_json",
    "cryptography.exceptions": f"{_PLAIN}plain_exceptions",
    "cryptography.hazmat.primitives.asymmetric.ed25519": f"{_PLAIN}plain_ed25519",
    "ewtp.core.power.house_game": "ewtp.core.power.exact_house_game",
}
_HEAD = '''#!/usr/bin/env python3
"""Checks a bundle of an eWTP log: python3 verify.py BUNDLE [--key KEY] [--since CHECKPOINT] [--witness KEY] [--json]

It needs Python 3.11 and nothing else. Below are the modules of eWTP {version} that check a bundle, word for word; of
the packages that these import, orjson and cryptography are replaced by plain Python, and the power of blocs is measured
in whole numbers, for votes of few groups. A program that comes with what it checks could be made to say anything:
compare it with one that you know (`ewtp log verifier` prints it), or read it.
"""
import sys
import types

if sys.version_info < (3, 11):
    sys.exit("verify.py needs Python 3.11 or later.")


def _module(name, source):
    """Run a module of eWTP under its own name."""
    parts = name.split(".")
    for end in range(1, len(parts)):
        package = ".".join(parts[:end])
        if package not in sys.modules:
            sys.modules[package] = types.ModuleType(package)
            sys.modules[package].__path__ = []
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(source, name, "exec"), module.__dict__)
    for end in range(1, len(parts)):
        setattr(sys.modules[".".join(parts[:end])], parts[end], sys.modules[".".join(parts[: end + 1])])

'''
_TAIL = f"""
if __name__ == "__main__":
    sys.exit(sys.modules["{_MAIN}"].verify_bundle(sys.argv[1:]))
"""


@lru_cache(1)
def verifier_source() -> str:
    """The text of ``verify.py``, the same for one release of the program."""
    modules: dict[str, str] = {}
    _collect(_MAIN, modules)
    parts = [f"\n_module({name!r}, {_literal(source)})\n" for name, source in modules.items()]
    return f"{_HEAD.format(version=version('ewtp'))}{''.join(parts)}{_TAIL}"


def _collect(name: str, modules: dict[str, str]) -> None:
    """Add a module behind all that it imports."""
    if name in modules:
        return
    source = _source(_REPLACED.get(name, name))
    for imported in _imports(ast.parse(source).body):
        if imported in _REPLACED or imported.startswith("ewtp."):
            _collect(imported, modules)
    modules[name] = source


def _source(name: str) -> str:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        msg = f"there is no module {name}"
        raise ModuleNotFoundError(msg)
    return Path(spec.origin).read_text(encoding="utf-8")


def _imports(body: list[ast.stmt]) -> Iterator[str]:
    """The modules that statements import when they run; what is imported for types alone stands in a condition."""
    for statement in body:
        if isinstance(statement, ast.Import):
            yield from (each.name for each in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            spec = find_spec(statement.module) if statement.module.startswith("ewtp.") else None
            is_package = spec is not None and spec.submodule_search_locations is not None
            yield from (
                [f"{statement.module}.{each.name}" for each in statement.names] if is_package else [statement.module]
            )


def _literal(source: str) -> str:
    """The text as Python writes it, so that it can be read where that is possible."""
    return f"r'''\n{source}'''" if "'''" not in source and "\\\n'''" not in source else repr(source)
