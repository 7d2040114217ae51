"""A bundle as a hub would have written it that signs other entries than those that happened."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

from ewtp.apps.log.reading.log_bundle import bundle_lines
from ewtp.apps.proposals.reading.roll_lines import election_lines, roll_lines
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import hash_bytes
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.verifier.verifier_source import verifier_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from ewtp.core.recount.findings import RecountReport
    from ewtp.core.values.sentence import Statement

    Events = list[dict[str, Any]]


def told_lines(now: datetime) -> list[bytes]:
    """The bundle of everything so far."""
    lines = bundle_lines()
    assert not isinstance(lines, Refusal)
    return [*chain(lines, roll_lines(), election_lines(now))]


def checked(lines: Iterable[bytes]) -> tuple[BundleReport, RecountReport]:
    """What is true of a bundle, and what was recounted."""
    reader = LogRecount()
    report = check_bundle(lines, reader=reader)
    assert isinstance(report, BundleReport), report
    return report, reader.report(report)


def retold(told: Sequence[bytes], tamper: Callable[[Events], object]) -> list[Statement]:
    """The faults where the hub logs what ``tamper`` makes of the events, each with the number that it then has.

    An event for which it puts None is withheld.
    """
    reader, read = LogRecount(), [json.loads(line) for line in told]
    for each in read:
        if "roll" in each:
            reader.take_roll(each["roll"], each["entries"])
        elif "archive" in each:
            reader.take_archive(each["archive"], hash_bytes(each["part"]) or b"")
    events = [each["event"] for each in read if "event" in each]
    tamper(events)
    for index, event in enumerate(events):
        if event is not None:
            reader.take_entry(index, event)
    return list(reader.report(checked(told)[0]).faults)


def retold_with(told: Sequence[bytes], kind: str, path: str, value: object) -> list[Statement]:
    """The faults where the last event of a kind has another value at a path."""
    return retold(told, lambda events: replace(events[find(events, kind)], path, value))


def run_program(lines: Sequence[bytes], folder: Path) -> tuple[int, dict[str, Any]]:
    """What the program inside a bundle says of it, where nothing that is installed can be imported."""
    program, bundle = folder / "verify.py", folder / "a.bundle"
    program.write_text(verifier_source(), encoding="utf-8")
    bundle.write_bytes(b"".join(lines))
    command = [sys.executable, "-I", "-S", str(program), str(bundle), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert done.stdout, done.stderr.decode()[-500:]
    return done.returncode, json.loads(done.stdout)


def find(events: Events, kind: str, number: int = -1) -> int:
    """The index of an event of a kind, the last one if not told otherwise."""
    return [place for place, event in enumerate(events) if event["kind"] == kind][number]


def replace(event: Any, path: str, value: object) -> None:
    """Put another value at a path of an event."""
    *way, last = (int(name) if name.isdigit() else name for name in path.split("."))
    for name in way:
        event = event[name]
    event[last] = value
