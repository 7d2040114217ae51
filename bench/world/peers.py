"""Peers as processes of their own, spoken to by one JSON object a line, and measured in turn with ours."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
# The environment of what is only measured against; `make bench` makes it.
BENCH_PYTHON = ROOT / ".bench-venv/bin/python"
# What takes longer than this is run fewer times.
LONG_SECONDS = 60.0


class Peer:
    """A process that loads a peer's tables once and then runs the job as often as it is asked to."""

    def __init__(self, module: str, *arguments: str, python: Path | str = BENCH_PYTHON) -> None:
        self._process = subprocess.Popen(
            [str(python), "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def run(self) -> dict[str, Any]:
        """Run the job: ``seconds`` by the peer's own clock, and ``totals``."""
        return self._ask({"do": "run"})

    def write(self, path: Path) -> None:
        """Have every line of the last run written to a Parquet file, in order."""
        self._ask({"do": "write", "path": str(path)})

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        text = self._process.stdout.readline()
        if not text:
            msg = f"a peer ended with status {self._process.wait()}"
            raise SystemExit(msg)
        found: dict[str, Any] = json.loads(text)
        return found


def timed(job: Callable[[], object]) -> float:
    """How long a job takes; what it returns is let go of."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], times: int = 3) -> tuple[float, float, int]:
    """Medians of seconds, ours and theirs in alternation, and how many times; one turn where a job is very long."""
    both: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        both[0].append(ours())
        both[1].append(theirs())
        note(f"  ours {both[0][-1]:.2f} s, theirs {both[1][-1]:.2f} s")
        if max(both[0][-1], both[1][-1]) > LONG_SECONDS:
            break
    return statistics.median(both[0]), statistics.median(both[1]), len(both[0])


def note(text: str) -> None:
    """Say on stderr how far it is."""
    print(text, file=sys.stderr, flush=True)


def report(bench: str, peer: str, *, ratio: float, target: float, **figures: object) -> None:
    """Print one result; ``ratio`` above 1 means that ours is better, ``target`` is the ratio to reach."""
    said = {"bench": bench, "peer": peer, "ratio": round(ratio, 3), "target": round(target, 3), **figures}
    print(json.dumps({**said, "reached": ratio >= target}, ensure_ascii=False), flush=True)
