"""``ewtp authority``: the key of an economy's authority, and what it signs, offline. Needs no database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from ewtp.core.log.ed25519 import SEED_BYTES
from ewtp.core.log.note import NoteSigner, read_signer
from ewtp.core.proposals.authority_statement import FIRST_LINE, key_name, key_text, sign_statement
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import AUTHORITY_FILE_UNUSABLE

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def authority() -> None:
    """Make the key of an economy's authority, and sign what it states."""


@authority.command("key")
@click.argument("economy")
@click.argument("file", type=_FILE)
@click.option("--replaces", default="", help="The key that it replaces; empty for the first one.")
@_JSON
def make_key(*, economy: str, file: Path, replaces: str, as_json: bool) -> None:
    """Write a new private key to FILE, and print its public part and the signed statement that registers it."""
    try:
        signer = NoteSigner(key_name(economy.upper()), secrets.token_bytes(SEED_BYTES))
        # Whoever reads the file may sign for the economy, so that nobody else may, and no key is overwritten.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
            written.write(f"{signer.text}\n")
    except (OSError, ValueError) as error:
        refuse(_unusable(file, error), as_json=as_json)
    text = key_text(economy=economy.upper(), key=signer.public.text, replaces=replaces)
    _tell({"key": signer.public.text, "signed": sign_statement(text, signer)}, as_json=as_json)


@authority.command("sign")
@click.argument("statement", type=_FILE)
@click.option("--key", "key_file", type=_FILE, required=True, help="The file of the private key.")
@_JSON
def sign(*, statement: Path, key_file: Path, as_json: bool) -> None:
    """Sign the text in the file STATEMENT, which came with a refusal, and print the signed note."""
    try:
        text, signer = statement.read_bytes().decode(), read_signer(key_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        refuse(_unusable(statement, error), as_json=as_json)
    if signer is None or not text.startswith(f"{FIRST_LINE}\n"):
        refuse(_unusable(key_file if signer is None else statement, ValueError("not in the form")), as_json=as_json)
    _tell({"signed": sign_statement(text, signer)}, as_json=as_json)


def _unusable(file: Path, error: Exception) -> Refusal:
    return Refusal(AUTHORITY_FILE_UNUSABLE, {"file": file.name, "reason": getattr(error, "strerror", "") or str(error)})


def _tell(made: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        say_json(made)
        return
    for text in made.values():
        say(text)
