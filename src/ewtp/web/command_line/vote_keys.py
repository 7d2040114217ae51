"""What trustees, the credential authority and voters of a secret ballot do on computers of their own, from files."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ewtp.core.belenios.election_audit import SecretElection, read_election
from ewtp.core.belenios.election_board import ANSWERS, THRESHOLD, TRUSTEES
from ewtp.core.belenios.public_board import PublicBoard, compact, read_board
from ewtp.core.belenios.schnorr_group import GENERATOR, raise_fixed_base
from ewtp.core.belenios.secret_ballot import credential_exponent, decrypt_share, make_ballot
from ewtp.core.belenios.sentences import BELENIOS_ARCHIVE_UNREADABLE, BELENIOS_TRUSTEE_WRONG
from ewtp.core.belenios.trustee_circle import (
    circle_of,
    draw_secrets,
    finish_key,
    make_certificate,
    make_dealing,
    read_secrets,
)
from ewtp.core.belenios.trustee_keys import UnprovedTrusteeError
from ewtp.core.belenios.zero_knowledge import Ciphertext
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import SECRET_FILE_UNUSABLE

if TYPE_CHECKING:
    from ewtp.core.belenios.trustee_circle import TrusteeSecrets

_PATH = click.Path(path_type=Path)
_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CREDENTIAL_DIGITS, _GROUP_OF_DIGITS = 20, 5
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError)


@click.command("trustee")
@click.argument("key", type=_PATH)
@click.argument("folder", type=_PATH)
@click.option("--number", type=click.IntRange(1, TRUSTEES), required=True, help="Which of the five you are.")
def trustee(key: Path, folder: Path, *, number: int) -> None:
    """Take the next step to a circle of five trustees: KEY stays with you, FOLDER is what you exchange with the others.

    Repeat it when the others' files have arrived.
    """
    try:
        _next_step(key, folder, number)
    except UnprovedTrusteeError as error:
        refuse(Refusal(BELENIOS_TRUSTEE_WRONG, {"trustee": error.number}), as_json=False)
    except _UNREADABLE as error:
        refuse(_unusable(folder, error), as_json=False)


def _next_step(key: Path, folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not key.exists():
        held = draw_secrets(THRESHOLD, secrets.randbelow)
        _keep(key, held.as_json())
    held = read_secrets(_read(key))
    steps = [_files(folder, step) for step in ("certificate", "dealing", "key")]
    for step, files in zip(("certificate", "dealing", "key"), steps, strict=True):
        own = files[number - 1]
        if not own.exists():
            own.write_bytes(compact(_make_step(step, key, held, number, steps)))
            say(f"Wrote {own}.")
        if not all(each.exists() for each in files):
            say(f"Now each of the other trustees needs {own.name}; repeat this command when theirs are here.")
            return
    certificates, dealings, keys = ([_read(each) for each in files] for files in steps)
    done = folder / "trustees.json"
    done.write_bytes(compact(circle_of(THRESHOLD, certificates, dealings, keys)))
    say(f"The circle is complete: {done}. Keep {key}, with which you decrypt the tally.")


def _make_step(step: str, key: Path, held: TrusteeSecrets, number: int, steps: list[list[Path]]) -> Any:
    """What a trustee publishes in a step, from what all published before."""
    if step == "certificate":
        return make_certificate(held, secrets.randbelow)
    certificates = [_read(each) for each in steps[0]]
    if step == "dealing":
        return make_dealing(held, certificates, secrets.randbelow)
    dealings = [_read(each) for each in steps[1]]
    private, published = finish_key(held, number, certificates, dealings, secrets.randbelow)
    _keep(key, {**held.as_json(), "decrypting": str(private)})
    return published


@click.command("credentials")
@click.argument("election", type=_PATH)
@click.argument("folder", type=_PATH)
def credentials(election: Path, folder: Path) -> None:
    """Make the credentials of an election, as its authority: ELECTION is the answer of the API's `election`.

    Writes `credentials.json`, of which each owner group gets its own line and nobody else, and `public.json` for the
    site.
    """
    try:
        facts = _read(election)
        folder.mkdir(parents=True, exist_ok=True)
        made = {group: _draw_credential() for group in facts["missing"]}
        keys = {
            group: str(raise_fixed_base(GENERATOR, credential_exponent(each, facts["uuid"])))
            for group, each in made.items()
        }
        _keep(folder / "credentials.json", made)
        (folder / "public.json").write_bytes(compact({"credentials": keys}))
    except _UNREADABLE as error:
        refuse(_unusable(election, error), as_json=False)
    say(f"{len(made)} credentials in {folder / 'credentials.json'}; send public.json to the site.")


@click.command("ballot")
@click.argument("election", type=_PATH)
@click.argument("choice", type=click.Choice(ANSWERS))
@click.option("--credential", type=_PATH, required=True, help="A file with the credential that the authority gave.")
def ballot(election: Path, choice: str, *, credential: Path) -> None:
    """Encrypt a ballot on this computer, and print it for the site; ELECTION is the answer of the API's `election`."""
    try:
        read = read_election(compact(_read(election)["election"]))
        secret = credential.read_text(encoding="utf-8").strip()
    except _UNREADABLE as error:
        refuse(_unusable(election, error), as_json=False)
    if isinstance(read, Refusal):
        refuse(read, as_json=False)
    answer = [int(each == choice) for each in ANSWERS]
    made = make_ballot(read, credential_exponent(secret, read.uuid), [answer], secrets.randbelow)
    say_json({"ballot": made.decode()})


@click.command("decrypt")
@click.argument("file", type=_PATH)
@click.argument("key", type=_PATH)
def decrypt(file: Path, key: Path) -> None:
    """Decrypt your part of the tally in FILE, an archive that is closed, with KEY of `ewtp vote trustee`."""
    try:
        board = read_board(file.read_bytes())
        private = int(_read(key)["decrypting"])
    except _UNREADABLE as error:
        refuse(_unusable(key, error), as_json=False)
    found = board if isinstance(board, Refusal) else _tally_of(board)
    if isinstance(found, Refusal):
        refuse(found, as_json=False)
    say_json(decrypt_share(found[0], found[1], private, secrets.randbelow))


def _tally_of(board: PublicBoard) -> tuple[SecretElection, list[list[Ciphertext]]] | Refusal:
    """The election of an archive, and its encrypted tally."""
    try:
        read = read_election(board.file(json.loads(board.payloads("Setup")[0])["election"]))
        rows = json.loads(board.file(json.loads(board.payloads("EncryptedTally")[0])["encrypted_tally"]))
        tally = [[Ciphertext(int(each["alpha"]), int(each["beta"])) for each in row] for row in rows]
    except _UNREADABLE:
        return Refusal(BELENIOS_ARCHIVE_UNREADABLE)
    return read if isinstance(read, Refusal) else (read, tally)


def _files(folder: Path, step: str) -> list[Path]:
    return [folder / f"{step}-{number}.json" for number in range(1, TRUSTEES + 1)]


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _keep(path: Path, content: Any) -> None:
    """Write what nobody else may read."""
    path.touch(mode=0o600)
    path.write_bytes(compact(content))


def _draw_credential() -> str:
    digits = "".join(secrets.choice(_DIGITS) for _ in range(_CREDENTIAL_DIGITS))
    return "-".join(digits[at : at + _GROUP_OF_DIGITS] for at in range(0, _CREDENTIAL_DIGITS, _GROUP_OF_DIGITS))


def _unusable(path: Path, error: Exception) -> Refusal:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "its content"
    return Refusal(SECRET_FILE_UNUSABLE, {"path": path, "reason": reason})
