"""How fast messages are enqueued and delivered, by one worker on a server of its own.

Prints one JSON object for each. The handler does nothing, so that what is measured is the outbox alone.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

MESSAGES = 5_000
TURNS = 5
TARGET_A_SECOND = 2_000.0
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def main() -> None:
    """Measure on a database made for this, and remove it."""
    home = Path(tempfile.mkdtemp(prefix="ewtp-bench-"))
    os.environ |= {"EWTP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ewtp.web.command_settings"}
    os.environ.pop("DATABASE_URL", None)
    try:
        _measure()
    finally:
        _stop(home)
        shutil.rmtree(home)


def _measure() -> None:
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - the settings come first

    from ewtp.apps.jobs.actions.handlers import Handler  # noqa: PLC0415 - the settings come first
    from ewtp.apps.jobs.actions.outbox import messages_enqueue, outbox_drain  # noqa: PLC0415 - the settings come first

    call_command("migrate", interactive=False, verbosity=0)
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


def _stop(home: Path) -> None:
    from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - the environment comes first

    database_stop(home)


if __name__ == "__main__":
    main()
