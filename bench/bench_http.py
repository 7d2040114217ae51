"""``POST /api/v1/assessments`` against an empty endpoint of the same server: requests a second, each answer stored.

Every question is asked once only, so that each costs an assessment and a stored answer. One process with eight
threads answers; the load comes from a process of its own over sixteen connections that stay open.
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

from bench.seed_questions import questions, read_seed

BENCH = Path(__file__).resolve().parent

CONNECTIONS = 16
THREADS = 8
ROUNDS = 5
REQUESTS = 1_500


def main() -> None:
    """Start a server on a home of its own, load it, print one JSON line, stop it."""
    with tempfile.TemporaryDirectory(prefix="ewtp-bench-") as home:
        environment = {**os.environ, "EWTP_HOME": home, "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
        environment["PYTHONPATH"] = str(BENCH)
        port = _free_port()
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
                "wsgi",
                "--port",
                str(port),
                "--workers",
                "1",
                "--blocking-threads",
                str(THREADS),
                "--no-ws",
                "--log-level",
                "warning",
                "http_server:application",
            ],
            env=environment,
        )
        try:
            _wait(port)
            _report(port)
        finally:
            server.terminate()
            server.wait(30)


def _report(port: int) -> None:
    bodies = [
        _with_own_value(body, number) for number, body in enumerate(questions(read_seed(), (ROUNDS + 1) * REQUESTS))
    ]
    ours, theirs = [], []
    for number in range(ROUNDS + 1):
        batch = bodies[number * REQUESTS : (number + 1) * REQUESTS]
        if number == 0:
            # The first batch warms the server's caches and is not counted; its codes are asked again.
            asyncio.run(_rate(port, "/api/v1/assessments", batch))
            continue
        warm = [_with_own_value(body, 10**6 + number * REQUESTS + n) for n, body in enumerate(bodies[:REQUESTS])]
        ours.append(asyncio.run(_rate(port, "/api/v1/assessments", warm)))
        theirs.append(asyncio.run(_rate(port, "/empty", warm)))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        json.dumps(
            {
                "bench": "http-assessment",
                "peer": "an empty endpoint of the same server",
                "ratio": round(ratio, 3),
                "ours": round(statistics.median(ours)),
                "theirs": round(statistics.median(theirs)),
                "unit": "requests a second",
                "n": ROUNDS * REQUESTS,
                "target": "ratio of 0.6 or more",
            },
        ),
    )


def _with_own_value(body: dict[str, Any], number: int) -> dict[str, Any]:
    line = body["lines"][0]
    value = {**line["value"], "amount": f"{1000 + number}.{number % 100:02d}"}
    return {**body, "lines": [{**line, "value": value}]}


async def _rate(port: int, path: str, bodies: list[dict[str, Any]]) -> float:
    requests = []
    for body in bodies:
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        requests.append(head.encode() + content)
    shares = [requests[n::CONNECTIONS] for n in range(CONNECTIONS)]
    start = time.perf_counter()
    await asyncio.gather(*(_talk(port, share) for share in shares))
    return len(requests) / (time.perf_counter() - start)


async def _talk(port: int, requests: list[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] not in (b"200", b"201", b"422"):
            raise SystemExit(head.decode(errors="replace"))
        length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
        await reader.readexactly(length)
    writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
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
