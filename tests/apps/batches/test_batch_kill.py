"""``ewtp batch`` as a process that is killed."""

from __future__ import annotations

import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pyarrow import parquet

from tests.apps.batches.batch_lines import command, environment, some_lines

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

pytestmark = pytest.mark.kernel

COUNT = 12_000
# A kill that nothing can be done about, and the key that people press.
SIGNALS = (signal.SIGKILL, signal.SIGINT)


def run(environment: dict[str, str], *words: str | Path) -> dict[str, Any]:
    ended = subprocess.run(command("batch", *words, "--json"), env=environment, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found: dict[str, Any] = orjson.loads(ended.stdout)
    return found


def finished(parts: Path) -> int:
    journal = parts / "journal"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def _heed_the_key() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.usefixtures("transactional_db")
def test_what_is_killed_again_and_again_comes_to_the_same(
    publish: Callable[[str, datetime], None],
    tmp_path: Path,
    seeded: random.Random,
):
    publish("12%", datetime(2026, 2, 1, tzinfo=UTC))
    source, target, other = (tmp_path / name for name in ("in.parquet", "out.parquet", "other.parquet"))
    parts = Path(f"{target}.parts")
    parquet.write_table(some_lines(seeded, COUNT), source, row_group_size=1_111)
    where = environment(tmp_path)
    whole = run(where, source, other)
    for number in SIGNALS:
        before = finished(parts)
        words = command("batch", source, target, "--lines-at-once", "100", "--threads", "2")
        process = subprocess.Popen(
            words,
            env=where,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # Where the tests run in the background of a script, their children would ignore the key too.
            preexec_fn=_heed_the_key,  # noqa: PLW1509 - no thread of this process holds a lock that the child needs
        )
        deadline = time.monotonic() + 120
        while finished(parts) < before + 10:
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(number)
        _, said = process.communicate()
        if number == signal.SIGINT:
            assert process.returncode == 128 + signal.SIGINT
            assert said.decode() == "Stopped; run the same command again to resume, or add --restart to start over.\n"
        assert not target.exists()
        assert parts.exists()
    again = run(where, source, target)
    assert again["resumed"] >= len(SIGNALS) * 10 * 100
    changing = {"seconds", "lines_per_second", "resumed", "answers_file", "refused_file"}
    assert {name: again[name] for name in again if name not in changing} == {
        name: whole[name] for name in whole if name not in changing
    }
    for suffix in ("", ".refused.parquet"):
        assert parquet.read_table(f"{target}{suffix}").equals(parquet.read_table(f"{other}{suffix}"))
    assert again["answered"] > 0
    assert again["refused"] > 0
    assert not parts.exists()
