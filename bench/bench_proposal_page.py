"""The page of a proposal, and the lists for everybody, against an empty page of the same server, in requests a second.

One process with two threads answers behind the gate, as that of `ewtp serve` does; the load comes from a process of its
own over four connections that stay open. Every proposal of a demonstration is asked for in turn, by a visitor without
an account: votes that run, results and adoptions. A draft is its author's alone. Then the lists of proposals, barriers
and hubs, and each barrier, in the same way.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.bench_http import free_port, wait_for

BENCH = Path(__file__).resolve().parent
EWTP = [sys.executable, "-c", "from ewtp.web.command_line.main import main; main()"]
CONNECTIONS, ROUNDS, REQUESTS = 4, 7, 200
TARGET = 0.6


def main() -> None:
    """Make a demonstration in a home of its own, start a server on it, load it, print two JSON lines, stop it."""
    with tempfile.TemporaryDirectory(prefix="ewtp-bench-") as home:
        environment = {**os.environ, "EWTP_HOME": home}
        # Asking one question loads the rulebook.
        question = "--from ZA --to GB --hs 6109100010 --value 1 --currency GBP --json"
        outputs = [
            subprocess.run([*EWTP, *command.split()], env=environment, check=True, stdout=subprocess.PIPE).stdout
            for command in (f"assess {question}", "demo --json")
        ]
        made = json.loads(outputs[1])
        proposals = [f"/proposals/{each['id']}" for each in made["proposals"] if each["stage"] != "draft"]
        lists = ["/proposals", "/barriers", "/hubs", *(f"/barriers/{each['id']}" for each in made["barriers"])]
        measure(home, {"proposal_page": proposals, "public_list": lists})


def measure(home: str, pages: dict[str, list[str]]) -> None:
    """Serve a home that holds these pages, and print how fast those of each bench are."""
    port = free_port()
    environment = {**os.environ, "EWTP_HOME": home, "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
    environment["PYTHONPATH"] = str(BENCH)
    granian = ["-m", "granian", "--interface", "rsgi", "--workers", "1", "--no-ws", "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, *granian, "--port", str(port), "http_server:gate"], env=environment)
    try:
        wait_for(port)
        for name, paths in pages.items():
            _report(name, port, psutil.Process(server.pid), paths)
    finally:
        server.terminate()
        server.wait(30)


def _report(bench: str, port: int, server: psutil.Process, pages: list[str]) -> None:
    """Pages and empty pages in turn, several times over; ``cpu_ratio`` is of the processor time of the server."""
    sizes = [asyncio.run(_rate(port, [page]))[1] for page in pages]
    asked = [pages[number % len(pages)] for number in range(REQUESTS)]
    rates: dict[str, list[float]] = {"page": [], "empty": []}
    seconds: dict[str, list[float]] = {"page": [], "empty": []}
    for _ in range(ROUNDS):
        for name, paths in (("page", asked), ("empty", ["/empty"] * REQUESTS)):
            before = _cpu_seconds(server)
            rates[name].append(asyncio.run(_rate(port, paths))[0])
            seconds[name].append((_cpu_seconds(server) - before) / REQUESTS)
    cpu = {name: statistics.median(taken) for name, taken in seconds.items()}
    ratio = statistics.median(ours / empty for ours, empty in zip(rates["page"], rates["empty"], strict=True))
    row = {"bench": bench, "peer": "an empty page of the same server", "ratio": round(ratio, 3)}
    row |= {"cpu_ratio": round(cpu["empty"] / cpu["page"], 3), "cpu_us": round(1e6 * cpu["page"])}
    row |= {name: round(statistics.median(rates[kind])) for name, kind in (("ours", "page"), ("theirs", "empty"))}
    row |= {"unit": "requests a second", "n": ROUNDS * REQUESTS, "pages": len(pages), "largest_bytes": max(sizes)}
    print(json.dumps({**row, "target": TARGET, "reached": ratio >= TARGET}), flush=True)


def _cpu_seconds(server: psutil.Process) -> float:
    """The processor time that the server's processes have taken."""
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


async def _rate(port: int, paths: list[str]) -> tuple[float, int]:
    """Requests a second, and the bytes of the last answer."""
    start = time.perf_counter()
    sizes = await asyncio.gather(*(_talk(port, paths[number::CONNECTIONS]) for number in range(CONNECTIONS)))
    return len(paths) / (time.perf_counter() - start), max(sizes)


async def _talk(port: int, paths: list[str]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    length = 0
    for path in paths:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:12] != b"200":
            raise SystemExit(head.decode(errors="replace"))
        length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
        await reader.readexactly(length)
    writer.close()
    return length


if __name__ == "__main__":
    main()
