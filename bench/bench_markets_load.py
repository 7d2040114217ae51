"""The market finder for 64 callers at once, in requests a second for the whole site, through ``ewtp serve``.

The pages first, then the API. Each caller keeps one connection open and asks about a product, a price and an origin
that nobody asked about before, as soon as the last answer has come. Only answers count, never a refusal; the target
is 60 a second with none over a second. ``python -m bench.bench_markets_load HOME`` uses an installation that is there
and has a compiled rulebook; without it one is made, which takes two minutes.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psutil

from bench.seed_questions import DAY, QUANTITIES, read_seed
from ewtp.gateways.reference import hs_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLERS = 64
WARM_SECONDS, SECONDS = 10.0, 15.0
TARGET_RATE, TARGET_SECONDS = 60.0, 1.0
ORIGINS = ("BR", "CN", "DE", "GB", "IN", "KE", "US", "ZA")
CURRENCIES = ("EUR", "GBP", "USD")
_EWTP = (sys.executable, "-c", "from ewtp.web.command_line.main import main; main()")


@dataclass(slots=True)
class Seen:
    """What callers got: seconds until each answer, how often each status came, and bytes of the bodies."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    length: int = 0


def main() -> None:
    """Print one JSON line for the pages and one for the API."""
    with tempfile.TemporaryDirectory(prefix="ewtp-bench-") as temporary:
        home = sys.argv[1] if len(sys.argv) > 1 else temporary
        environment = {**os.environ, "EWTP_HOME": home, "EWTP_LOG_LEVEL": "ERROR"}
        _prepare(environment)
        port = _free_port()
        server = subprocess.Popen([*_EWTP, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
        try:
            asyncio.run(_wait(port))
            for path in ("/markets", "/api/v1/markets"):
                questions = _questions(path)
                asyncio.run(_load(port, questions, WARM_SECONDS))
                print(json.dumps(_measured(server.pid, port, path, questions)), flush=True)
        finally:
            server.terminate()
            server.wait(30)


def _prepare(environment: dict[str, str]) -> None:
    first = "assess --from ZA --to GB --hs 6109100010 --value 1 --currency GBP --json"
    for words in (first.split(), ("rulebook", "compile")):
        subprocess.run([*_EWTP, *words], env=environment, check=True, stdout=subprocess.DEVNULL)


def _measured(server: int, port: int, path: str, questions: Iterator[bytes]) -> dict[str, object]:
    """The row of one address; ``processor_ms`` is what all processes of the server used for an answer."""
    busy, begun = _busy_seconds(server), time.perf_counter()
    seen = asyncio.run(_load(port, questions, SECONDS))
    rate = seen.statuses["200"] / (time.perf_counter() - begun)
    busy = _busy_seconds(server) - busy
    seen.seconds.sort()
    return {
        "bench": "markets_under_load",
        "what": path,
        "peer": f"{TARGET_RATE:.0f} requests a second, none over {TARGET_SECONDS:.0f} s",
        "ratio": round(rate / TARGET_RATE, 2),
        "target": 1,
        "reached": rate >= TARGET_RATE and seen.seconds[-1] <= TARGET_SECONDS and set(seen.statuses) == {"200"},
        "ours": round(rate, 1),
        "theirs": TARGET_RATE,
        "unit": "requests a second",
        "n": len(seen.seconds),
        "callers": CALLERS,
        "statuses": dict(seen.statuses),
        "median_s": round(statistics.median(seen.seconds), 3),
        "p99_s": round(seen.seconds[int(len(seen.seconds) * 0.99)], 3),
        "slowest_s": round(seen.seconds[-1], 3),
        "processor_ms": round(1_000 * busy / len(seen.seconds), 1),
        "bytes": seen.length // len(seen.seconds),
    }


def _busy_seconds(server: int) -> float:
    """Seconds of processor time of the server and every process that it started, the database's too."""
    family = [psutil.Process(server), *psutil.Process(server).children(recursive=True)]
    return sum(sum(each.cpu_times()[:2]) for each in family)


def _questions(path: str) -> Iterator[bytes]:
    """Requests that never repeat."""
    chance = random.Random(path)
    codes = sorted({line.code[:6] for line in read_seed().lines if line.code < "98"})
    codes = [code for code in codes if hs_texts.exists(code)]
    quantities = [("quantity", f"{unit}:{amount}") for unit, amount in QUANTITIES.items()]
    number = 0
    while True:
        number += 1
        asked = {
            "from": chance.choice(ORIGINS),
            "hs": chance.choice(codes),
            "value": f"{1_000 + number}.{number % 100:02d}",
            "currency": chance.choice(CURRENCIES),
            "date": DAY.isoformat(),
        }
        address = f"{path}?{urlencode([*asked.items(), *quantities])}"
        yield f"GET {address} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()


async def _load(port: int, questions: Iterator[bytes], seconds: float) -> Seen:
    seen, end = Seen(), time.perf_counter() + seconds
    await asyncio.gather(*(_call(port, questions, end, seen) for _ in range(CALLERS)))
    return seen


async def _call(port: int, questions: Iterator[bytes], end: float, seen: Seen) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begun := time.perf_counter()) < end:
        writer.write(next(questions))
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        seen.length += len(await reader.readexactly(int(fields[b"content-length"])))
        seen.seconds.append(time.perf_counter() - begun)
        seen.statuses[head[9:12].decode()] += 1
        if fields.get(b"connection") == b"close":
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _wait(port: int) -> None:
    """Until every process that answers has the compiled rulebook: until many questions in a row are answered fast."""
    end, quick = time.monotonic() + 120, 0
    questions = _questions("/api/v1/markets")
    while quick < CALLERS:
        if time.monotonic() > end:
            sys.exit("the server did not start")
        try:
            seen = Seen()
            await asyncio.wait_for(_call(port, questions, time.perf_counter(), seen), 10)
            await asyncio.wait_for(_call(port, questions, time.perf_counter() + 1e-3, seen), 10)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.2)
            continue
        quick = quick + 1 if seen.statuses["200"] and max(seen.seconds) < 0.5 else 0


if __name__ == "__main__":
    main()
