"""``ewtp log witness``: cosign checkpoints as a witness, and have the log of this installation cosigned."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ewtp.core.log.note import MOST_NOTE_BYTES, is_key_name, read_key
from ewtp.core.log.proofs import prove_consistency
from ewtp.core.log.witness import WitnessRequest, judge_request, read_witness_request
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.witness_folder import WitnessFolder
from ewtp.web.command_line.log_installation import (
    file_unreadable,
    import_installed,
    prepare_log,
    read_witness,
    sequence_log,
)
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import FOLDER_UNUSABLE, WITNESS_NAME_UNUSABLE

if TYPE_CHECKING:
    from ewtp.core.log.checkpoint import Checkpoint
    from ewtp.core.log.cosignature import WitnessSigner
    from ewtp.core.log.note import NoteKey, SignedNote

_MOST_SIZE = 2**63 - 1
_STANDARD_INPUT = Path("-")
_FOLDER = click.option(
    "--folder", "path", type=click.Path(path_type=Path), required=True, help="Where the witness keeps what it knows."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def witness() -> None:
    """Cosign checkpoints of a log as its witness, or ask for that and keep what a witness signed."""


@witness.command()
@_FOLDER
@click.option("--name", help="The name of a witness that is made, such as witness.example/w1.")
@_JSON
def key(*, path: Path, name: str | None, as_json: bool) -> None:
    """Print the public key of a witness; with --name it is made, unless there is one."""
    folder = WitnessFolder(path)
    if name is not None:
        if not is_key_name(name):
            refuse(Refusal(WITNESS_NAME_UNUSABLE, {"name": name}), as_json=as_json)
        try:
            folder.make_key(name)
        except OSError as error:
            refuse(_unwritable(path, error), as_json=as_json)
    public = _signer(folder, as_json=as_json).public
    if as_json:
        say_json({"key": public.text})
    else:
        say(public.text)


@witness.command()
@click.argument("request", metavar="REQUEST", type=click.Path(path_type=Path, allow_dash=True))
@_FOLDER
@click.option("--key", "keys", multiple=True, required=True, help="A public key of the log, name+id+key; repeat.")
@_JSON
def sign(*, request: Path, path: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Cosign the checkpoint of a REQUEST, if the log only grew since the last one; no installation is needed."""
    folder = WitnessFolder(path)
    known = [_log_key(text, as_json=as_json) for text in keys]
    asked = read_witness_request(_read(request, as_json=as_json))
    if isinstance(asked, Refusal):
        refuse(asked, as_json=as_json)
    signer = _signer(folder, as_json=as_json)
    try:
        with folder.lock_folder():
            judged = _judge(folder, asked, known)
            if isinstance(judged, Refusal):
                refuse(judged, as_json=as_json)
            checkpoint, note = judged
            # What is not kept before it is signed could be contradicted after a power cut.
            folder.keep(checkpoint.origin, asked.note)
    except OSError as error:
        refuse(_unwritable(path, error), as_json=as_json)
    line = signer.cosign(note.text, time=int(time.time()))
    if as_json:
        say_json({"size": checkpoint.size, "cosignature": line, "note": asked.note + line})
    else:
        click.echo(asked.note + line, nl=False)


@witness.command()
@click.option("--old", type=click.IntRange(0, _MOST_SIZE), default=0, help="The size that the witness saw last.")
@_JSON
def request(*, old: int, as_json: bool) -> None:
    """Print what a witness needs to cosign the newest checkpoint of this installation."""
    sequence_log(as_json=as_json)
    tree = import_installed("ewtp.apps.log.reading.log_tree")
    sentences = import_installed("ewtp.apps.log.reading.sentences")
    head = tree.log_head()
    if head is None:
        refuse(Refusal(sentences.LOG_EMPTY), as_json=as_json)
    if old > head.size:
        refuse(Refusal(sentences.LOG_SIZE_UNKNOWN, {"size": old, "most": head.size}), as_json=as_json)
    try:
        proof = prove_consistency(old, head.size, tree.StoredTree().node) if old else ()
    except import_installed("ewtp.apps.log.reading.damage").LogDamagedError:
        refuse(Refusal(sentences.LOG_DAMAGED), as_json=as_json)
    text = WitnessRequest(old, proof, head.note).text
    if as_json:
        say_json({"old": old, "size": head.size, "request": text})
    else:
        click.echo(text, nl=False)


@witness.command("import")
@click.argument("note", metavar="NOTE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--key", "key_text", required=True, help="The public key of the witness, name+id+key.")
@_JSON
def import_note(*, note: Path, key_text: str, as_json: bool) -> None:
    """Keep what a witness signed in NOTE below a checkpoint of this installation."""
    witness_key = read_witness(key_text, as_json=as_json)
    text = _read(note, as_json=as_json)
    prepare_log(as_json=as_json)
    now = import_installed("django.utils.timezone").now()
    size = import_installed("ewtp.apps.log.actions.cosignatures").cosignature_add(
        note=text, witness=witness_key, now=now
    )
    if isinstance(size, Refusal):
        refuse(size, as_json=as_json)
    if as_json:
        say_json({"size": size, "witness": witness_key.text})
    else:
        say(f"{witness_key.name} cosigned the checkpoint of {size} entries.")


def _judge(
    folder: WitnessFolder, asked: WitnessRequest, keys: list[NoteKey]
) -> tuple[Checkpoint, SignedNote] | Refusal:
    # What was seen is kept by the name of the log, which the first line of the checkpoint states.
    seen = folder.seen(asked.note.partition("\n")[0])
    return seen if isinstance(seen, Refusal) else judge_request(asked, keys=keys, seen=seen)


def _signer(folder: WitnessFolder, *, as_json: bool) -> WitnessSigner:
    signer = folder.signer()
    if isinstance(signer, Refusal):
        refuse(signer, as_json=as_json)
    return signer


def _log_key(text: str, *, as_json: bool) -> NoteKey:
    found = read_key(text)
    if isinstance(found, Refusal):
        refuse(found, as_json=as_json)
    return found


def _read(path: Path, *, as_json: bool) -> str:
    """A note or a request, which is at most a note and a proof long; what is longer is cut, and refused as such."""
    try:
        if path == _STANDARD_INPUT:
            return sys.stdin.buffer.read(2 * MOST_NOTE_BYTES).decode()
        with path.open("rb") as file:
            return file.read(2 * MOST_NOTE_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        refuse(file_unreadable(path, error), as_json=as_json)


def _unwritable(path: Path, error: OSError) -> Refusal:
    return Refusal(FOLDER_UNUSABLE, {"path": path, "reason": error.strerror or str(error)})
