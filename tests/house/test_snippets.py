"""Every code block of the documents is run or compared with what it shows, on an installation with the whole seed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import yaml

from ewtp.gateways.database.server import database_stop
from tests.described_client import answer_faults, example_addresses, example_bodies, operations
from tests.house.snippets import OPERATOR_PAGES, Block, blocks, commands, differences, is_part, requests, settled
from tests.server_process import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
OPERATED = {ROOT / name for name in OPERATOR_PAGES}
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if path not in OPERATED)]
# Blocks that are not run, by their first line, each with the reason and with what tests the same.
NOT_RUN = {
    "ewtp rulebook import FORMAT FILE [--effective DATE] [--retrieved DATE] [--published DATE]": (
        "a synopsis: the names in capitals are not values"
    ),
    "$ .venv/bin/ewtp rulebook import usitc-hts hts_2026_rev_10.json.gz --effective 2026-06-08": (
        "needs an official file; tests/apps/rulebook/test_official_schedule.py imports one"
    ),
    "$ ewtp rulebook import uk-global-tariff half.csv": (
        "needs an official file; tests/apps/rulebook/test_imports.py refuses a shorter one"
    ),
    "$ ewtp rulebook import uk-global-tariff global-uk-tariff_ukgt-and-eu-cet.csv.gz --published 2021-01-01": (
        "needs an official file; tests/apps/rulebook/test_official_schedule.py imports one"
    ),
    "code,origins,valid_from,valid_to,kind,reference,title,programme,agency,document,conditions": (
        "an invented row; tests/core/assessment/test_papers.py applies recognitions"
    ),
    "ewtp synthetic lines.parquet --lines 20000 --seed 1 --year 2027": (
        "needs a proposal with a replay; tests/apps/proposals/test_replays.py confirms one"
    ),
    "$ ewtp rulebook compile": (
        "prints this once a version, and the server here compiles its own; tests/web/test_serve.py waits for that"
    ),
    "from ewtp.apps.batches.actions.assess_job import pin_version": (
        "needs Java and a data frame of Spark; tests/apps/batches/test_batch_spark.py does the same"
    ),
}
# Pages whose blocks are run by a test of their own.
RUN_ELSEWHERE = {"docs/ask/library.md": "tests/library/test_library.py runs its programs in one interpreter"}
# Figures that would take a test too long, and what it uses instead.
SHORTENED = {"--lines 1000000": "--lines 2000", "lines=10_000_000": "lines=2_000"}
# What a page takes for given, as files in the folder where its blocks run.
FILES = {
    "docs/commands.md": {
        "LINES.jsonl": '{"from": "ZA", "to": "GB", "date": "2026-06-30", "lines": [{"hs": "6109100010", '
        '"value": {"amount": "1000.00", "currency": "GBP"}}]}\nnonsense\n'
    },
}
# The width of the terminal that a page was written with, where it is not 100 characters.
WIDTHS = {"docs/rules/replay.md": "80"}
# What a program on a page takes for given.
PRELUDES = {
    "docs/ask/synthetic.md": """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "ewtp.web.settings"
