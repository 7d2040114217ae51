"""``ewtp log``: the log as a bundle, and proofs of it, which are checked without an installation."""

from __future__ import annotations

import base64
import binascii
from typing import Any, NoReturn

import click

from ewtp.core.log.proofs import check_consistency, check_inclusion
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line import log_bundle, log_key, log_verify, log_witness
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import BASE64_UNREADABLE

_MOST_SIZE = 2**64 - 1
_SHOWN = 60
FAILED = 1


@click.group()
def log() -> None:
    """Export the log, check what it proves, and have it witnessed."""


log.add_command(log_bundle.erase)
log.add_command(log_bundle.export)
log.add_command(log_bundle.head)
log.add_command(log_verify.verifier)
log.add_command(log_verify.verify)
log.add_command(log_key.key)
log.add_command(log_witness.witness)


@log.group()
def check() -> None:
    """Check a proof of RFC 9162, or the stored log; status 0 when it holds, 1 when it does not."""


check.add_command(log_verify.check_stored)


@check.command("inclusion")
@click.option("--index", type=click.IntRange(0, _MOST_SIZE), required=True, help="The number of the entry, from 0.")
@click.option("--size", type=click.IntRange(0, _MOST_SIZE), required=True, help="How many entries the log had.")
@click.option("--leaf-hash", required=True, help="The hash of the entry's leaf, in base64.")
@click.option("--root", required=True, help="The root of the log with that size, in base64.")
@click.option(
    "--proof", "path", multiple=True, help="A hash of the path, in base64, from the leaf up; repeat for more."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inclusion(**given: Any) -> NoReturn:
    """Check that an entry is number INDEX of the log that had SIZE entries and this root."""
    as_json = given["as_json"]
    leaf, root, *proof = _hashes((given["leaf_hash"], given["root"], *given["path"]), as_json=as_json)
    holds = check_inclusion(index=given["index"], size=given["size"], leaf=leaf, root=root, proof=proof)
    _say(holds=holds, as_json=as_json)


@check.command("consistency")
@click.option("--from", "first", type=click.IntRange(0, _MOST_SIZE), required=True, help="The size it had before.")
@click.option("--to", "second", type=click.IntRange(0, _MOST_SIZE), required=True, help="The size it had later.")
@click.option("--from-root", required=True, help="The root that it had before, in base64.")
@click.option("--to-root", required=True, help="The root that it had later, in base64.")
@click.option("--proof", "path", multiple=True, help="A hash of the proof, in base64, in order; repeat for more.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def consistency(**given: Any) -> NoReturn:
    """Check that the log only grew from one size to another; from 0 nothing can be proved."""
    as_json = given["as_json"]
    old, new, *proof = _hashes((given["from_root"], given["to_root"], *given["path"]), as_json=as_json)
    holds = check_consistency(
        first=given["first"], second=given["second"], first_root=old, second_root=new, proof=proof
    )
    _say(holds=holds, as_json=as_json)


def _hashes(texts: tuple[str, ...], *, as_json: bool) -> list[bytes]:
    """The bytes of base64 texts, of whatever length; a text that is not base64 ends the command."""
    found = []
    for text in texts:
        try:
            found.append(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            refuse(Refusal(BASE64_UNREADABLE, {"text": text[:_SHOWN]}), as_json=as_json)
    return found


def _say(*, holds: bool, as_json: bool) -> NoReturn:
    if as_json:
        say_json({"holds": holds})
    else:
        say("The proof holds." if holds else "The proof does not hold.")
    raise SystemExit(0 if holds else FAILED)
