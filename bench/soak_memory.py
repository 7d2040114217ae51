"""Memory and pages of a serving installation under hostile questions: one JSON line of figures.

``python -m bench.soak_memory SECONDS``, with ``EWTP_HOME`` of an installation that has the seed, and enough memory.
Clients ask about a thousand random codes at a time and fetch the PDF of each answer, others open pages meanwhile.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from threading import Event, Thread

import psutil

from bench.seed_questions import QUANTITIES, read_seed

_PORT, _CLIENTS, _LINES = 18_931, 8, 1_000
_MEGABYTE = 1_000_000
_EWTP = (sys.executable, "-c", "from ewtp.web.command_line.main import main; main()")


def main() -> None:
    """Start a server, load it for the seconds given, print the figures, stop it."""
    seconds = float(sys.argv[1])
    codes = sorted({line.code for line in read_seed().lines if line.territory == "GB" and len(line.code) == 10})
    server = subprocess.Popen([*_EWTP, "serve", "--port", str(_PORT), "--no-compile"], stdout=subprocess.DEVNULL)
    try:
        while _get("/readyz")[0] != 200:
            time.sleep(0.5)
        print(json.dumps(_load(server.pid, codes, seconds)))
    finally:
        server.terminate()
        server.wait(30)


def _load(server: int, codes: list[str], seconds: float) -> dict[str, object]:
    """Statuses by kind of request, megabytes of the processes that answer, and the slowest page in seconds."""
    stopped, seen, pages = Event(), Counter[str](), list[float]()
    threads = [Thread(target=_ask, args=(codes, seed, stopped, seen)) for seed in range(_CLIENTS)]
    threads.append(Thread(target=_open_pages, args=(stopped, pages, seen)))
    for thread in threads:
        thread.start()
    memory = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(5)
        memory.append(_megabytes(server))
    stopped.set()
    for thread in threads:
        thread.join()
    slowest = round(max(pages), 2)
    return {"bench": "soak_memory", "seconds": seconds, "seen": seen, "megabytes": memory, "slowest_page_s": slowest}


def _megabytes(server: int) -> int:
    """The memory of the server with every process that it started."""
    family = [psutil.Process(server), *psutil.Process(server).children(recursive=True)]
    return sum(int(each.memory_info().rss) for each in family if "postgres" not in each.name()) // _MEGABYTE


def _ask(codes: list[str], seed: int, stopped: Event, seen: Counter[str]) -> None:
    chosen = random.Random(seed)
    while not stopped.is_set():
        given = {"value": {"amount": "100.00", "currency": "GBP"}, "quantities": {**QUANTITIES, "percent_vol": "12"}}
        lines = [{"hs": code, **given} for code in chosen.sample(codes, _LINES)]
        body = json.dumps({"from": "ZA", "to": "GB", "date": "2026-06-30", "lines": lines}).encode()
        status, answer = _get("/api/v1/assessments", body)
        seen[f"question {status}"] += 1
        if status == 201:
            status, _ = _get(f"/answers/{json.loads(answer)['id']}.pdf")
            seen[f"pdf {status}"] += 1


def _open_pages(stopped: Event, pages: list[float], seen: Counter[str]) -> None:
    while not stopped.wait(0.2):
        begun = time.monotonic()
        status, _ = _get("/")
        seen[f"page {status}"] += 1
        pages.append(time.monotonic() - begun)


def _get(path: str, body: bytes | None = None) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{_PORT}{path}", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310 - this computer's own address
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""
    except OSError:
        return 0, b""


if __name__ == "__main__":
    os.environ.setdefault("EWTP_LOG_LEVEL", "ERROR")
    main()
