"""What the program does not do, wherever it would: run texts, ask other computers, draw secrets that can be guessed."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.house.source_trees import tree_of

SOURCE = Path(__file__).parents[2] / "src/ewtp"
_FETCH = "gateways/http_client/address_fetch.py"
# Modules by the names under which they are imported, and why these files may.
MODULES = {
    "pickle": {},
    "marshal": {},
    "shelve": {},
    "dill": {},
    "http.client": {_FETCH: "cuts off connections that take too long"},
    "urllib.request": {_FETCH: "asks hubs and publishers at addresses that the operator gave"},
    "requests": {},
    "httpx": {},
    "aiohttp": {},
    "ftplib": {},
    "smtplib": {},
    "random": {
        "web/work_loop.py": "spreads the moments at which workers look for work",
        "web/command_line/worker.py": "likewise",
    },
    "numpy.random": {},
}
CALLS = {
    "eval": {},
    "exec": {},
    "os.system": {},
    "os.popen": {},
    "hashlib.md5": {},
    "hashlib.sha1": {},
    "yaml.load": {"gateways/seed/reader.py": "with a loader derived from the safe one"},
    "yaml.unsafe_load": {},
    "from_string": {},
    "Template": {},
    "mark_safe": {
        "web/components/choices.py": "joins parts that are escaped",
        "web/components/line_breaks.py": "takes spaces out of what is escaped",
    },
}
SAFE_TEMPLATES = {
    "components/field.html": "the attributes of a kind of field, which are constants",
    "components/short_field.html": "likewise",
    "allauth/elements/fields.html": "a hint that the program itself states",
}
# Scripts of ours write texts, keep nothing in the browser, and listen to no other window.
SCRIPT = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|localStorage|"
                    r"sessionStorage|indexedDB|document\.cookie|postMessage|\"message\"")  # fmt: skip


class Doings:
    """What a file imports, what it calls, and the lines on which a call is given to a shell."""

    def __init__(self, tree: ast.AST) -> None:
        self.imports: set[str] = set()
        self.calls: set[str] = set()
        self.shells: list[int] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self.imports |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                self.imports |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
            elif isinstance(node, ast.Call):
                self._note_call(node)

    def _note_call(self, call: ast.Call) -> None:
        function = call.func
        if isinstance(function, ast.Name):
            self.calls.add(function.id)
        elif isinstance(function, ast.Attribute):
            owner = function.value.id if isinstance(function.value, ast.Name) else ""
            self.calls |= {function.attr, f"{owner}.{function.attr}"}
        for word in call.keywords:
            if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False):
                self.shells.append(call.lineno)


@cache
def doings() -> dict[str, Doings]:
    paths = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    return {str(path.relative_to(SOURCE)): Doings(tree_of(path)) for path in paths}


def test_nothing_dangerous_is_imported_or_called():
    assert len(doings()) > 400
    found: dict[str, set[str]] = {}
    for name, does in doings().items():
        for one in (does.imports & MODULES.keys()) | (does.calls & CALLS.keys()):
            found.setdefault(one, set()).add(name)
    assert found == {name: set(files) for name, files in {**MODULES, **CALLS}.items() if files}


def test_no_shell_runs_a_command():
    assert {name: does.shells for name, does in doings().items() if does.shells} == {}


def test_what_is_dangerous_is_noticed():
    text = "import pickle\nfrom urllib import request\nos.system('x')\nengine.from_string(y)\nrun(z, shell=True)"
    found = Doings(ast.parse(text))
    assert {"pickle", "urllib.request"} <= found.imports
    assert {"os.system", "from_string"} <= found.calls
    assert found.shells == [5]


def test_scripts_and_templates_run_nothing_that_was_typed():
    scripts = list((SOURCE / "web/static").rglob("*.js"))
    assert scripts
    for path in scripts:
        assert SCRIPT.findall(path.read_text(encoding="utf-8")) == [], path.name
    unescaped = set()
    for path in (SOURCE / "web/templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|javascript:|autoescape off", text) == [], path.name
        if re.search(r"\|\s*safe\b", text):
            unescaped.add(str(path.relative_to(SOURCE / "web/templates")))
    assert unescaped == set(SAFE_TEMPLATES)
