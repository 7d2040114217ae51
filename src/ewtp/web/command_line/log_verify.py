"""``ewtp log verify``, ``verifier`` and ``check stored``: what a bundle, or the stored log, holds and contradicts."""

from __future__ import annotations

import sys
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import MOST_LINE_BYTES
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.key_history import is_signed_in
from ewtp.core.log.note import read_key
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.recount.report_text import all_faults, report_lines, verdict
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.verifier.verifier_source import verifier_source
from ewtp.web.command_line.log_installation import file_unreadable, import_installed, prepare_log, read_witness
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import CHECKPOINT_UNSIGNED
from ewtp.web.garbage_collection import pause_collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.log.checkpoint import Checkpoint
    from ewtp.core.log.note import NoteKey, SignedNote

FAILED = 1
_STANDARD_INPUT = Path("-")
_BUFFER_BYTES = 1 << 20


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--key", "key_text", help="The public key that must have signed, or handed on, name+id+key, or a file with it."
)
@click.option("--since", "kept_path", type=click.Path(path_type=Path), help="A file with the checkpoint that you kept.")
@click.option("--witness", "witnesses", multiple=True, help="The key of a witness that must have cosigned; repeat.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pause_collection()
def verify(
    *, bundle: Path, key_text: str | None, kept_path: Path | None, witnesses: tuple[str, ...], as_json: bool
) -> NoReturn:
    """Check a BUNDLE; status 0 when all of it holds, 1 when something does not, 2 when it cannot be read."""
    key = _key(key_text, as_json=as_json) if key_text else None
    kept, note = _read_kept(kept_path, as_json=as_json) if kept_path else (None, None)
    cosigners = [read_witness(text, as_json=as_json) for text in witnesses]
    recount = LogRecount()
    try:
        report = check_bundle(read_bundle_lines(bundle), key=key, kept=kept, witnesses=cosigners, reader=recount)
    except OSError as error:
        refuse(file_unreadable(bundle, error), as_json=as_json)
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    # A checkpoint that the given key did not sign, nor one that it was handed on to, is worth nothing.
    if key and kept and note and is_signed_in(note, kept.size, report.trusted) is None:
        refuse(Refusal(CHECKPOINT_UNSIGNED, {"path": kept_path, "key": key.text}), as_json=as_json)
    _end(report, recount, trusted=key is not None, as_json=as_json)


@click.command("stored")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check_stored(*, as_json: bool) -> NoReturn:
    """Check the log of this installation as it is stored; status 0 when all of it holds, 1 when something does not."""
    prepare_log(as_json=as_json)
    recount = LogRecount()
    beside = _votes_beside(0)
    report = import_installed("ewtp.apps.log.reading.log_bundle").read_log_report(beside=beside, reader=recount)
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    _end(report, recount, trusted=True, as_json=as_json)


@click.command()
def verifier() -> None:
    """Print the program that comes inside bundles and checks them with nothing but Python, to compare it."""
    click.echo(verifier_source(), nl=False)


def bundle_beside(since: int) -> Iterator[bytes]:
    """What a bundle has besides the log, behind its last checkpoint: what votes need, and the program that checks."""
    return chain(
        _votes_beside(since), [import_installed("ewtp.core.log.bundle_format").verifier_line(verifier_source())]
    )


def _votes_beside(since: int) -> Iterator[bytes]:
    """The rolls of votes, and the archives of secret ballots that are over."""
    kept, now = (
        import_installed("ewtp.apps.proposals.reading.roll_lines"),
        import_installed("django.utils.timezone").now(),
    )
    return chain(kept.roll_lines(since), kept.election_lines(now, since))


def _end(report: BundleReport, reader: LogRecount, *, trusted: bool, as_json: bool) -> NoReturn:
    """Print what is true of a log; the status is 0 where everything holds."""
    recount = reader.report(report)
    faults = all_faults(report, recount)
    if as_json:
        stated = {**report.as_json(), **recount.as_json()}
        say_json({**stated, "holds": not faults, "faults": [each.as_json() for each in faults]})
    else:
        for line in report_lines(report, recount, trusted=trusted):
            say(line)
        for fault in faults:
            say(f"{fault.message} [{fault.code}]", error=True, fg="red")
        say(verdict(report, recount))
    raise SystemExit(FAILED if faults else 0)


def read_bundle_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, each cut where it is longer than a line of a bundle can be."""
    with sys.stdin.buffer if path == _STANDARD_INPUT else path.open("rb", buffering=_BUFFER_BYTES) as file:
        yield from iter(partial(file.readline, MOST_LINE_BYTES + 1), b"")


def _key(text: str, *, as_json: bool) -> NoteKey:
    path = Path(text)
    try:
        found = read_key(path.read_text(encoding="utf-8") if path.is_file() else text)
    except (OSError, UnicodeDecodeError) as error:
        refuse(file_unreadable(path, error), as_json=as_json)
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    return found


def _read_kept(path: Path, *, as_json: bool) -> tuple[Checkpoint, SignedNote]:
    """The checkpoint in a file, with its note."""
    try:
        read = read_checkpoint(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        refuse(file_unreadable(path, error), as_json=as_json)
    if isinstance(read, Refusal):
        refuse(read, as_json=as_json)
    return read
