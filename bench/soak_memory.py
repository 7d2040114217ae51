"""Memory of a serving installation under hostile questions that never repeat: one JSON line of figures.

``python -m bench.soak_memory SECONDS``, with ``EWTP_HOME`` of an installation that has the seed. Clients ask about
hundreds of random codes at a time and fetch the PDF, ask small questions about any economy and day, compare markets for
random goods on random days, search for random words and try tokens; another opens pages. Megabytes are those of the
processes that answer, the sum at the end of each minute and the highest of one process.
"""

from __future__ import annotations

import json
import os
import random
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psutil

from bench.seed_questions import CORRIDORS, DAY, QUANTITIES, read_seed

if TYPE_CHECKING:
    from collections.abc import Callable

_PORT, _CLIENTS, _LINES = 18_931, 3, 1_000
_LIMIT_MB = 1_200
_MEGABYTE = 1_000_000
_LOOK_SECONDS = 1.0
_DAYS = 700
_EWTP = (sys.executable, "-c", "from ewtp.web.command_line.main import main; main()")


def main() -> None:
    """Start a server, load it for the seconds given, print the figures, stop it."""
    seconds = float(sys.argv[1])
    codes = sorted({line.code for line in read_seed().lines if line.territory == "GB" and len(line.code) == 10})
    server = subprocess.Popen([*_EWTP, "serve", "--port", str(_PORT)], stdout=subprocess.DEVNULL)
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
    kinds = (_ask_long, _ask_short, _compare, _compare, _search)
    threads = [
        Thread(target=_repeat, args=(kind, codes, f"{kind.__name__} {number}", stopped, seen), daemon=True)
        for kind in kinds
        for number in range(_CLIENTS)
    ]
    threads.append(Thread(target=_open_pages, args=(stopped, pages, seen), daemon=True))
    for thread in threads:
        thread.start()
    minutes, highest, at_once = list[int](), 0, 0
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        time.sleep(_LOOK_SECONDS)
        each = _megabytes(server)
        highest, at_once = max(highest, *each), max(at_once, sum(each))
        if (time.monotonic() - begun) // 60 > len(minutes):
            minutes.append(sum(each))
            print(int(time.monotonic() - begun), each, dict(seen), file=sys.stderr, flush=True)
    stopped.set()
    for thread in threads:
        thread.join(60)
    return {
        "bench": "soak_memory",
        "peer": f"{_LIMIT_MB} MB for each process that answers",
        "ratio": round(_LIMIT_MB / highest, 2),
        "target": 1,
        "ours": highest,
        "theirs": _LIMIT_MB,
        "unit": "MB",
        "seconds": seconds,
        "requests": sum(seen.values()),
        "seen": seen,
        "megabytes_by_minute": minutes,
        "most_at_once": at_once,
        "slowest_page_s": round(max(pages), 2),
    }


def _megabytes(server: int) -> list[int]:
    """The resident memory of each process that answers."""
    found = []
    for child in psutil.Process(server).children():
        try:
            words = child.cmdline()
            if "serve" in words and "--port" in words:
                found.append(int(child.memory_info().rss) // _MEGABYTE)
        except psutil.NoSuchProcess:
            continue
    return found


def _repeat(
    ask: Callable[[list[str], random.Random], list[str]],
    codes: list[str],
    seed: str,
    stopped: Event,
    seen: Counter[str],
) -> None:
    chance = random.Random(seed)
    while not stopped.is_set():
        seen.update(ask(codes, chance))


def _ask_long(codes: list[str], chance: random.Random) -> list[str]:
    """A thousand random codes, and the answer as a PDF."""
    given = {"value": _value(chance, "GBP"), "quantities": {**QUANTITIES, "percent_vol": "12"}}
    lines = [{"hs": code, **given} for code in chance.sample(codes, _LINES)]
    status, answer = _post({"from": "ZA", "to": "GB", "date": _day(chance), "lines": lines})
    if status != 201:
        return [f"long question {status}"]
    # Where a client had too many long questions stored, an answer has no address.
    identity = json.loads(answer).get("id")
    pdf = _get(f"/answers/{identity}.pdf")[0] if identity else "none"
    return [f"long question {status}", f"pdf {pdf}"]


def _ask_short(codes: list[str], chance: random.Random) -> list[str]:
    origin, destination, currency = chance.choice(CORRIDORS)
    given = {"value": _value(chance, currency), "quantities": QUANTITIES}
    lines = [{"hs": chance.choice(codes)[:6], **given}]
    status, _ = _post({"from": origin, "to": destination, "date": _day(chance), "lines": lines})
    return [f"short question {status}"]


def _compare(codes: list[str], chance: random.Random) -> list[str]:
    """The page or the API's answer about any goods on any day."""
    amount = _value(chance, chance.choice(("USD", "EUR", "GBP", "KES")))
    asked = {
        chance.choice(("from", "from", "to")): chance.choice(CORRIDORS)[1],
        "hs": chance.choice(codes)[:6],
        "value": amount["amount"],
        "currency": amount["currency"],
        "date": _day(chance),
    }
    path = chance.choice(("/markets", "/api/v1/markets"))
    pairs = [*asked.items(), *(("quantity", f"{unit}:{chance.randrange(1, 10_000)}") for unit in QUANTITIES)]
    status, _ = _get(f"{path}?{urlencode(pairs)}")
    return [f"{path} {status}"]


def _search(_codes: list[str], chance: random.Random) -> list[str]:
    words = " ".join("".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(3))
    status, _ = _get(f"/api/v1/hs?{urlencode({'q': words})}")
    wrong, _ = _get("/api/v1/rulebook/versions", token="".join(chance.choices(string.ascii_letters, k=40)))
    return [f"search {status}", f"wrong token {wrong}"]


def _value(chance: random.Random, currency: str) -> dict[str, str]:
    return {"amount": f"{chance.randrange(1, 10**9)}.{chance.randrange(100):02d}", "currency": currency}


def _day(chance: random.Random) -> str:
    return (DAY - timedelta(days=chance.randrange(_DAYS))).isoformat()


def _open_pages(stopped: Event, pages: list[float], seen: Counter[str]) -> None:
    while not stopped.wait(0.2):
        begun = time.monotonic()
        status, _ = _get("/")
        seen[f"page {status}"] += 1
        pages.append(time.monotonic() - begun)


def _post(body: dict[str, object]) -> tuple[int, bytes]:
    return _get("/api/v1/assessments", json.dumps(body).encode())


def _get(path: str, body: bytes | None = None, token: str = "") -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
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
