"""What people can ask of the program is described: commands, options, addresses, formats, codes, dependencies."""

from __future__ import annotations

import ast
import io
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from rich.console import Console

from ewtp.apps.rulebook.actions.import_report import RECORD_FAULTS
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.formats import FORMATS
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.gateways.reference.sentence_table import all_sentences
from ewtp.web.command_line.answer_table import print_answer
from ewtp.web.command_line.main import main
from tests.house.source_trees import tree_of
from tests.seed_book import read_seed
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.gateways.seed.reader import SeedBook

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/ewtp"
# Where the code stands among the arguments of what carries one.
CARRIERS = {"Refusal": 0, "Unknown": 0, "_UnreadError": 0, "RowRefused": 0, "open": 0}
# A code made of a field's name, and the names it is made for.
MADE_OF_NAMES = {"{name}_unknown": ("buyer_unknown", "transport_unknown")}
_CODE = re.compile(r"[a-z][a-z0-9_]*\Z")
_LINK = re.compile(r"\]\((?![^)]*:)([^)#]*)(?:#([^)]*))?\)")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def missing(names: Iterable[str], text: str) -> list[str]:
    """The names that do not stand in the text between back quotes, as they would be typed."""
    return sorted(name for name in set(names) if f"`{name}`" not in text)


def sections(text: str) -> dict[str, str]:
    """The parts of a page by the names in back quotes in their headings."""
    parts = re.split(r"^#+ `([^`]+)`.*$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# Codes, found in the source


def _constants(tree: ast.AST) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }


