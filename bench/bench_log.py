"""How fast the log grows and is checked: events written and numbered, entries hashed, a vote verified.

Prints one JSON object for each. ``--ballots 1000000`` has a vote of a million verified.
"""

from __future__ import annotations

import argparse
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

from bench.vote_bundle import write_vote_bundle
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.event import EventKind, EventPayload, event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.recount.report_text import all_faults
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.log_verify import read_bundle_lines
from ewtp.web.garbage_collection import pause_collection

ENTRIES = 200_000
BODY_BYTES = 200
EVENTS = 20_000
# How many events one action writes.
AT_ONCE = 20
HASHING_TURNS = 9
TARGET_EVENTS = 1_000.0
TARGET_HASHING = 1 / 3
BALLOTS, BALLOTS_OF_A_GROUP = 100_000, 10
VERIFYING_TURNS = 3
TARGET_VERIFYING = 1 / 8


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
    # Processor time and the ratio of each turn, since what else runs must not decide.
    for _ in range(HASHING_TURNS):
        start = time.process_time()
        tree = GrowingTree()
        tree.extend(map(event_leaf, salts, bodies))
        ours.append(time.process_time() - start)
        start = time.process_time()
        for entry in whole:
            hashlib.sha256(entry).digest()
        theirs.append(time.process_time() - start)
    ratio = statistics.median(other / mine for mine, other in zip(ours, theirs, strict=True))
    row = {"bench": "log_hashing", "peer": "bare SHA-256 of the same bytes", "unit": "s", "n": ENTRIES}
    _say(row, ours=statistics.median(ours), theirs=statistics.median(theirs), ratio=ratio, target=TARGET_HASHING)


def _verifying(folder: Path, ballots: int) -> None:
    """A bundle with a vote of many ballots verified and recounted, against the hashes of its lines alone."""
    bundle = folder / "vote.bundle"
    write_vote_bundle(bundle, ballots=ballots, groups=ballots // BALLOTS_OF_A_GROUP)
    ours, theirs = [], []
    # Processor time, since what else runs must not decide.
    for _ in range(VERIFYING_TURNS):
        start = time.process_time()
        with bundle.open("rb") as lines:
            for line in lines:
                hashlib.sha256(line).digest()
        theirs.append(time.process_time() - start)
        start = time.process_time()
        with pause_collection():
            reader = LogRecount()
            report = check_bundle(read_bundle_lines(bundle), reader=reader)
            if isinstance(report, Refusal):
                sys.exit(report.message)
            recount = reader.report(report)
        ours.append(time.process_time() - start)
        if all_faults(report, recount) or recount.votes[0].stage != "passed":
            sys.exit("the bundle does not hold")
        del reader, report, recount
    mine, other = min(ours), min(theirs)
    row = {"bench": "log_verify_vote", "peer": "bare SHA-256 of the same lines", "unit": "s", "n": ballots}
    row["groups"] = ballots // BALLOTS_OF_A_GROUP
    _say(row, ours=mine, theirs=other, ratio=other / mine, target=TARGET_VERIFYING)


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=BALLOTS, help="ballots of the vote that is verified")
    parser.add_argument("--verify-only", action="store_true", help="measure nothing but the verified vote")
    asked = parser.parse_args()
    if not asked.verify_only:
        _hashing()
    with tempfile.TemporaryDirectory(prefix="ewtp-bench-") as folder:
        _verifying(Path(folder), asked.ballots)
    if not asked.verify_only:
        _sequencing()


if __name__ == "__main__":
    main()
