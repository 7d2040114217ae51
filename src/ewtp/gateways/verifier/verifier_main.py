"""The program that comes inside a bundle and checks it, without this installation or anything but Python 3.11."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import MOST_LINE_BYTES
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.cosignature import read_witness_key
from ewtp.core.log.key_history import is_signed_in
from ewtp.core.log.note import read_key
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.recount.report_text import all_faults, report_lines, verdict
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.visible_text import show_controls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import NoReturn, TypeVar

    T = TypeVar("T")

FAILED, UNREADABLE = 1, 2


def verify_bundle(arguments: Sequence[str]) -> int:
    """Check the bundle that the arguments name, and print what is true of it; returns the exit status."""
    asked = _arguments(arguments)
    key = _read(read_key(asked.key)) if asked.key else None
    kept, note = _read(read_checkpoint(_text(asked.since))) if asked.since else (None, None)
    witnesses = [_read(read_witness_key(each)) for each in asked.witness]
    reader = LogRecount()
    try:
        report = _read(check_bundle(_lines(asked.bundle), key=key, kept=kept, witnesses=witnesses, reader=reader))
    except OSError as error:
        _end(str(error))
    if key and kept and note and is_signed_in(note, kept.size, report.trusted) is None:
        _end("The checkpoint that you kept is not signed by the key that you gave.")
    recount = reader.report(report)
    faults = all_faults(report, recount)
    if asked.json:
        stated = {**report.as_json(), **recount.as_json(), "faults": [each.as_json() for each in faults]}
        _say(json.dumps({**stated, "holds": not faults}, default=str))
        return FAILED if faults else 0
    for line in report_lines(report, recount, trusted=key is not None):
        _say(show_controls(line))
    for fault in faults:
        sys.stderr.write(f"{show_controls(fault.message)} [{fault.code}]\n")
    _say(verdict(report, recount))
    return FAILED if faults else 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check a bundle of a log with nothing but Python.")
    parser.add_argument("bundle", help="the bundle, or - for standard input")
    parser.add_argument("--key", help="the public key that must have signed, name+id+key")
    parser.add_argument("--since", help="a file with the checkpoint that you kept")
    parser.add_argument("--witness", action="append", default=[], help="the key of a witness that must have cosigned")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _lines(path: str) -> Iterator[bytes]:
    with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
        while line := file.readline(MOST_LINE_BYTES + 1):
            yield line


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _end(str(error))


def _read(found: T | Refusal) -> T:
    """What was read; the program ends where it was refused."""
    if isinstance(found, Refusal):
        _end(f"{found.message} [{found.code}]")
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _end(told: str) -> NoReturn:
    sys.stderr.write(f"{told}\n")
    raise SystemExit(UNREADABLE)
