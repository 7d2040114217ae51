"""``ewtp log key``: the keys that signed this log, and another one in the place of the last."""

from __future__ import annotations

import click

from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.log_installation import import_installed, prepare_log, sequence_log
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def key() -> None:
    """List the keys that signed this log, or replace the one that does."""


@key.command("list")
@_JSON
def list_keys(*, as_json: bool) -> None:
    """Print every key that signed this log, with the sizes that it signs."""
    sequence_log(as_json=as_json)
    periods = import_installed("ewtp.apps.log.reading.log_keys").log_keys()
    if as_json:
        stated = [
            {"key": each.key.text, "first": each.first, "last": each.last, "handed_on": each.handover is not None}
            for each in periods
        ]
        say_json({"keys": stated})
        return
    for each in periods:
        say(f"{each.first} to {'now' if each.last is None else each.last}   {each.key.text}")


@key.command()
@click.option("--lost", is_flag=True, help="The old key is lost, so that it cannot sign for the new one.")
@_JSON
def rotate(*, lost: bool, as_json: bool) -> None:
    """Replace the key that signs this log; both keys sign the checkpoint of the change."""
    if lost:
        prepare_log(as_json=as_json)
    else:
        sequence_log(as_json=as_json)
    now = import_installed("django.utils.timezone").now()
    new = import_installed("ewtp.apps.log.actions.sequencer").log_key_rotate(actor=shell_actor(), now=now, lost=lost)
    if isinstance(new, Refusal):
        refuse(new, as_json=as_json)
    head = import_installed("ewtp.apps.log.reading.log_tree").log_head()
    if as_json:
        say_json({"key": new.text, "size": head.size, "checkpoint": head.note})
    else:
        say(f"From size {head.size} on the log is signed with {new.text}.")
