"""``POST /api/v1/assessments`` against an empty endpoint of the same server, in requests a second.

Three times: questions that were asked before, as most are (a shop asks for the same goods on the same lanes); questions
never asked before, each of which costs an assessment; and questions whose answers are to be kept, each of which waits
for the disk. One process with two threads answers behind the gate, as that of `ewtp serve` does; the load
comes from a process of its own over four connections that stay open.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from bench.seed_questions import questions, read_seed

BENCH = Path(__file__).resolve().parent

ASSESSMENTS = "/api/v1/assessments"
CONNECTIONS = 4
ROUNDS = 7
REQUESTS = 1_000
KEPT = 200


def main() -> None:
    """Start a server on a home of its own, load it, print one JSON line, stop it."""
    with tempfile.TemporaryDirectory(prefix="ewtp-bench-") as home:
        environment = {**os.environ, "EWTP_HOME": home, "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
        environment["PYTHONPATH"] = str(BENCH)
        port = free_port()
        ewtp = [sys.executable, "-c", "from ewtp.web.command_line.main import main; main()"]
        # The first doctor finds an empty home; asking one question prepares it.
        subprocess.run(
            [
                *ewtp,
                "assess",
                "--from",
                "ZA",
                "--to",
                "GB",
                "--hs",
                "6109100010",
                "--value",
                "1",
                "--currency",
                "GBP",
                "--json",
            ],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "rsgi",
                "--port",
                str(port),
                "--workers",
                "1",
                "--no-ws",
                "--log-level",
                "warning",
                "http_server:gate",
            ],
            env=environment,
        )
        try:
            wait_for(port)
            _report(port, psutil.Process(server.pid))
        finally:
            server.terminate()
            server.wait(30)


def _report(port: int, server: psutil.Process) -> None:
    """Five loads in turn, several times over: new questions, the same again, some to be kept, two empty endpoints.

    ``ratio`` is of requests a second; ``cpu_ratio`` of what a request takes of the processors, in the processes that
    answer alone, which other work on the computer changes less.
    """
    asked = questions(read_seed(), REQUESTS)
    # The first round warms the server's caches, and shows which questions are answered and not refused.
    asked = [body for body in asked if asyncio.run(_status(port, ASSESSMENTS, body)) == b"201"]
    rates: dict[str, list[float]] = {"never_asked": [], "again": [], "empty": [], "empty_api": [], "kept": []}
    seconds: dict[str, list[float]] = {name: [] for name in rates}
    for number in range(ROUNDS):
        bodies = [_with_own_value(body, number * REQUESTS + place) for place, body in enumerate(asked)]
        kept = [{**body, "keep": True} for body in bodies[:KEPT]]
        for name, path, sent in (
            ("never_asked", ASSESSMENTS, bodies),
            ("again", ASSESSMENTS, bodies),
            ("kept", ASSESSMENTS, kept),
            ("empty", "/empty", bodies),
            ("empty_api", "/api/v1/empty", bodies),
        ):
            before = _cpu_seconds(server)
            rates[name].append(asyncio.run(_rate(port, path, sent)))
            seconds[name].append((_cpu_seconds(server) - before) / len(sent))
    for name, kind in (
        ("again", "questions asked before"),
        ("never_asked", "questions never asked before"),
        ("kept", "questions asked before, each answer to be kept"),
    ):
        pairs, api_pairs = (zip(rates[name], rates[empty], strict=True) for empty in ("empty", "empty_api"))
        print(
            json.dumps(
                {
                    "bench": f"http-assessment-{name}" if name != "never_asked" else name,
                    "what": kind,
                    "peer": "an empty endpoint of the same server",
                    "ratio": round(statistics.median(ours / empty for ours, empty in pairs), 3),
                    "cpu_ratio": round(statistics.median(seconds["empty"]) / statistics.median(seconds[name]), 3),
                    "api_ratio": round(statistics.median(ours / empty for ours, empty in api_pairs), 3),
                    "api_cpu_ratio": round(
                        statistics.median(seconds["empty_api"]) / statistics.median(seconds[name]), 3
                    ),
                    "cpu_us": round(1e6 * statistics.median(seconds[name])),
                    "ours": round(statistics.median(rates[name])),
                    "theirs": round(statistics.median(rates["empty"])),
                    "unit": "requests a second",
                    "n": ROUNDS * (KEPT if name == "kept" else len(asked)),
                    "target": None if name == "kept" else "ratio of 0.6 or more",
                }
            )
        )


def _cpu_seconds(server: psutil.Process) -> float:
    """The processor time that the server's processes have taken."""
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


async def _status(port: int, path: str, body: dict[str, Any]) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_request(port, path, body))
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head[9:12]


def _request(port: int, path: str, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _with_own_value(body: dict[str, Any], number: int) -> dict[str, Any]:
    line = body["lines"][0]
    value = {**line["value"], "amount": f"{1000 + number}.{number % 100:02d}"}
    return {**body, "lines": [{**line, "value": value}]}


async def _rate(port: int, path: str, bodies: list[dict[str, Any]]) -> float:
    requests = [_request(port, path, body) for body in bodies]
    shares = [requests[n::CONNECTIONS] for n in range(CONNECTIONS)]
    start = time.perf_counter()
    await asyncio.gather(*(_talk(port, share) for share in shares))
    return len(requests) / (time.perf_counter() - start)


async def _talk(port: int, requests: list[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] not in (b"200", b"201"):
            raise SystemExit(head.decode(errors="replace"))
        length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
        await reader.readexactly(length)
    writer.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return once the server answers, or end the program."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")


if __name__ == "__main__":
    main()