def _codes_of(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    """The codes that an expression can give; a code that is passed on (``refusal.code``) is found where it is made."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _codes_of(node.body, constants)
        yield from _codes_of(node.orelse, constants)
    elif isinstance(node, ast.JoinedStr):
        yield from MADE_OF_NAMES[ast.unparse(node)[2:-1]]
    elif isinstance(node, ast.Name) and node.id.isupper():
        # A constant that is not a text is a sentence, and stands in the table of them.
        yield from [constants[node.id]] if node.id in constants else []
    elif not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        msg = f"a code is written in a way that this test cannot read: {ast.unparse(node)}"
        raise TypeError(msg)


def codes_in(tree: ast.Module) -> set[str]:
    """Every stable code that a module gives to a refusal, a refused row or something unknown."""
    constants = _constants(tree)
    found: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        # A file's open takes no sentence, and is a plain name.
        if name not in CARRIERS or (name == "open" and (isinstance(called, ast.Name) or len(node.args) < 2)):
            continue
        place = CARRIERS[name]
        given = node.args[place] if len(node.args) > place else _keyword(node)
        if given is not None:
            found.update(_codes_of(given, constants))
    return {code for code in found if _CODE.match(code)}


def _keyword(node: ast.Call) -> ast.expr | None:
    return next((word.value for word in node.keywords if word.arg == "code"), None)


def every_code() -> set[str]:
    read = (codes_in(tree_of(path)) for path in SOURCE.rglob("*.py"))
    return set().union(*read) | set(RECORD_FAULTS) | {sentence.code for sentence in all_sentences()} - {""}


def test_every_code_has_its_sentence():
    text = page("docs/refusals.md")
    described = set(re.findall(r"^\| `([a-z0-9_]+)`", text, re.MULTILINE))
    codes = every_code()
    assert codes - described == set(), "described nowhere"
    assert described - codes == set(), "described, but nothing gives it"


WRITTEN = """
_WORD = "from_constant"
Refusal("plain", "Say it.")
refusals.Refusal("with_module", "Say it.")
RowRefused("of_row", "Say it.", row=3)
work.open("left_open", "Say it.")
work.open("either" if one else other.code, "Say it.")
Refusal(_WORD, "Say it.")
Refusal(code=f"{name}_unknown", message="Say it.")
Refusal(refusal.code, refusal.message)
path.open("rb")
open("name", "rb")
"""


def test_the_scan_finds_codes_however_they_are_written():
    found = codes_in(ast.parse(WRITTEN))
    assert found == {
        *("plain", "with_module", "of_row", "left_open", "either", "from_constant"),
        *("buyer_unknown", "transport_unknown"),
    }


def test_the_scan_refuses_a_code_that_it_cannot_read():
    with pytest.raises(TypeError, match="cannot read"):
        codes_in(ast.parse('Refusal("a" + "b", "Say it.")'))


def test_what_is_not_described_is_noticed():
    assert missing(["ewtp-jsonl", "--json"], "Use `ewtp-jsonl`, or --json.") == ["--json"]
    assert sections("# A\n## `one`\ntext\n## `two`, too\nmore\n") == {"one": "\ntext\n", "two": "\nmore\n"}


# Commands


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by what is typed for it."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        assert below is not None
        yield from commands(below, f"{name} {word}")


def described_commands() -> dict[str, str]:
    """The section of every command, in whichever page of the documentation has it."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))
    found = [each for text in texts for each in sections(text).items() if each[0].startswith("ewtp ")]
    assert len(found) == len(dict(found)), "a command is described twice"
    return dict(found)


def test_every_command_and_option_is_described():
    described = described_commands()
    found = dict(commands(main, "ewtp"))
    assert set(found) == set(described)
    undescribed = {
        name: left
        for name, command in found.items()
        if (
            left := missing(
                (option for one in command.params if isinstance(one, click.Option) for option in one.opts),
                described[name],
            )
        )
    }
    assert undescribed == {}


# Addresses


def api_routes() -> dict[str, set[str]]:
    """What is typed for every route of the API, with the parameters it reads from the address."""
    from ewtp.web.api import api  # noqa: PLC0415 - the routes load the apps, which needs the settings

    return {
        f"{verb.upper()} {re.sub('{[a-z_]+}', '{id}', path)}": {
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        }
        for path, verbs in api.get_openapi_schema()["paths"].items()
        for verb, operation in verbs.items()
    }


def test_every_route_is_described_with_its_parameters():
    described = sections(page("docs/api.md"))
    routes = api_routes()
    assert set(routes) - set(described) == set()
    assert {route for route in described if "/api/" in route} - set(routes) == set()
    assert {route: left for route, names in routes.items() if (left := missing(names, described[route]))} == {}


def page_addresses() -> set[str]:
    """Every address that is not a route of the API, as people write it: ``/answers/{id}``."""
    from django.urls import URLPattern, URLResolver, get_resolver  # noqa: PLC0415 - needs the settings

    def below(resolver: URLResolver, start: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            address = start + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from below(one, address)
            elif isinstance(one, URLPattern):
                yield re.sub(r"<\w+:\w+>|\(\?P<\w+>[^)]*\)", "{id}", address).replace("^", "").removesuffix("$")

    return {found for found in below(get_resolver(), "/") if not re.match(r"/\^?/?api", found)}


def test_every_page_is_described():
    text = page("docs/pages.md") + page("docs/api.md")
    told = set(re.findall(r"(?<=[`\s])/[\w{}./-]*", text))
    assert "/answers/{id}" in page_addresses()
    assert page_addresses() - told == set()


# Formats, dependencies, links


def test_every_format_is_described():
    assert set(FORMATS) == {name for name in sections(page("docs/ask/importing.md")) if name in FORMATS}
    assert missing(FORMATS, page("docs/ask/importing.md")) == []


def test_every_dependency_is_described_in_the_version_that_is_pinned():
    project = tomllib.loads(page("pyproject.toml"))["project"]
    names = {re.split(r"[<>=\[]", one)[0] for one in project["dependencies"]}
    pinned = dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", page("requirements.lock"), re.MULTILINE))
    rows = re.findall(r"^\| ([a-z-]+) \| ([0-9.]+) \|", page("docs/adr/0005-dependencies.md"), re.MULTILINE)
    assert dict(rows) == {name: pinned[name] for name in names}


def test_serving_installs_what_the_project_needs_and_no_tool():
    whole, run = (
        dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", page(name), re.MULTILINE))
        for name in ("requirements.lock", "requirements-run.lock")
    )
    project = tomllib.loads(page("pyproject.toml"))
    needed = {re.split(r"[<>=\[]", one)[0] for one in project["project"]["dependencies"]}
    tools = {re.split(r"[<>=\[]", one)[0] for one in project["dependency-groups"]["dev"] if isinstance(one, str)}
    assert needed - run.keys() == set(), "run `make run-lock`"
    assert tools & run.keys() == set()
    assert run.items() <= whole.items(), "run `make run-lock`"


def documents() -> list[Path]:
    """Every document of the repository, wherever it is stored."""
    folders = ("docs", "rulebook", "bench", "src", "tests", "tools")
    return [*ROOT.glob("*.md"), *(path for name in folders for path in (ROOT / name).rglob("*.md"))]


def anchors(text: str) -> set[str]:
    """What a link may name in a page: its headings in lower case without punctuation, with hyphens for spaces."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_between_pages_leads_somewhere():
    broken = []
    for path in documents():
        for target, anchor in _LINK.findall(path.read_text(encoding="utf-8")):
            found = path.parent / target if target else path
            if not found.exists() or (anchor and anchor not in anchors(found.read_text(encoding="utf-8"))):
                broken.append(f"{path.relative_to(ROOT)}: {target}#{anchor}")
    assert broken == []


def test_every_page_that_a_source_names_is_there():
    """In comments, docstrings, sentences and their translations, where no link is checked."""
    sources = [ROOT / "Makefile", ROOT / "Containerfile", *documents()]
    for folder in ("src", "tests", "tools", "bench"):
        sources += [path for suffix in ("py", "html", "po", "in") for path in (ROOT / folder).rglob(f"*.{suffix}")]
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in sources
        for name in re.findall(r"(?<![\w/])docs/[\w/-]+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert sorted(each for each in named if not (ROOT / each[1]).exists()) == []


def test_every_page_is_reached_from_the_first():
    index = page("docs/README.md")
    assert "(docs/README.md)" in page("README.md")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} - {"README.md"}
    assert sorted(name for name in pages if not name.startswith("adr/") and f"({name})" not in index) == []


# The first answer that anybody sees


FIRST_CODE = "6109100010"
# Lines that may be cut from an answer shown: amounts of nothing, and the address, which changes with the version.
CUT = re.compile(r"(Freight|Insurance) +not given|Fees +0\.00 GBP|Permanent address: ")


def first_answer() -> list[str]:
    """The first block of the README, without the command."""
    block = re.search(r"^```\n\$ ewtp assess ([^\n]+)\n(.+?)^```$", page("README.md"), re.MULTILINE | re.DOTALL)
    assert block is not None
    assert block[1] == f"--from ZA --to GB --hs {FIRST_CODE} --value 1000 --currency GBP --date 2026-06-30"
    return block[2].splitlines()


def book_for_the_first_question(seed: SeedBook, version: str) -> Book:
    """What the seed holds for that code in Great Britain, under the version's name."""
    held = [measure for measure in seed.measures if measure.territory == "GB"]
    lines = [line for line in seed.lines if line.territory == "GB"]
    return build_book(
        version,
        territories=seed.territories,
        groups=seed.groups,
        measures=[measure for measure in held if measure.product.covers(FIRST_CODE)],
        lines=[line for line in lines if FIRST_CODE.startswith(line.code)],
        origin_rules=seed.origin_rules,
        coverage={"GB": frozenset(measure.kind for measure in held)},
        schedule_starts={"GB": min(line.validity.start for line in lines)},
    )


@pytest.mark.seed
def test_the_first_answer_is_the_one_that_the_seed_gives():
    shown = first_answer()
    seed = read_seed()
    value = {"amount": "1000.00", "currency": "GBP"}
    body = {"from": "ZA", "to": "GB", "date": "2026-06-30", "lines": [{"hs": FIRST_CODE, "value": value}]}
    question = read_question(body, today=date(2026, 11, 24), vocabulary=vocabulary())
    assert not isinstance(question, Refusal)
    book = book_for_the_first_question(seed, shown[0].rpartition(" ")[2])
    answer = assess(question, book, seed_rate_table(), hs_texts)
    assert isinstance(answer, Answer)
    printed = io.StringIO()
    print_answer(answer.as_json(), console=Console(file=printed, width=100, highlight=False))
    given = [line.rstrip() for line in printed.getvalue().splitlines()]
    assert [line for line in given if not CUT.match(line)] == shown
