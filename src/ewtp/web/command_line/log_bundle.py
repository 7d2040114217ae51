"""``ewtp log export``, ``head``, ``erase`` and ``verify``: the log, written here and checked anywhere."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ewtp.core.log.bundle import MOST_LINE_BYTES, check_bundle
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.key_history import is_signed_in
from ewtp.core.log.note import read_key
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.log_installation import (
    file_unreadable,
    installed,
    prepare_log,
    read_witness,
    sequence_log,
)
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import CHECKPOINT_UNSIGNED, LOG_FILE_UNWRITABLE
from ewtp.web.command_line.shell_actor import shell_actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.log.bundle import BundleReport
    from ewtp.core.log.checkpoint import Checkpoint
    from ewtp.core.log.note import NoteKey, SignedNote

FAILED = 1
_MOST_SIZE = 2**63 - 1
_STANDARD_INPUT = Path("-")


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--since", type=click.IntRange(0, _MOST_SIZE), default=0, help="Leave out the entries before this size.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export(*, target: Path, since: int, as_json: bool) -> None:
    """Write the log, or what was added since a size, to FILE, which anybody can verify without this installation."""
    sequence_log(as_json=as_json)
    lines = installed("ewtp.apps.log.reading.log_bundle").bundle_lines(since)
    if isinstance(lines, Refusal):
        refuse(lines, as_json=as_json)
    failed = _write(lines, target)
    if failed is not None:
        refuse(failed, as_json=as_json)
    head = installed("ewtp.apps.log.reading.stored_tree").log_head()
    said = {"file": str(target), "bytes": target.stat().st_size, "since": since, "size": head.size, "key": head.key}
    if as_json:
        say_json(said)
    else:
        say(f"The entries {since} to {head.size} of the log are in {target}; its key is {head.key}.")


@click.command()
@click.option("--cosigned", is_flag=True, help="The newest that a witness cosigned.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def head(*, cosigned: bool, as_json: bool) -> None:
    """Print the newest checkpoint, a signed note to keep: a later bundle can be checked against it."""
    sequence_log(as_json=as_json)
    stored = installed("ewtp.apps.log.reading.stored_tree")
    found = stored.cosigned_head() if cosigned else stored.log_head()
    if found is None:
        sentences = installed("ewtp.apps.log.reading.sentences")
        refuse(Refusal(sentences.COSIGNATURE_ABSENT if cosigned else sentences.LOG_EMPTY), as_json=as_json)
    if as_json:
        say_json({"size": found.size, "checkpoint": found.note, "key": found.key})
    else:
        # A note has no control characters but the ends of its lines.
        click.echo(found.note, nl=False)


@click.command()
@click.argument("index", type=click.IntRange(0, _MOST_SIZE))
@click.option("--reason", required=True, help="Why it has to be erased, such as the article of the law.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def erase(*, index: int, reason: str, as_json: bool) -> None:
    """Erase the content of entry INDEX for good; its hash stays, so everything else can still be checked."""
    sequence_log(as_json=as_json)
    actor = shell_actor()
    now = installed("django.utils.timezone").now()
    noted = installed("ewtp.apps.log.actions.events").event_erase(index=index, reason=reason, actor=actor, now=now)
    if isinstance(noted, Refusal):
        refuse(noted, as_json=as_json)
    if as_json:
        say_json({"erased": index, "noted": noted.hex()})
    else:
        say(f"The content of entry {index} is erased; that is noted in the log.")


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--key", "key_text", help="The public key that must have signed, or handed on, name+id+key, or a file with it."
)
@click.option("--since", "kept_path", type=click.Path(path_type=Path), help="A file with the checkpoint that you kept.")
@click.option("--witness", "witnesses", multiple=True, help="The key of a witness that must have cosigned; repeat.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(
    *, bundle: Path, key_text: str | None, kept_path: Path | None, witnesses: tuple[str, ...], as_json: bool
) -> NoReturn:
    """Check a BUNDLE; status 0 when all of it holds, 1 when something does not, 2 when it cannot be read."""
    key = _key(key_text, as_json=as_json) if key_text else None
    kept, note = _kept(kept_path, as_json=as_json) if kept_path else (None, None)
    cosigners = [read_witness(text, as_json=as_json) for text in witnesses]
    try:
        report = check_bundle(_lines(bundle), key=key, kept=kept, witnesses=cosigners)
    except OSError as error:
        refuse(file_unreadable(bundle, error), as_json=as_json)
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    # A checkpoint that the given key did not sign, nor one that it was handed on to, is worth nothing.
    if key and kept and note and is_signed_in(note, kept.size, report.trusted) is None:
        refuse(Refusal(CHECKPOINT_UNSIGNED, {"path": kept_path, "key": key.text}), as_json=as_json)
    if as_json:
        say_json(report.as_json())
    else:
        _print(report, trusted=key is not None)
    raise SystemExit(FAILED if report.faults else 0)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stored(*, as_json: bool) -> NoReturn:
    """Check the log of this installation as it is stored; status 0 when all of it holds, 1 when something does not."""
    prepare_log(as_json=as_json)
    report = installed("ewtp.apps.log.reading.log_bundle").stored_log_report()
    if isinstance(report, Refusal):
        refuse(report, as_json=as_json)
    if as_json:
        say_json(report.as_json())
    else:
        _print(report, trusted=True)
    raise SystemExit(FAILED if report.faults else 0)


def _print(report: BundleReport, *, trusted: bool) -> None:
    header = report.header
    signed = report.key.text if report.key else "no known key"
    note = "" if trusted else "; give --key to hold it to a key that you know"
    say(f"log         {header.origin}, {header.size} entries")
    say(f"signature   {signed}{note}")
    if report.kept is not None:
        say(f"growth      compared with the checkpoint that you kept (size {report.kept.size})")
    for witness, (size, time) in report.witnessed.items():
        at = f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M} UTC"
        say(f"witness     {witness.name} cosigned {size} entries on {at}")
    say(f"entries     {report.entries} of {header.size - header.since} checked, {report.erased} erased")
    if header.since:
        say(f"left out    the {header.since} entries before")
    for fault in report.faults:
        say(f"{fault.message} [{fault.code}]", error=True, fg="red")
    say("It does not hold." if report.faults else "Everything holds.")


def _write(lines: Iterator[bytes], target: Path) -> Refusal | None:
    """Write the lines; the file takes its name when it is whole."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.writelines(lines)
        draft.replace(target)
    except OSError as error:
        return Refusal(LOG_FILE_UNWRITABLE, {"path": target, "reason": error.strerror or str(error)})
    finally:
        draft.unlink(missing_ok=True)
    return None


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, each cut where it is longer than a line of a bundle can be."""
    with sys.stdin.buffer if path == _STANDARD_INPUT else path.open("rb") as file:
        while line := file.readline(MOST_LINE_BYTES + 1):
            yield line


def _key(text: str, *, as_json: bool) -> NoteKey:
    path = Path(text)
    try:
        found = read_key(path.read_text(encoding="utf-8") if path.is_file() else text)
    except (OSError, UnicodeDecodeError) as error:
        refuse(file_unreadable(path, error), as_json=as_json)
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    return found


def _kept(path: Path, *, as_json: bool) -> tuple[Checkpoint, SignedNote]:
    """The checkpoint in a file, with its note."""
    try:
        read = read_checkpoint(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        refuse(file_unreadable(path, error), as_json=as_json)
    if isinstance(read, Refusal):
        refuse(read, as_json=as_json)
    return read
