"""How fast messages are enqueued and delivered, by one worker on a server of its own.

Prints one JSON object for each. The handler does nothing, so that what is measured is the outbox alone.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime

from bench.own_database import own_database

MESSAGES = 5_000
TURNS = 5
TARGET_A_SECOND = 2_000.0
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def main() -> None:
    """Measure on a database made for this, and remove it."""
    with own_database():
        _measure()


def _measure() -> None:

    from ewtp.apps.jobs.actions.handlers import Handler  # noqa: PLC0415 - the settings come first
    from ewtp.apps.jobs.actions.outbox import messages_enqueue, outbox_drain  # noqa: PLC0415 - the settings come first

    handler = Handler(lambda *_: None)
    chance = random.Random(1).random
    enqueued, delivered = [], []
    for _ in range(TURNS):
        start = time.perf_counter()
        messages_enqueue(topic="bench", payloads=({"number": number} for number in range(MESSAGES)), now=NOW)
        enqueued.append(MESSAGES / (time.perf_counter() - start))
        start = time.perf_counter()
        done = 0
        while claimed := outbox_drain(topic="bench", handler=handler, now=NOW, chance=chance).claimed:
            done += claimed
        assert done == MESSAGES
        delivered.append(MESSAGES / (time.perf_counter() - start))
    _print("outbox_enqueue", enqueued, None)
    _print("outbox_drain", delivered, TARGET_A_SECOND)


def _print(bench: str, rates: list[float], target: float | None) -> None:
    ours = statistics.median(rates)
    row = {"bench": bench, "ours": round(ours), "unit": "messages a second, one worker, batches of 50, durable"}
    if target is not None:
        row |= {"peer": "a fixed target", "target": target, "ratio": round(ours / target, 3)}
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
