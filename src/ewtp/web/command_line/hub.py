"""``ewtp hub``: what this hub gives others, and what others showed it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.hubs.hub_address import MOST_BUNDLE_BYTES
from ewtp.web.command_line.log_bundle import write_lines
from ewtp.web.command_line.log_installation import file_unreadable, import_installed, prepare_log, sequence_log
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor

if TYPE_CHECKING:
    from typing import NoReturn

    from ewtp.apps.hubs.actions.hub_imports import HubImport

FAILED = 1
_MOST_SIZE = 2**63 - 1
_STANDARD_INPUT = Path("-")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_KEY = click.option("--key", default="", help="The public key of the hub, name+id+key, where it is not followed yet.")


@click.group()
def hub() -> None:
    """Give the log to other hubs, and follow theirs."""


@hub.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--since", type=click.IntRange(0, _MOST_SIZE), default=0, help="Leave out the entries before this size.")
@_JSON
def export(*, target: Path, since: int, as_json: bool) -> None:
    """Write a bundle for other hubs to FILE: what everybody may read of the log, rolls, and reports of replays."""
    sequence_log(as_json=as_json)
    now = import_installed("django.utils.timezone").now()
    lines = import_installed("ewtp.apps.hubs.reading.own_bundle").own_bundle(since, now)
    failed = lines if isinstance(lines, Refusal) else write_lines(lines, target)
    if failed is not None:
        refuse(failed, as_json=as_json)
    head = import_installed("ewtp.apps.log.reading.log_tree").log_head()
    said = {"file": str(target), "bytes": target.stat().st_size, "since": since, "size": head.size, "key": head.key}
    if as_json:
        say_json(said)
    else:
        say(f"The entries {since} to {head.size} are in {target}; the key of this hub is {head.key}.")


@hub.command("import")
@click.argument("bundle", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@_KEY
@_JSON
def import_bundle(*, bundle: Path, key: str, as_json: bool) -> None:
    """Take in the bundle of another hub; status 1 where it shows another history than before, the proof of a fork."""
    prepare_log(as_json=as_json)
    try:
        with sys.stdin.buffer if bundle == _STANDARD_INPUT else bundle.open("rb") as file:
            content = file.read(MOST_BUNDLE_BYTES + 1)
    except OSError as error:
        refuse(file_unreadable(bundle, error), as_json=as_json)
    now, polls = import_installed("django.utils.timezone").now(), import_installed("ewtp.apps.hubs.actions.hub_polls")
    _end(polls.bundle_take_in(content=content, key=key, actor=shell_actor(), now=now), as_json=as_json)


@hub.command()
@click.argument("address")
@_KEY
@click.option("--since", type=click.IntRange(0, _MOST_SIZE), help="Another size than the one that was taken in last.")
@_JSON
def fetch(*, address: str, key: str, since: int | None, as_json: bool) -> None:
    """Take in what the hub at ADDRESS, such as https://hub.example, has added, over HTTP, and remember the address."""
    prepare_log(as_json=as_json)
    now, polls = import_installed("django.utils.timezone").now(), import_installed("ewtp.apps.hubs.actions.hub_polls")
    _end(polls.hub_fetch(address=address, key=key, actor=shell_actor(), now=now, since=since), as_json=as_json)


@hub.command()
@_JSON
def status(*, as_json: bool) -> None:
    """List the hubs that are followed; status 1 where one showed two histories."""
    prepare_log(as_json=as_json)
    found = import_installed("ewtp.apps.hubs.reading.hub_list").hubs_followed()
    if as_json:
        say_json({"items": [each.as_json() for each in found]})
    elif not found:
        say("No other hub is followed.")
    for each in found if not as_json else ():
        say(f"{each.origin}  {each.size:,} entries, taken in on {each.at:%Y-%m-%d}")
        for fault in each.faults:
            say(f"  {fault['message']}", fg="red")
        if each.more_faults:
            say(f"  {each.more_faults:,} more contradictions are not kept here.", fg="red")
        for one in each.breaks:
            say(f"  No earlier key handed the log to {one['key']}, trusted after {one['size']:,} entries.", fg="yellow")
        if each.problem:
            say(f"  {each.address} gave nothing: {each.problem['message']}", fg="red")
        if each.forks:
            say("  It showed two histories; the proof is on its page.", fg="red")
    sys.exit(FAILED if any(each.forks for each in found) else 0)


@hub.command()
@click.argument("name")
@click.argument("new_key", metavar="KEY")
@click.option("--reason", required=True, help="How you know that the key is the hub's; it is shown in public.")
@_JSON
def trust(*, name: str, new_key: str, reason: str, as_json: bool) -> None:
    """Trust KEY, name+id+key, for the hub NAME, which lost the key that it is followed by."""
    prepare_log(as_json=as_json)
    now, keys = import_installed("django.utils.timezone").now(), import_installed("ewtp.apps.hubs.actions.hub_keys")
    done = keys.hub_key_trust(origin=name, key=new_key, reason=reason, actor=shell_actor(), now=now)
    if isinstance(done, Refusal):
        refuse(done, as_json=as_json)
    if as_json:
        say_json({field: getattr(done, field) for field in ("origin", "key", "replaces", "size", "reason")})
    else:
        say(f"{done.origin} is followed by that key from its entry {done.size:,} on. Its page says so.")


def _end(done: HubImport | Refusal, *, as_json: bool) -> NoReturn:
    """Say what came of a bundle; status 1 where it shows a fork."""
    if isinstance(done, Refusal):
        refuse(done, as_json=as_json)
    if as_json:
        say_json(done.as_json())
    else:
        _tell(done)
    sys.exit(FAILED if done.fork else 0)


def _tell(done: HubImport) -> None:
    if done.fork is not None:
        said = f"{done.origin} shows another history of its first {done.fork.size:,} entries than before."
        say(f"{said} Nothing was taken in; the proof is kept.", error=True, fg="red")
        return
    say(f"{done.origin}: {done.entries:,} new entries, {done.reports:,} new reports; {done.size:,} entries in all.")
    for fault in done.faults:
        say(fault.message, error=True, fg="red")
