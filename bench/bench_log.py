"""How fast the log grows: events that are written and numbered, and the hashing of entries against bare SHA-256.

Prints one JSON object for each.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from ewtp.core.log.event import EventKind, EventPayload, event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.values.actor import system_actor

ENTRIES = 200_000
BODY_BYTES = 200
EVENTS = 20_000
# How many events one action writes.
AT_ONCE = 20
TURNS = 5
TARGET_EVENTS = 1_000.0
TARGET_HASHING = 1 / 3


class BenchEvent(EventKind):
    """What happens in a benchmark."""

    COUNTED = "bench:thing:counted"


@dataclass(frozen=True, slots=True)
class ThingCounted(EventPayload):
    """A thing was counted."""

    kind: ClassVar = BenchEvent.COUNTED
    number: int
    filling: str


def _hashing() -> None:
    """Entries hashed and added to the tree, against the hashes of the same bytes alone."""
    salts = [number.to_bytes(32) for number in range(ENTRIES)]
    bodies = [(b"%d" % number).ljust(BODY_BYTES, b".") for number in range(ENTRIES)]
    whole = [salt + body for salt, body in zip(salts, bodies, strict=True)]
    ours, theirs = [], []
    for _ in range(TURNS):
        start = time.perf_counter()
        tree = GrowingTree()
        tree.extend(map(event_leaf, salts, bodies))
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        for entry in whole:
            hashlib.sha256(entry).digest()
        theirs.append(time.perf_counter() - start)
    mine, other = statistics.median(ours), statistics.median(theirs)
    row = {"bench": "log_hashing", "peer": "bare SHA-256 of the same bytes", "unit": "s", "n": ENTRIES}
    _say(row, ours=mine, theirs=other, ratio=other / mine, target=TARGET_HASHING)


def _sequencing() -> None:
    """Events written by actions, and then numbered and signed by the sequencer; the rate is that of the sequencer."""
    home = Path(tempfile.mkdtemp(prefix="ewtp-bench-"))
    os.environ |= {"EWTP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 - the settings read the environment that is set above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - see above
    from django.db import transaction  # noqa: PLC0415 - see above

    from ewtp.apps.log.actions.events import event_append  # noqa: PLC0415 - see above
    from ewtp.apps.log.actions.sequencer import sequence_events  # noqa: PLC0415 - see above
    from ewtp.core.values.refusal import Refusal  # noqa: PLC0415 - see above
    from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - see above

    try:
        call_command("migrate", verbosity=0)
        now = datetime.now(UTC)
        start = time.perf_counter()
        for first in range(0, EVENTS, AT_ONCE):
            with transaction.atomic():
                for number in range(first, first + AT_ONCE):
                    facts = ThingCounted(number, "." * BODY_BYTES)
                    event_append(subject=str(number), actor=system_actor("bench"), payload=facts, now=now)
        written = EVENTS / (time.perf_counter() - start)
        start = time.perf_counter()
        numbered = sequence_events(now=now)
        seconds = time.perf_counter() - start
        if isinstance(numbered, Refusal):
            sys.exit(numbered.message)
        rate = numbered / seconds
        row = {"bench": "log_sequencer", "peer": "a thousand events a second", "unit": "events/s", "n": numbered}
        row["written_per_second"] = round(written)
        _say(row, ours=rate, theirs=TARGET_EVENTS, ratio=rate / TARGET_EVENTS, target=1)
    finally:
        database_stop(home)
        shutil.rmtree(home, ignore_errors=True)


def _say(row: dict[str, object], *, ours: float, theirs: float, ratio: float, target: float) -> None:
    figures = {"ratio": round(ratio, 3), "ours": round(ours, 3), "theirs": round(theirs, 3), "target": round(target, 3)}
    print(json.dumps({**row, **figures, "reached": ratio >= target}))


def main() -> None:
    """Measure and print."""
    _hashing()
    _sequencing()


if __name__ == "__main__":
    main()
