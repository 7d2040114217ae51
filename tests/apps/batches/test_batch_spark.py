"""``ewtp batch --engine spark``: what Spark answers is what this process answers, row for row."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from ewtp.gateways.spark import lines
from ewtp.gateways.spark.lines import Opening, answer_with_spark, answers_between, spark_missing
from ewtp.web.command_line.batch import batch
from tests.apps.batches.batch_lines import command, environment, some_lines

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

pytestmark = [pytest.mark.spark, pytest.mark.kernel]

COUNT = 4_000
needs_spark = pytest.mark.skipif(
    spark_missing() is not None,
    reason="`make spark` installs Spark where there is Java 17",
)


# Small enough for the file below to be cut into several tasks, whose rows then come in another order.
SMALL_TASKS = "--conf spark.sql.files.maxPartitionBytes=20000 --conf spark.sql.files.openCostInBytes=1000 pyspark-shell"


@needs_spark
@pytest.mark.usefixtures("transactional_db")
def test_spark_gives_the_same_files(
    publish: Callable[[str, datetime], None],
    tmp_path: Path,
    seeded: random.Random,
    monkeypatch: pytest.MonkeyPatch,
):
    publish("12%", datetime(2026, 2, 1, tzinfo=UTC))
    source, here, there = (tmp_path / name for name in ("in.parquet", "here.parquet", "there.parquet"))
    table = some_lines(seeded, COUNT)
    # A type that Spark knows nothing of stands beside the columns of lines, and an unsigned number among them.
    table = table.append_column("seen", pa.array(range(COUNT), pa.timestamp("ns")))
    table = table.append_column("quantity_number", pa.array([seeded.randrange(100) for _ in range(COUNT)], pa.uint32()))
    parquet.write_table(table, source, row_group_size=700)
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path))
    result = CliRunner().invoke(batch, [str(source), str(here), "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    where = environment(tmp_path) | {"PYSPARK_SUBMIT_ARGS": SMALL_TASKS}
    words = command("batch", source, there, "--engine", "spark", "--threads", "2", "--lines-at-once", "1500", "--json")
    ended = subprocess.run(words, env=where, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    one, other = orjson.loads(result.output), orjson.loads(ended.stdout)
    for suffix in ("", ".refused.parquet"):
        assert parquet.read_table(f"{there}{suffix}").equals(parquet.read_table(f"{here}{suffix}"))
        assert parquet.read_schema(f"{there}{suffix}").equals(parquet.read_schema(f"{here}{suffix}"))
    same = ("lines", "answered", "refused", "incomplete", "scalar", "refusals", "totals", "rulebook", "columns_ignored")
    assert {name: other[name] for name in same} == {name: one[name] for name in same}
    assert other["answered"] > 0
    assert not Path(f"{there}.parts").exists()


def test_answers_are_found_wherever_spark_wrote_them(tmp_path: Path):
    rows = [(7, "h"), (2, "c"), (0, "a"), (1, "b"), (3, "d"), (6, "g"), (5, "f"), (4, "e")]
    for place, part in enumerate((rows[:3], rows[3:5], rows[5:])):
        found = pa.table({"line": [line for line, _ in part], "word": [word for _, word in part]})
        parquet.write_table(found, tmp_path / f"part-{place}.parquet", row_group_size=2)
    (tmp_path / "_SUCCESS").touch()
    schema = pa.schema([("word", pa.dictionary(pa.int32(), pa.string()))])
    assert answers_between(tmp_path, 0, 8, schema)["word"].to_pylist() == list("abcdefgh")
    assert answers_between(tmp_path, 2, 3, schema)["word"].to_pylist() == list("cde")
    assert answers_between(tmp_path, 6, 9, schema).schema == schema


TRACEBACK = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "assessing.py", line 7, in answer
LookupError: version 2026-02-01.1 is not compiled in /home

\tat org.apache.spark.api.python.BasePythonRunner(PythonRunner.scala:572)
"""


def test_the_workers_own_error_is_told():
    assert lines._cause(RuntimeError(TRACEBACK)) == "LookupError: version 2026-02-01.1 is not compiled in /home"
    assert lines._cause(RuntimeError("One.\nTwo.")) == "One"


def test_what_spark_ended_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder that Spark left whole is taken as it is: no session is opened for it."""
    monkeypatch.setattr(lines, "_session", lambda _threads: pytest.fail("a session"))
    (tmp_path / "_SUCCESS").touch()
    opening = Opening((), "nowhere:nothing", ())
    assert answer_with_spark(tmp_path / "in", pa.schema([]), opening, tmp_path, threads=1) is None


def refused(tmp_path: Path) -> str:
    result = CliRunner().invoke(batch, [str(tmp_path / "in"), str(tmp_path / "out"), "--engine", "spark", "--json"])
    assert result.exit_code == 2
    return str(orjson.loads(result.output)["error"]["code"])


def test_without_spark_or_java_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert refused(tmp_path) == "spark_missing"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert refused(tmp_path) == "java_missing"
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    for said, code in (
        ('1.8.0_392"', "java_missing"),
        ('11.0.2"', "java_missing"),
        ('17.0.15" 2025-04-15', "file_unreadable"),
    ):
        java.write_text(f"#!/bin/sh\necho 'Picked up JAVA_TOOL_OPTIONS:' >&2\necho 'openjdk version \"{said}' >&2\n")
        java.chmod(0o755)
        assert refused(tmp_path) == code
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert refused(tmp_path) == "java_missing"


def test_a_change_is_not_replayed_by_spark(tmp_path: Path):
    words = [str(tmp_path / "in"), str(tmp_path / "out"), "--engine", "spark", "--change", "change.json", "--json"]
    result = CliRunner().invoke(batch, words)
    assert result.exit_code == 2
    assert orjson.loads(result.output)["error"]["code"] == "change_is_local"