django.setup()
""",
}
RUN_HERE = [path for path in PAGES if "```" in path.read_text() and str(path.relative_to(ROOT)) not in RUN_ELSEWHERE]
_SECONDS = 900


@dataclass
class Installation:
    """An installation with the whole seed, and its server."""

    home: Path
    address: str
    printed: str
    width: str = "100"
    # A token that a page shows, and the one that was made for it here.
    tokens: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment of a person who uses it in a terminal."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EWTP_")}
        kept.pop("DATABASE_URL", None)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**kept, "EWTP_HOME": str(self.home), "COLUMNS": self.width, "PATH": path}

    def run(self, typed: str, folder: Path, *, may_refuse: bool = False) -> str:
        """What a command prints, on both channels; it has to end with status 0 unless it may refuse something."""
        for known, replacement in {**SHORTENED, "http://127.0.0.1:8000": self.address, **self.tokens}.items():
            typed = typed.replace(known, replacement)
        ended = subprocess.run(
            ["bash", "-o", "pipefail", "-c", typed],  # noqa: S607 - the shell is the one found first on the path, as for everybody
            cwd=folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        allowed = (0, 1, 2) if may_refuse else (0,)
        assert ended.returncode in allowed, (typed, ended.stdout[-2000:], ended.stderr[-2000:])
        return ended.stdout + ended.stderr

    def wait_until_compiled(self) -> None:
        """Give the server the time it takes to compile its rulebook, which it does beside everything else."""
        until = time.monotonic() + _SECONDS
        compiled = ""
        while compiled != "ready":
            assert time.monotonic() < until
            with urllib.request.urlopen(f"{self.address}/readyz") as answer:  # noqa: S310 - an address of its own
                compiled = json.load(answer)["rulebook"]["compiled"]
            time.sleep(0.5)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Started once; what the server prints at its start is kept. It ends with these tests: idle parts take time too.

    It is not below pytest's own folder, which every run of pytest closes to other accounts, PostgreSQL's among them.
    """
    folder = Path(tempfile.mkdtemp(prefix="installation-", dir=os.environ["EWTP_HOME"]))
    folder.chmod(0o755)
    port = free_port()
    made = Installation(folder / "home", f"http://127.0.0.1:{port}", "")
    output = folder / "output"
    with output.open("w") as written:
        server = subprocess.Popen(
            ["ewtp", "serve", "--port", str(port)],  # noqa: S607 - found in the environment that runs the tests
            cwd=folder,
            env=made.environment(),
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + _SECONDS
        while "eWTP is at" not in output.read_text():
            assert server.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.5)
        # The address is printed before anything listens there.
        while not _listens(port):
            assert server.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.5)
        made.printed = output.read_text()
        # A command that comes before the server has compiled the rulebook compiles it as well.
        made.wait_until_compiled()
        yield made
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        database_stop(made.home)


def _terminal(block: Block, place: Installation, folder: Path) -> list[str]:
    """What is wrong with a block of commands or requests."""
    found = commands(block.text)
    if not found and not requests(block.text):
        return _quoted_file(block)
    faults = []
    for address in requests(block.text):
        place.run(f"curl --fail --silent '{place.address}{address}' | python3 -m json.tool", folder)
    for command in found:
        if command.typed.startswith("ewtp serve"):
            output = place.printed
        else:
            # What a page shows below a command may be a refusal; without any output the command has to succeed.
            typed = command.typed.replace("curl ", "curl --silent ", 1)
            output = place.run(typed, folder, may_refuse=bool(command.shown))
        if command.typed.startswith("ewtp token create"):
            place.tokens |= {command.shown[0][:13]: output[:13]}
        faults += [f"$ {command.typed[:60]}: not printed: {line}" for line in differences(command.shown, output)]
    return faults


def _quoted_file(block: Block) -> list[str]:
    """Lines that a page shows of a file of the seed, in order."""
    lines = [line for line in block.text.splitlines() if line]
    quoted = [line for line in lines if not any(line in text for text in _seed_texts(".csv"))]
    return [f"in no file below rulebook/: {line}" for line in quoted]


def _seed_texts(suffix: str) -> Iterator[str]:
    return (path.read_text() for path in sorted((ROOT / "rulebook").rglob(f"*{suffix}")))


def _data(block: Block, place: Installation, page: list[Block], folder: Path) -> list[str]:
    """Whether JSON is a part of what the request before it answers, and YAML a part of a file of the seed."""
    if block.language == "yaml":
        shown = yaml.safe_load(block.text)
        given: list[Any] = [yaml.safe_load(text) for text in _seed_texts(".yaml") if block.first_line in text]
        return (
            [] if any(is_part(shown, each) for each in given) else [f"in no file below rulebook/: {block.first_line}"]
        )
    asked = commands(page[page.index(block) - 1].text)[-1].typed
    answer = json.loads(place.run(asked.replace("curl ", "curl --silent ", 1), folder))
    return [] if is_part(json.loads(block.text), answer) else [f"not a part of what was answered: {block.first_line}"]


def _program(block: Block, place: Installation, name: str, folder: Path) -> list[str]:
    program = PRELUDES.get(name, "") + block.text
    for known, replacement in SHORTENED.items():
        program = program.replace(known, replacement)
    (folder / "snippet.py").write_text(program)
    output = place.run("python3 snippet.py || exit 3", folder)
    return [] if "Traceback" not in output else [output]


