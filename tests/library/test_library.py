"""The library as its page shows it: every snippet runs, in one process with a new installation and no settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import ewtp
from tests.apps.conftest import write_seed

ROOT = Path(__file__).parents[2]
SNIPPETS = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs/ask/library.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
# What a notebook does: an event loop runs in the thread that calls the library.
NOTEBOOK = """
import asyncio, sys
cells = sys.argv[1:]
async def main():
    names = {"__name__": "notebook"}
    for cell in cells:
        exec(compile(cell, "cell", "exec"), names)
asyncio.run(main())
"""
CHECKS = """
assert ewtp.duty("5.1¢/kg + 8.5%", value="1000", currency="USD", quantities={"kg": "120"})["amount"] == "91.12"
assert answer["totals"]["landed_cost"] == {"amount": "1344.00", "currency": "GBP"}
assert answer["lines"][0]["hs"] == "610910" or answer["lines"][0]["hs"].startswith("610910")
assert {row["to"] for row in found["markets"]} >= {"GB"}
assert answers.num_rows == 2 and str(answers["total"][0].as_py()) == "1344.0000", answers.to_pylist()
assert frame.columns == ["currency", "total"] and str(frame["total"][0]) == "1344.0000", frame
assert replay.lines.num_rows == 2 and replay.report["lines"]["affected"] == 0
assert refused == "economy_unknown"
"""
# One line in every form that a program may have it, and what becomes of it.
FRAMES = """
import ewtp, polars, pyarrow as pa
from datetime import date
from decimal import Decimal
from importlib.util import find_spec

class OnlyAStream:
    def __init__(self, table):
        self.table = table
    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)

def total(answers):
    return [str(each) for each in answers["total"].to_pylist()]

def code(ask, *lines):
    try:
        ask(*lines)
    except ewtp.RefusedError as error:
        return error.code

with ewtp.open_throwaway() as world:
    columns = {
        "from": ["ZA"],
        "to": ["GB"],
        "date": [date(2026, 6, 30)],
        "hs": ["610910"],
        "value": [Decimal("1000.00")],
        "currency": ["GBP"],
    }
    line = pa.table(columns)
    assert total(world.assess_table(line)) == ["1344.0000"]
    assert total(world.assess_table(OnlyAStream(line))) == ["1344.0000"]
    chunked = pa.concat_tables([line, line.slice(0, 0), line])
    assert chunked["to"].num_chunks == 3
    assert total(world.assess_table(chunked)) == ["1344.0000"] * 2
    assert total(world.assess_table(OnlyAStream(chunked))) == ["1344.0000"] * 2
    empty = world.assess_table(line.slice(0, 0))
    assert empty.num_rows == 0 and empty.schema == world.assess_table(line).schema
    frame = polars.DataFrame(columns)
    assert total(world.assess_table(frame)) == ["1344.0000"]
    grouped = frame.with_columns(polars.col("to", "currency").cast(polars.Categorical))
    assert total(world.assess_table(polars.concat([grouped, grouped], rechunk=False))) == ["1344.0000"] * 2
    assert world.assess_table(frame.clear()).num_rows == 0
    assert code(world.assess_table, frame.with_columns(value=1000.0)) == "column_type"
    if find_spec("pandas"):
        frame = __import__("pandas").DataFrame(columns)
        assert total(world.assess_table(frame)) == ["1344.0000"]
        assert code(world.assess_table, frame.assign(value=[1000.0])) == "column_type"
    assert ewtp.open_installation(world.home) is world
    assert code(ewtp.open_installation, "elsewhere") == "installation_open"
assert code(world.assess, {}) == "installation_closed"
assert not world.home.exists()
"""


def notebook(cells: list[str], folder: Path) -> None:
    """Run the cells in a new process, in an empty directory."""
    write_seed(folder / "seed", "12%")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EWTP_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    empty = folder / "empty"
    empty.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", NOTEBOOK, *cells],
        cwd=empty,
        env={**kept, "EWTP_RULEBOOK": str(folder / "seed")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3_000:]
    assert list(empty.iterdir()) == []


@pytest.mark.kernel
def test_every_snippet_of_the_page_runs_in_a_notebook(tmp_path: Path) -> None:
    assert len(SNIPPETS) >= 6
    notebook([*SNIPPETS, CHECKS], tmp_path)


@pytest.mark.kernel
def test_frames_refusals_and_the_end_of_an_installation(tmp_path: Path) -> None:
    notebook([FRAMES], tmp_path)


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import sys, ewtp; dir(ewtp); print(len(sys.modules), *(n for n in sys.modules if n.startswith('ewtp.')))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split()[1:] == []


def test_what_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = ewtp.nonsense
    assert set(dir(ewtp)) == set(ewtp.__all__)
    for name in ("duty", "search"):
        assert callable(getattr(ewtp, name))
    with pytest.raises(ewtp.RefusedError) as refused:
        ewtp.duty("8.5%")
    assert (refused.value.code, refused.value.as_json()["code"]) == ("value_missing", "value_missing")


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"value": 1.5}, "value"),
        ({"value": True}, "value"),
        ({"value": "x"}, "value"),
        ({"value": "1", "quantities": {"kg": 1.5}}, "quantities.kg"),
        ({"value": "1", "parts": {"case": 1.5}}, "parts.case"),
        ({"value": "1", "rates": {"EUR/GBP": 0.5}}, "rates.EUR/GBP"),
        ({"value": "1", "inherited": 0.5}, "inherited"),
    ],
)
def test_an_amount_that_is_none_is_refused_by_the_name_of_its_argument(given: dict[str, Any], where: str) -> None:
    with pytest.raises(ewtp.RefusedError) as refused:
        ewtp.duty("5%", currency="USD", **given)
    assert refused.value.code == "amount_unreadable"
    assert where in str(refused.value)
    assert "--" not in str(refused.value)


@pytest.mark.parametrize(
    ("expression", "given", "code"),
    [
        ("5%", {}, "value_missing"),
        ("5%", {"value": "1"}, "currency_missing"),
        ("1 EUR/kg", {"currency": "GBP", "quantities": {"kg": "1"}, "rates": {"EURGBP": "1"}}, "rate_unreadable"),
    ],
)
def test_a_refusal_names_arguments_and_no_option(expression: str, given: dict[str, Any], code: str) -> None:
    with pytest.raises(ewtp.RefusedError) as refused:
        ewtp.duty(expression, **given)
    assert (refused.value.code, refused.value.as_json()["form"]) == (code, "argument")
    assert "--" not in str(refused.value)
    assert "=" in str(refused.value)


def test_a_change_whose_file_is_not_there_is_told_so(tmp_path: Path) -> None:
    read = import_module("ewtp.apps.batches.actions.replay_job").changeset_read(tmp_path / "nofile")
    assert (read.code, "There is no file" in read.message) == ("changeset_unreadable", True)


@pytest.mark.parametrize("given", ["x", [1], None, 5])
def test_what_is_no_question_is_refused(given: object) -> None:
    questions = import_module("ewtp.library.questions")
    assert questions.answer_question(given).code == "question_unreadable"
    assert questions.find_markets(given).code == "economy_missing"