@pytest.mark.seed
@pytest.mark.kernel
@pytest.mark.xdist_group("snippets")
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("path", RUN_HERE, ids=lambda path: path.stem)
def test_what_a_page_shows_is_what_happens(path: Path, installation: Installation, tmp_path: Path):
    name = str(path.relative_to(ROOT))
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    for file, content in FILES.get(name, {}).items():
        (tmp_path / file).write_text(content)
    # An election that Belenios' own tool made.
    (tmp_path / "threshold.bel").symlink_to(ROOT / "tests/core/belenios/threshold.bel")
    page = blocks(path.read_text())
    installation.width = WIDTHS.get(name, "100")
    faults: list[str] = []
    for block in page:
        if block.first_line in NOT_RUN:
            continue
        if block.language == "":
            faults += _terminal(block, installation, tmp_path)
        elif block.language in ("json", "yaml"):
            faults += _data(block, installation, page, tmp_path)
        elif block.language == "python":
            faults += _program(block, installation, name, tmp_path)
        else:
            faults.append(f"nothing runs a block of {block.language}: {block.first_line}")
    assert faults == [], "\n".join(faults)


@pytest.mark.seed
@pytest.mark.xdist_group("snippets")
def test_every_example_of_the_api_is_answered_as_described(installation: Installation):
    found = {
        f"{method} {address}": answered(f"{installation.address}{address}", method, body)
        for method, path, operation in operations()
        # The others need a token, and are asked with one where the API's description is tested.
        if {} in operation.get("security", [{}])
        for address in example_addresses(path, operation)
        for body in example_bodies(operation)
    }
    assert len(found) >= 6
    assert {asked: faults for asked, faults in found.items() if faults} == {}


# What a new installation refuses, with the code, until its operator has made it.
NOT_THERE_AT_FIRST = {"/api/v1/rulebook/burden": "burden_not_shown", "/api/v1/hooks/ussd": "hook_closed"}


def answered(address: str, method: str, body: Any) -> list[str]:
    """What is wrong with the answer to an example."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, content, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - the server of this test
    path = urlsplit(address).path
    try:
        response = urllib.request.urlopen(request, timeout=_SECONDS)  # noqa: S310 - likewise
    except urllib.error.HTTPError as refused:
        with refused:
            if json.load(refused)["code"] == NOT_THERE_AT_FIRST.get(path):
                return []
            raise
    with response:
        return answer_faults(method, path, response.status, response.headers["Content-Type"], response.read())


def test_what_is_not_run_is_still_there():
    first_lines = {block.first_line for path in PAGES for block in blocks(path.read_text())}
    assert set(NOT_RUN) - first_lines == set()
    assert [name for name in RUN_ELSEWHERE if not (ROOT / name).exists()] == []
    texts = "\n".join(path.read_text() for path in PAGES)
    assert [known for known in SHORTENED if known not in texts] == []


def test_programs_that_are_not_run_can_be_read():
    for path in PAGES:
        for block in blocks(path.read_text()):
            if block.language == "python":
                compile(block.text, str(path), "exec")


def test_nobody_is_told_to_install_from_an_index():
    """The name is not ours there, so whoever did that would install somebody else's program."""
    told = [
        str(path.relative_to(ROOT))
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
        if re.search(r"pip3? install [^\n`]*\bewtp(?!-)\b(?![^\n`]*\.whl)", path.read_text())
    ]
    assert told == []


# The comparison itself


def test_a_difference_is_noticed():
    output = "one  1\ntwo 2026-11-24.1\nthree 3\n"
    assert differences(("one 1", "three 3"), output) == []
    assert differences(("two 2027-01-01.4", "thr…3"), output) == []
    assert differences(("three 3", "one 1"), output) == ["one 1"]
    assert differences(("two 2",), output) == ["two 2"]
    assert differences(('{"a":', ' "b"…}'), '{"a":"b","c":1}') == []


def test_a_shortened_value_is_a_part():
    given = {"a": [{"b": 1, "c": 2}, {"b": 3}], "id": "a" + "0" * 32}
    assert is_part({"a": [{"b": 3}], "id": "a" + "f" * 32}, given)
    assert not is_part({"a": [{"b": 3}, {"b": 1}]}, given)
    assert not is_part({"d": 1}, given)


def test_commands_are_taken_apart():
    text = "$ curl x -d '{\n  1}'\nshown\n$ ewtp hs [--limit 2]... tea [{1}]\n"
    first, second = commands(text)
    assert (first.typed, first.shown) == ("curl x -d '{\n  1}'", ("shown",))
    assert (second.typed, second.shown) == ("ewtp hs tea [{1}]", ())
    assert [one.typed for one in commands("ewtp hs tea\nGET /x\n")] == ["ewtp hs tea"]
    assert requests("GET /x?y=1\nnone") == ["/x?y=1"]
    assert settled("version 2026-11-24.1  is") == "version VERSION is"
